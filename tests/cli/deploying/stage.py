"""A project of small apps, the fake of AWS, and the program as a process of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple
from unittest.mock import patch

from botocore import session

from ecs_blocks.cli import ecs_blocks_command, run
from ecs_blocks.deploy import aws
from ecs_blocks.deploy.limiter import Limiter
from tests.cli.deploying.paced import PacedClock
from tests.fake_aws import ENVIRONMENT, FakeAws, FakeClock
from tests.fake_aws.models import LOADER
from tests.fake_aws.protocol import Reply
from tests.project import Project, project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fake_aws.protocol import Request

PROGRAM: Final = Path(sys.executable).with_name("ecs-blocks")
STACK: Final = "hoge-prod"
DEPLOY: Final = ("deploy", "hoge", "--env", "prod", "--yes")
CALLER: Final = "arn:aws:sts::123456789012:assumed-role/deployer/ci"

_SCRIPT: Final = '''\
"""{name}: topics and a log group."""

from troposphere import Ref, logs, sns

import ecs_blocks as eb


class Values(eb.Environment):
    """What the topic shows, and what another app may give."""

    title: eb.Param[str] = eb.param(default="one")
    neighbour: eb.Param[str] = eb.param(default="nobody")


def stack(env: Values) -> eb.Stack:
    """A topic, a log group, and the topic's ARN as an output."""
    stack = eb.Stack(env, description=__doc__)
    topic = stack.add_resource(sns.Topic("Topic", DisplayName=env.title))
    stack.add_resource(logs.LogGroup("Group", RetentionInDays=7))
    stack.add_resource(sns.Topic("Other", DisplayName=env.neighbour))
{more}    stack.output("TopicArn", Ref(topic), "The topic.")
    return stack
