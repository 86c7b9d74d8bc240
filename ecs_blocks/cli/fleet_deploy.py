"""One deploy of one stack or of many: connect once, render, then each stack in its turn."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click
from msgspec import Struct, structs

from ecs_blocks.cli.aws_options import Connection
from ecs_blocks.cli.options import undeclared
from ecs_blocks.cli.single_deploy import carried_out
from ecs_blocks.cli.terminal import Terminal
from ecs_blocks.deploy.clock import Clock
from ecs_blocks.deploy.deployment import Deployment, Waits
from ecs_blocks.deploy.ending import Outcome
from ecs_blocks.deploy.graph import Runner, dependencies
from ecs_blocks.deploy.outcome import DeployError, Exit
from ecs_blocks.deploy.place import place_of
from ecs_blocks.deploy.preparing import prepare
from ecs_blocks.deploy.records.store import open_store
from ecs_blocks.deploy.show.plan_view import plan_view
from ecs_blocks.deploy.target import Target
from ecs_blocks.errors import EcsBlocksError, InputError, Problem
from ecs_blocks.templates.render import render_app
from ecs_blocks.templates.text import to_yaml

if TYPE_CHECKING:
    from ecs_blocks.deploy.plan import Plan
    from ecs_blocks.deploy.planning import Prepared
    from ecs_blocks.templates.render import Project, RenderedApp


class Settings(Struct, frozen=True, kw_only=True):
    """What the command line says of a deploy."""

    environment: str
    overrides: Mapping[str, str]
    waits: Waits
    concurrency: int
    profile: str | None
    local: bool
    yes: bool


class StoppingClock(Clock):
    """A clock that ends every wait once it is stopped: Ctrl-C reaches the main thread only."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End all waiting, now and from now on."""
        self._stopped.set()

    def sleep(self, seconds: float) -> None:
        """Wait.

        Raises:
            KeyboardInterrupt: the clock is stopped.
        """
        if self._stopped.wait(seconds):
            raise KeyboardInterrupt


class Fleet:
    """The apps of one command, in one environment."""

    def __init__(
        self, project: Project, names: list[str], settings: Settings, *, every: bool
    ) -> None:
        self._project = project
        self._settings = settings
        environment = settings.environment
        rendered = _rendered(project, names, settings)
        self._targets = dict(_targets(project, rendered, environment, every=every))
        if not self._targets:
            message = f"no app has the environment {environment}"
            raise InputError([Problem(project.root.name, 0, 0, "", message)])
        self._place = next(iter(self._targets.values())).place
        alone = len(self._targets) == 1
        self._clock = Clock() if alone else StoppingClock()
        self._connection = Connection(
            project,
            self._place,
            profile=settings.profile,
            local=settings.local,
            clock=self._clock,
        )
        self._terminal = Terminal(self._clock, yes=settings.yes)
        self._store = open_store(
            self._place.settings,
            self._connection.aws,
            self._place.account_id,
            project.root.parent,
        )

    def plan(self) -> Plan:
        """The plan of the one app, shown.

        Raises:
            DeployError: there can be none now.
        """
        [target] = self._targets.values()
        prepared = self._prepared(target)
        aws, waits = self._connection.aws, self._settings.waits
        plan = Deployment(aws, prepared, self._terminal, waits).plan()
        click.echo(plan_view(plan), err=True)
        return plan

    def run(self, plan: Plan | None) -> dict[str, Outcome]:
        """Deploy all; the outcome of each, by stack."""
        try:
            if len(self._targets) == 1:
                [(name, target)] = self._targets.items()
                return {name: self._deployed(target, plan)}
            graph = dependencies(self._targets.values())
            runner = Runner(self._guarded, self._skipped, self._stop)
            return runner.run(graph, self._settings.concurrency)
        finally:
            self._terminal.close()

    def _stop(self) -> None:
        if isinstance(self._clock, StoppingClock):
            self._clock.stop()

    def _prepared(self, target: Target) -> Prepared:
        aws = self._connection.aws
        if self._settings.local:
            from ecs_blocks.deploy.local.prepare import prepare_account  # noqa: PLC0415 - rarely

            prepare_account(aws, target)
        return prepare(aws, target, target.place.settings, self._connection.identity)

    def _deployed(self, target: Target, plan: Plan | None) -> Outcome:
        """Deploy one stack, and keep its record."""
        if plan is not None:
            _refuse_foreign(plan, target)
            target = structs.replace(target, text=plan.content.template)
        prepared = self._prepared(target)
        if plan is not None:
            prepared = structs.replace(prepared, content=plan.content)
        return carried_out(
            self._connection, prepared, self._terminal, self._settings.waits, self._store, plan
        )

    def _guarded(self, name: str) -> Outcome:
        """Deploy one of many: what goes wrong is its outcome."""
        try:
            outcome = self._deployed(self._targets[name], None)
        except EcsBlocksError as error:
            code = error.code if isinstance(error, DeployError) else Exit(error.exit_code)
            outcome = Outcome(code=code, sentence=f"{name}: {error}")
        except KeyboardInterrupt:
            sentence = f"{name}: interrupted before it began"
            outcome = Outcome(code=Exit.INTERRUPTED, sentence=sentence)
        self._terminal.say(outcome.sentence)
        return outcome

    def _skipped(self, name: str, because: str) -> Outcome:
        sentence = f"{name}: skipped, because {because} was not deployed"
        self._terminal.say(sentence)
        return Outcome(code=Exit.BLOCKED, sentence=sentence)


def _refuse_foreign(plan: Plan, target: Target) -> None:
    here = (target.account_id, target.place.region, target.stack_name)
    there = (plan.account_id, plan.region, plan.stack_name)
    if here != there:
        raise DeployError(
            Exit.INPUT,
            f"the plan is for {plan.stack_name} in {plan.account_id}, {plan.region}; this would be "
            f"{target.stack_name} in {target.account_id}, {target.place.region}",
        )


def _rendered(project: Project, names: list[str], settings: Settings) -> list[RenderedApp]:
    """Every app, rendered.

    Raises:
        InputError: with the problems of all.
    """
    found: list[RenderedApp] = []
    problems: list[Problem] = []
    for name in names:
        try:
            found.append(render_app(project, name, settings.overrides))
        except InputError as error:
            problems += error.problems
    keys = frozenset[str]().union(*(one.keys for one in found))
    if not problems:
        problems += undeclared(dict(settings.overrides), keys)
    if problems:
        refusal = InputError(problems)
        refusal.closing = "nothing was deployed"
        raise refusal
    return found


def _targets(
    project: Project, rendered: list[RenderedApp], environment: str, *, every: bool
) -> list[tuple[str, Target]]:
    found, problems = [], []
    for app in rendered:
        own = next((one for one in app.environments if one.name == environment), None)
        if own is not None:
            place = place_of(project, app.app, environment)
            found.append((own.stack_name, Target(place, own, to_yaml(own.template))))
        elif not every:
            known = ", ".join(one.name for one in app.environments)
            file = f"{project.root.name}/{app.app}/environment.yaml"
            message = f"has no environment {environment}; it has {known}"
            problems.append(Problem(file, 0, 0, "parameters", message))
    if problems:
        raise InputError(problems)
    return found
