"""An app's stack.py: find its ``stack`` function, and run it."""

from __future__ import annotations

import importlib.util
import io
import os
import sys
import typing
from collections.abc import Callable
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from ecs_blocks.environment.declare import Environment
from ecs_blocks.errors import InputError, Problem
from ecs_blocks.templates.mistakes import problem_of
from ecs_blocks.templates.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


class Script(Struct, frozen=True):
    """A loaded stack.py: what it declares, and what it builds. ``file`` is its name in messages.

    ``finish`` changes the stack that comes of it: the rules of the company.
    """

    path: Path
    file: str
    environment: type[Environment]
    function: Callable[[Environment], Stack]
    finish: tuple[Callable[[Stack, str], None], ...] = ()

    def run(self, environment: Environment, note: str = "") -> Stack:
        """Call ``stack(env)``; *note* says for which environment, in a problem.

        Raises:
            InputError: the script raised, or did not return a Stack; with the script's own line.
        """
        try:
            stack = self.function(environment)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise InputError([problem_of(error, self.path, self.file, note)]) from error
        if not isinstance(stack, Stack):
            message = f"stack() has to return an ecs_blocks.Stack, not {type(stack).__name__}"
            raise InputError([Problem(self.file, 0, 0, note, message)])
        for change in self.finish:
            change(stack, note)
        return stack


def load_script(path: Path, file: str) -> Script:
    """Load the stack.py at *path*; problems name it as *file*.

    Raises:
        InputError: there is none, it cannot be imported, or it has no ``stack(env: …)``.
    """
    if not path.is_file():
        message = "there is no such file; an app is a folder with stack.py and environment.yaml"
        raise InputError([Problem(file, 0, 0, "", message)])
    module = load_module(path, file, path.parent.parent)
    function = getattr(module, "stack", None)
    try:
        hints = typing.get_type_hints(function) if callable(function) else {}
    except Exception as error:
        raise InputError([problem_of(error, path, file)]) from error
    arguments = [hint for argument, hint in hints.items() if argument != "return"]
    if not callable(function) or len(arguments) != 1 or not _is_environment(arguments[0]):
        message = (
            "there has to be a function stack(env: …) -> eb.Stack, whose one argument is annotated "
            "with a subclass of Environment"
        )
        raise InputError([Problem(file, 0, 0, "", message)])
    return Script(path, file, arguments[0], function)


def load_module(path: Path, file: str, root: Path) -> ModuleType:
    """Run the file at *path* as a module below *root*, the folder of apps.

    Raises:
        InputError: it cannot be imported, or raised; problems name it as *file*.
    """
    name = ".".join(path.relative_to(root.parent).with_suffix("").parts)
    if str(root.parent) not in sys.path:
        sys.path.insert(0, str(root.parent))
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InputError([Problem(file, 0, 0, "", "cannot be imported")])
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        with overheard():
            # compiled here: a cached .pyc of the same second and size would be believed
            exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)  # noqa: S102 - it is a script
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise InputError([problem_of(error, path, file)]) from error
    finally:
        del sys.modules[name]
    return module


@contextmanager
def overheard() -> Iterator[None]:
    """Run a script without side effects on the command.

    What it prints goes to stderr, less what troposphere says before it raises (the problem says
    it, in one line); the folder it changes to is left again.
    """
    said = io.StringIO()
    folder = Path.cwd()
    try:
        with redirect_stderr(said), redirect_stdout(said):
            yield
    finally:
        os.chdir(folder)
        lines = said.getvalue().splitlines(keepends=True)
        sys.stderr.writelines(line for line in lines if "function validator" not in line)


def _is_environment(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, Environment)