'''
VALUES: Final = "parameters:\n  default: {Title: one}\n  dev:\n  prod:\n"


def app(made: Project, name: str, values: str = VALUES, more: str = "") -> None:
    """An app of the project; *more* are further lines of its script."""
    added = "".join(f"    {line}\n" for line in more.splitlines())
    made.app(name, values, _SCRIPT.format(name=name, more=added))


def repository(folder: Path) -> Project:
    """A project with the one app ``hoge``."""
    made = project(folder)
    app(made, "hoge")
    return made


class Ended(NamedTuple):
    """How a process ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def lines(self) -> list[str]:
        """The lines on stderr that are no progress: those without a time before them."""
        return [one for one in self.stderr.splitlines() if not re.match(r"\d\d:\d\d:\d\dZ ", one)]

    @property
    def outcome(self) -> list[str]:
        """From the headline of the outcome on; without how long it took, in real seconds."""
        heads = ("OK:", "FAILED:", "NOT DONE:", "STILL RUNNING:", "NOT KNOWN:")
        first = next(n for n, line in enumerate(self.lines) if line.startswith(heads))
        return [re.sub(r" \(\d+s\)$", "", line) for line in self.lines[first:]]

    @property
    def json(self) -> Any:
        """What stands on stdout."""
        return json.loads(self.stdout)


class Stage:
    """AWS, a project, and whoever types commands in its folder."""

    def __init__(self, fake: EventfulAws, made: Project, *, per_second: float = 1e6) -> None:
        self.fake = fake
        self.per_second = per_second
        self.project = made
        self.variables = {"AWS_ENDPOINT_URL": fake.url}

    @property
    def environ(self) -> dict[str, str]:
        """What the program finds around it."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "CI", "GITHUB_"))}
        return {**kept, **ENVIRONMENT, **self.variables}

    def run(self, *arguments: str, **streams: Any) -> Ended:
        """``ecs-blocks …``, to its end, without a terminal."""
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
        done = subprocess.run(
            [PROGRAM, *arguments],
            cwd=self.project.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
            timeout=60,
            **pipes,
        )
        said = Ended(done.returncode, done.stdout or "", done.stderr or "")

        assert "Traceback" not in said.stderr, said.stderr
        return said

    def within(self, *arguments: str) -> Ended:
        """The same in this process, at the stage's own pace: where no stream is the matter."""
        out, err = io.StringIO(), io.StringIO()
        path, code = list(sys.path), 0
        try:
            with (
                patch.dict(os.environ, self.environ, clear=True),
                patch.object(aws, "Limiter", partial(Limiter, per_second=self.per_second)),
                patch.object(session, "create_loader", lambda *_: LOADER),  # AWS's models, once
                contextlib.chdir(self.project.folder),
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(err),
            ):
                run(ecs_blocks_command, args=list(arguments), prog_name="ecs-blocks")
        except SystemExit as stop:
            code = int(stop.code or 0)
        finally:
            sys.path[:] = path
        return Ended(code, out.getvalue(), err.getvalue())

    def deploy(self, *arguments: str, title: str | None = None) -> Ended:
        """``ecs-blocks deploy hoge --env prod --yes``, with another title."""
        more = ["--set", f"Title={title}"] if title else []
        return self.within(*DEPLOY, *more, *arguments)

    def deployed(self, title: str = "one") -> None:
        """Have it deployed, and forget the calls."""
        done = self.deploy(title=title)

        assert done.code == 0, done.stderr
        self.fake.calls.clear()

    @contextlib.contextmanager
    def started(self, *arguments: str, **streams: Any) -> Iterator[Running]:
        """``ecs-blocks …``, as it runs."""
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
        with subprocess.Popen(
            [PROGRAM, *arguments],
            cwd=self.project.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            text=True,
            **pipes,
        ) as process:
            try:
                yield Running(process)
            finally:
                process.kill()

    @property
    def records(self) -> list[dict[str, Any]]:
        """The records of hoge's deploys, oldest first."""
        folder = self.project.folder / ".ecs-blocks" / "records" / "prod" / "hoge"
        return [json.loads(one.read_bytes()) for one in sorted(folder.glob("*.json"))]

    def title(self) -> str:
        """What the topic shows."""
        return self.fake.stack(STACK).definition.parameters["Title"]


class Running:
    """A process, and what it has said so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said = ""

    def until(self, text: str) -> str:
        """Read stderr up to the line that holds *text*; that line."""
        pipe: IO[str] | None = self.process.stderr

        assert pipe is not None
        for line in pipe:
            self.said += line
            if text in line:
                return line
        raise AssertionError(f"never said: {text!r}, but:\n{self.said}")

    def end(self) -> Ended:
        """Wait for its end."""
        out, error = self.process.communicate(timeout=60)
        ended = Ended(self.process.returncode, out or "", self.said + (error or ""))

        assert "Traceback" not in ended.stderr, ended.stderr
        return ended


class EventfulAws(FakeAws):
    """The fake, and what others do there: ``after["ExecuteChangeSet"] = function``, once."""

    def __init__(self, clock: FakeClock, **settings: Any) -> None:
        super().__init__(clock, **settings)
        self.after: dict[str, Callable[[], None]] = {}
        self.unreadable = ""
        """The operation instead of whose answer there comes a page in HTML."""

    def _reply(self, request: Request, request_id: str) -> Reply:
        reply = super()._reply(request, request_id)
        if self.calls[-1].operation == self.unreadable:
            reply = Reply(200, {}, b"<!doctype html><p>Please log in to the network.")
        happen = self.after.pop(self.calls[-1].operation, None)
        if happen is not None:
            happen()
        return reply

    def next_call(self, operation: str) -> threading.Event:
        """An event that is set when *operation* has come in once more."""
        event = threading.Event()
        self.after[operation] = event.set
        return event

    def settle(self, name: str = STACK) -> None:
        """Let what runs on a stack come to its end."""
        stack = self.stack(name)
        while stack.busy:
            self.clock.advance(60)

    def updated_by_another(self, name: str = STACK, **parameters: str) -> None:
        """Somebody else's update."""
        given = self.stack(name).definition.parameters | parameters
        self.cloudformation.update_stack(
            {
                "StackName": name,
                "UsePreviousTemplate": True,
                "ClientRequestToken": "Console-UpdateStack-0a1b",
                "Parameters": [
                    {"ParameterKey": key, "ParameterValue": value} for key, value in given.items()
                ],
            }
        )


@contextlib.contextmanager
def staged(folder: Path, **settings: Any) -> Iterator[Stage]:
    """A stage in *folder*; *settings* are the fake's."""
    with EventfulAws(PacedClock(), **settings) as fake:
        yield Stage(fake, repository(folder))
