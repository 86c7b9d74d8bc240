"""A verb that always ends in words and an exit code: whatever AWS, its terminal or a bug does."""

from __future__ import annotations

import functools
import signal
import traceback
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ecs_blocks.cli import report
from ecs_blocks.cli.streams import fill_in, say, settle
from ecs_blocks.deploy.outcome import Exit
from ecs_blocks.deploy.show.safe_text import clean, cut
from ecs_blocks.errors import EcsBlocksError, Terminated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import ParamSpec

    P = ParamSpec("P")

_PACKAGE: Final = Path(__file__).parent.parent
_LONGEST: Final = 300
"""Of a foreign error's text, in columns."""


def steadfast(verb: Callable[P, int]) -> Callable[P, int]:
    """Let *verb* end with an exit code for everything that it raises, but for a wrong usage.

    A terminal that is closed counts as SIGTERM, unless hang-ups are ignored, as under nohup.
    """

    @functools.wraps(verb)
    def run(*given: P.args, **settings: P.kwargs) -> int:
        fill_in()
        try:
            with _hangups():
                return verb(*given, **settings)
        except click.ClickException:
            raise
        except EcsBlocksError as error:
            with suppress(OSError, ValueError):
                report(error)
            return error.exit_code
        except (KeyboardInterrupt, click.Abort) as stop:
            say("")  # the terminal shows ^C
            say(_interrupted(settings.get("app"), settings.get("environment")))
            is_term = isinstance(stop, Terminated) or isinstance(stop.__context__, Terminated)
            return int(Exit.TERMINATED if is_term else Exit.INTERRUPTED)
        except Exception as error:  # noqa: BLE001 - a traceback helps nobody at the terminal
            say(f"FAILED: {crash(error)}")
            return int(Exit.INTERNAL)
        finally:
            settle()

    return run


def _interrupted(app: object, environment: object) -> str:
    whole = "interrupted; whatever had begun goes on in AWS"
    if not app:
        return whole
    return f"{whole}\n  how it is: ecs-blocks status {app} --env {environment}"


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


@contextmanager
def _hangups() -> Iterator[None]:
    number = getattr(signal, "SIGHUP", None)
    if number is None or signal.getsignal(number) is not signal.SIG_DFL:
        yield
        return

    def stop(_number: int, _frame: object) -> None:
        raise Terminated

    signal.signal(number, stop)
    try:
        yield
    finally:
        signal.signal(number, signal.SIG_DFL)
