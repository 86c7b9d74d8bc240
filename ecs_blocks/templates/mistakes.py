"""What went wrong in a script, in words that say what to do."""

from __future__ import annotations

import sys
import traceback
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from ecs_blocks.environment.declare import Environment, fields_of
from ecs_blocks.errors import EcsBlocksError, Problem
from ecs_blocks.naming import nearest
from ecs_blocks.values import logical_id

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType, ModuleType, TracebackType

_NAMES_OF_ENVIRONMENTS: Final = {"env", "environment", "environment_name", "name", "stage"}


def problem_of(error: BaseException, path: Path, file: str, note: str = "") -> Problem:
    """An exception of a script as a problem at the script's own line."""
    if isinstance(error, SyntaxError):
        return Problem(file, error.lineno or 0, error.offset or 0, note, f"not Python: {error.msg}")
    line = 0
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == str(path):
            line = frame.lineno or 0
    return Problem(file, line, 1 if line else 0, note, _text(error, path))


def _text(error: BaseException, path: Path) -> str:
    text = " ".join(str(error).split())
    if isinstance(error, EcsBlocksError):
        return text
    from ecs_blocks.templates.arguments import environments_for, wrong_argument  # noqa: PLC0415 - only where something is wrong
    from ecs_blocks.templates.call import wrong_call  # noqa: PLC0415 - as above

    tracebacks = _tracebacks(error.__traceback__)
    own = [n for n, one in enumerate(tracebacks) if one.tb_frame.f_code.co_filename == str(path)]
    inside = tracebacks[own[-1] + 1 :] if own else []
    is_call = isinstance(error, TypeError) and own and not inside
    if is_call and (better := wrong_call(text, tracebacks[-1], path)):
        return better
    env = error.obj if isinstance(error, AttributeError) and inside else None
    if isinstance(env, Environment) and (classes := environments_for(inside[0].tb_frame)):
        return _foreign_environment(env, inside[0].tb_frame, classes)
    if isinstance(error, (AttributeError, TypeError)):
        ours = (one.tb_frame for one in inside if _is_ours(one.tb_frame))
        if wrong := next((found for frame in ours if (found := wrong_argument(frame))), None):
            return wrong
    if isinstance(error, AttributeError) and error.name == "title" and inside:
        return _no_resource(error)
    if isinstance(error, AttributeError) and error.name:
        return _unknown_attribute(error.obj, error.name, text)
    if isinstance(error, NameError) and error.name and own:
        return f"NameError: {text}{_import_of(error.name, tracebacks[-1].tb_frame)}"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _no_resource(error: AttributeError) -> str:
    """A block asked for the logical id of what has none."""
    try:
        return logical_id(error.obj)
    except EcsBlocksError as wrong:
        return str(wrong)


def _tracebacks(one: TracebackType | None) -> list[TracebackType]:
    found = []
    while one is not None:
        found.append(one)
        one = one.tb_next
    return found


def _is_ours(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).startswith("ecs_blocks.")


def _package() -> ModuleType:
    return sys.modules["ecs_blocks"]


def _import_of(name: str, frame: FrameType) -> str:
    """Where a name comes from that nothing gave: most often an import is missing."""
    if name == "eb":
        return "; write at the top: import ecs_blocks as eb"
    if name in _package().__all__:
        return f"; write eb.{name}"
    for package in ("msgspec", "troposphere"):
        if find_spec(f"{package}.{name}"):
            return f"; write at the top: from {package} import {name}"
    return nearest(name, [*frame.f_locals, *frame.f_globals])


def _foreign_environment(env: Environment, frame: FrameType, classes: list[str]) -> str:
    """A block asked an environment for what it does not have: its class is not the block's."""
    return (
        f"{frame.f_code.co_qualname}() takes one of {', '.join(f'eb.{one}' for one in classes)}; "
        f"{type(env).__name__} is derived from none of them"
    )


def _unknown_attribute(owner: object, name: str, text: str) -> str:
    """What to do about ``env.java_opt``: the field that was meant, or how one is declared."""
    if not isinstance(owner, Environment):
        text = text if " attribute " in text else f"AttributeError: {text}"
        public = [known for known in dir(owner) if not known.startswith("_")]
        return text + nearest(name, getattr(owner, "__all__", public))
    kind = type(owner)
    if way := nearest(name, fields_of(kind)):
        return f"{kind.__name__} has no {name}{way}"
    if name in _NAMES_OF_ENVIRONMENTS:
        return (
            f"{kind.__name__} has no {name}: a script does not know for which environment it runs; "
            "declare what differs, and set it in environment.yaml: "
            'with_archive: eb.Shape[bool] = eb.shape(default=False, help="…")'
        )
    field = f"{name}: eb.Param[str] = eb.param(…)"
    if kind.__module__.startswith("ecs_blocks."):
        return f"{kind.__name__} has no {name}; derive a class of your own from it, with {field}"
    return f"{kind.__name__} has no {name}; declare it there: {field}"
