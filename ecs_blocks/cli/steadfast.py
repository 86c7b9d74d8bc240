"""A verb that always ends in words and an exit code: whatever AWS, its terminal or a bug does."""

from __future__ import annotations

import functools
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ecs_blocks.cli import report
from ecs_blocks.cli.aws_options import access_of
from ecs_blocks.cli.streams import say, settle
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.show.safe_text import clean, cut
from ecs_blocks.errors import EcsBlocksError, Terminated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import ParamSpec

    P = ParamSpec("P")

_PACKAGE: Final = Path(__file__).parent.parent
_LONGEST: Final = 300
"""Of a foreign error's text, in columns."""


def steadfast(verb: Callable[P, int]) -> Callable[P, int]:
    """Let *verb* end with an exit code for everything that it raises, but for a wrong usage.

    A pipe that nobody reads any more ends it quietly.
    """
    return _steadfast(verb, None)


def steadfast_with(failed: int) -> Callable[[Callable[P, int]], Callable[P, int]]:
    """As ``steadfast``, for a verb whose own failures have the one exit code *failed*."""

    def decorate(verb: Callable[P, int]) -> Callable[P, int]:
        return _steadfast(verb, failed)

    return decorate


def _steadfast(verb: Callable[P, int], failed: int | None) -> Callable[P, int]:

    @functools.wraps(verb)
    def run(*given: P.args, **settings: P.kwargs) -> int:
        try:
            return verb(*given, **settings)
        except (click.ClickException, BrokenPipeError):
            raise
        except EcsBlocksError as error:
            with suppress(OSError, ValueError):
                report(error)
            return failed or error.exit_code
        except (KeyboardInterrupt, click.Abort) as stop:
            say("")  # the terminal shows ^C
            say(_interrupted(settings))
            is_term = isinstance(stop, Terminated) or isinstance(stop.__context__, Terminated)
            return int(Exit.TERMINATED if is_term else Exit.INTERRUPTED)
        except OSError as error:  # a full disk, a folder that may not be written
            say(f"FAILED: {error.filename or 'output'}: {error.strerror or error}")
            return failed or int(Exit.INTERNAL)
        except Exception as error:  # noqa: BLE001 - a traceback helps nobody at the terminal
            say(f"FAILED: {crash(error)}")
            return failed or int(Exit.INTERNAL)
        finally:
            settle()

    return run


def _interrupted(given: Mapping[str, object]) -> str:
    """What to type then, with the options that the verb was *given*."""
    whole = "interrupted; whatever had begun goes on in AWS"
    app, environment = given.get("app"), given.get("environment")
    if not app:
        return whole
    root, profile = given.get("root"), given.get("profile")
    access = access_of(Path(str(root)), str(profile or ""), local=bool(given.get("local")))
    status = access.command("status", str(app), "--env", str(environment))
    return f"{whole}\n  how it is: {status}"


def crash(error: Exception) -> str:
    """An error that nobody foresaw, in one line: what it says, and where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if Path(one.filename).is_relative_to(_PACKAGE)]
    place = ""
    if ours:
        file = Path(ours[-1].filename).relative_to(_PACKAGE.parent)
        place = f" at {file.as_posix()}:{ours[-1].lineno}"
    text = cut(clean(" ".join(str(error).split())), _LONGEST)
    return f"ecs-blocks has a bug{place}: {type(error).__name__}: {text}"
