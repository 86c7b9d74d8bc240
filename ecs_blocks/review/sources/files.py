"""Two template files, whoever wrote them, as the two sides of one stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import structs

from ecs_blocks.environment.nodes import Mapping as Node
from ecs_blocks.environment.source import parse
from ecs_blocks.errors import InputError, Problem
from ecs_blocks.review.difference.seen import LOOP
from ecs_blocks.review.impact.phrases import spoken
from ecs_blocks.review.side import Side
from ecs_blocks.review.sources.fed import Fed, read_fed
from ecs_blocks.review.sources.snapshot import Snapshot
from ecs_blocks.templates.read import MAX_DEPTH, read_template

if TYPE_CHECKING:
    from pathlib import Path

DEFAULTS: Final = "default"
"""What stands for an environment where no file with parameters is given."""


def two_files(
    before: Path, after: Path, *, before_values: Path | None, after_values: Path | None
) -> tuple[Snapshot, Snapshot]:
    """The templates at *before* and *after* with what is fed to them.

    Where nothing is given for *before*, it is fed the same, as far as it declares it.

    Raises:
        InputError: a file cannot be read, or is not what it has to be.
    """
    fed = read_fed(after_values) if after_values else Fed()
    new = _side(after, fed)
    old = _side(before, read_fed(before_values) if before_values else fed)
    if before_values is None:
        declared = old.template.get("Parameters") or {}
        known = {key: value for key, value in old.parameters.items() if key in declared}
        old = structs.replace(old, parameters=known)
    app = _app(after)
    environment = after_values.stem if after_values else DEFAULTS
    sides = [
        Snapshot(name=str(path), sides={app: {environment: structs.replace(side, stack_name=app)}})
        for path, side in ((before, old), (after, new))
    ]
    return sides[0], sides[1]


def _app(path: Path) -> str:
    """``hoge`` of hoge.yaml, and of hoge/template.yaml."""
    return path.absolute().parent.name if path.stem == "template" else path.stem


def _side(path: Path, fed: Fed) -> Side:
    template = read_template(path)
    problems = [
        Problem(str(path), 0, 0, f"Resources.{name}", message)
        for name, body in template["Resources"].items()
        if (message := _mistake(str(name), body))
    ]
    if problems:
        raise InputError(problems)
    content = path.read_bytes()
    return Side(
        stack_name="",
        template=template,
        parameters=fed.parameters,
        lookups=fed.lookups,
        tags=fed.tags,
        lines=_lines(content, path),
        template_bytes=len(content),
        is_file=True,
    )


def _mistake(name: str, body: object) -> str:
    """What keeps *body* from being a resource; empty where nothing does."""
    if name.startswith(LOOP):
        return ""
    if not isinstance(body, dict):
        return f"a resource is a mapping with a Type, not {spoken(body)}"
    if not isinstance(body.get("Type"), str):
        return "it has no Type, such as AWS::SQS::Queue"
    return ""


def _lines(content: bytes, path: Path) -> dict[str, str]:
    """Where each resource begins."""
    top, _ = parse(content, str(path), max_depth=MAX_DEPTH)
    resources = top.get("Resources") if isinstance(top, Node) else None
    if not isinstance(resources, Node):
        return {}
    return {key.text: f"{path}:{key.line}" for key, _ in resources.pairs}
