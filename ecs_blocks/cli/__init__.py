"""The command line: one verb, one file. A verb is imported when it is called, and no sooner."""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click

import ecs_blocks
from ecs_blocks.errors import EcsBlocksError, InputError, Terminated
from ecs_blocks.naming import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERBS: Final = {
    "account-setup": "Make what ECS needs once in an account: roles and settings.",
    "attach": "Watch what runs on a stack, to its end.",
    "cancel": "End an update that runs; the stack goes back.",
    "check": "Judge templates with every environment's values.",
    "continue": "Answer a deployment that waits at a pause hook.",
    "delete": "Delete a stack, after all that speaks against it.",
    "deploy": "Plan, approve, execute, watch, verify.",
    "events": "What happened in the last operation on a stack.",
    "exec": "Open a shell in a running container, or run a command there.",
    "grafana": "Print a Grafana dashboard for all services.",
    "local": "Start, stop or look at the imitation of AWS on this machine.",
    "logs": "The log lines of an app's services.",
    "priorities": "Give rules on shared listeners their numbers.",
    "recover": "Bring a stack that is stuck back to rest.",
    "redeploy": "Start the version that runs again.",
    "render": "Write the templates and each environment's parameters.",
    "review": "What a change will do, before it is done.",
    "rollback": "Deploy a version that served before.",
    "run": "Run a one-off task in a service's own settings.",
    "schema": "Print the JSON Schema of an app's environment.yaml.",
    "status": "How a stack and its services are.",
}


_FILES: Final = {"continue": "continue_deployment", "exec": "execute", "run": "run_task"}
"""The files of verbs whose name is taken."""


class _Verbs(click.Group):
    """Knows every verb by name; loads the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(_VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        return _verb(name) if name in _VERBS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the verb that was meant, where one is near."""
        if args and args[0] not in _VERBS and (hint := nearest(args[0], _VERBS)):
            ctx.fail(f"No such command {args[0]!r}{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(sorted(_VERBS.items()))


@click.command(cls=_Verbs)
@click.version_option(ecs_blocks.__version__, prog_name="ecs-blocks")
def ecs_blocks_command() -> None:
    """environment.yaml in, CloudFormation for Amazon ECS out."""


def _verb(name: str) -> click.Command:
    module = _FILES.get(name, name.replace("-", "_"))
    command: click.Command = getattr(importlib.import_module(f"ecs_blocks.cli.{module}"), module)
    return command


def run(command: click.Command | str, **settings: Any) -> None:
    """Run *command*, or the verb of that name, as a program.

    Errors become plain sentences on stderr, and the exit code.
    """
    # What is imported lives to the end: to look for garbage in it costs a tenth of a render.
    gc.set_threshold(50_000)
    atexit.register(gc.freeze)
    if None in (sys.stdin, sys.stdout, sys.stderr):
        from ecs_blocks.cli.streams import fill_in  # noqa: PLC0415 - rarely

        fill_in()
    try:
        command = _verb(command) if isinstance(command, str) else command
        with _terminable():
            code = command.main(standalone_mode=False, **settings)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(0)
    except click.ClickException as error:
        said = io.StringIO()
        error.show(said)
        click.echo("\n".join(_cleaned(said.getvalue())), err=True)  # it tells what was typed
        sys.exit(error.exit_code)
    except click.Abort as error:
        sys.exit(143 if isinstance(error.__cause__, Terminated) else 130)
    except EcsBlocksError as error:
        report(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:  # a full disk behind stdout, say
        click.echo(f"{error.filename or 'output'}: {error.strerror}", err=True)
        os._exit(1)  # Python would try to write the rest once more
    sys.exit(code if isinstance(code, int) else 0)


@contextmanager
def _terminable() -> Iterator[None]:
    """Make SIGTERM an exception, so that nothing half-written is left behind.

    A terminal that is closed is the same, unless hang-ups are ignored, as under nohup.
    """

    def stop(_number: int, _frame: object) -> None:
        raise Terminated

    numbers = [signal.SIGTERM]
    hangup = getattr(signal, "SIGHUP", None)
    if hangup is not None and signal.getsignal(hangup) is signal.SIG_DFL:
        numbers.append(hangup)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def report(error: EcsBlocksError) -> None:
    """Say on stderr what is wrong, all of it; whatever was typed or AWS says steers no terminal."""
    click.echo("\n".join(_cleaned(str(error))), err=True)
    if not isinstance(error, InputError):
        if error.closing:
            click.echo(error.closing, err=True)
        return
    count = len(error.problems)
    what = "1 problem" if count == 1 else f"{count} problems"
    click.echo(f"{what}; {error.closing}" if error.closing else what, err=True)


def _cleaned(text: str) -> list[str]:
    from ecs_blocks.deploy.show.safe_text import clean_lines  # noqa: PLC0415 - a render needs none

    return clean_lines(text)


def main() -> None:
    """The console script ``ecs-blocks``."""
    run(ecs_blocks_command)
