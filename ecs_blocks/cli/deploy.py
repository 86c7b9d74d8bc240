"""``ecs-blocks deploy``, and ``python -m stacks.deploy``: plan, approve, execute, watch, verify."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import click
from msgspec import Struct, structs

from ecs_blocks.cli.aws_options import Connection, access_of, aws_options, told, yes_option
from ecs_blocks.cli.deploy_options import (
    again_option,
    concurrency_option,
    giving_up_options,
    other_option,
    plan_options,
    timeout_option,
)
from ecs_blocks.cli.fleet_deploy import Fleet, summary
from ecs_blocks.cli.options import (
    chosen_apps,
    chosen_environments,
    parsed_overrides,
    set_option,
    stacks_option,
)
from ecs_blocks.cli.single_deploy import Desk
from ecs_blocks.cli.steadfast import steadfast
from ecs_blocks.cli.stopping import StoppingClock
from ecs_blocks.cli.streams import put, say
from ecs_blocks.cli.targets import targets_of
from ecs_blocks.deploy.deployment import Deployment
from ecs_blocks.deploy.ending import OK, Outcome
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.graph import WORST_FIRST, worst
from ecs_blocks.deploy.place import Access, Place, place_of
from ecs_blocks.deploy.plan import load, save
from ecs_blocks.deploy.show.outcome_json import outcomes_json
from ecs_blocks.deploy.show.plan_view import needs_approval, plan_view
from ecs_blocks.deploy.show.safe_text import clean_json
from ecs_blocks.deploy.taking_away import taken_away
from ecs_blocks.deploy.ui import Waits
from ecs_blocks.deploy.watch import Patience
from ecs_blocks.templates.render import Project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ecs_blocks.deploy.clock import Clock
    from ecs_blocks.deploy.plan import Plan
    from ecs_blocks.deploy.target import Target


_OF_ONE: Final = (
    "a plan is of one app, for the stack as it is: what others look up may change as it is carried "
    "out. Make and carry out one for each, first for those that others look something up in: "
    "ecs-blocks deploy APP --env ENV --plan-only FILE"
)


class Asked(Struct, frozen=True, kw_only=True):
    """What the command line says; where its deploy stands, that is looked up nowhere else."""

    environment: str
    waits: Waits
    concurrency: int
    access: Access
    yes: bool
    again: bool

    unattended: str = "add --yes; or in two steps: --plan-only FILE, then --plan FILE"

    def desk(self, project: Project, place: Place, clock: Clock | None = None) -> Desk:
        """Connected to *place*, with somebody to ask."""
        return Desk.at(
            Connection(project, place, clock),
            yes=self.yes,
            waits=self.waits,
            unattended=self.unattended,
            again=self.again,
        )


@click.command()
@click.argument("apps", nargs=-1, metavar="[APP]...")
@click.option("--env", "environment", required=True, metavar="ENV", help="The environment.")
@set_option
@click.option("--all", "every", is_flag=True, help="Every app that has this environment.")
@yes_option
@plan_options
@timeout_option
@giving_up_options
@other_option
@concurrency_option
@again_option
@aws_options
@click.option("--json", "as_json", is_flag=True, help="The outcomes as JSON on stdout.")
@stacks_option
@steadfast
def deploy(  # noqa: PLR0917 - the command's own settings
    apps: tuple[str, ...],
    environment: str,
    overrides: tuple[str, ...],
    plan_out: Path | None,
    plan_in: Path | None,
    timeout_min: int,
    on_timeout: str,
    other_min: int,
    concurrency: int,
    profile: str | None,
    root: Path,
    *,
    with_code: bool,
    fail_fast: bool,
    every: bool,
    yes: bool,
    again: bool,
    local: bool,
    as_json: bool,
) -> int:
    """Deploy each APP to one environment, and prove that what was deployed serves.

    Shows what will change and asks. What is deployed is the plan that was shown. Killed at any
    point, the same command goes on where it was.
    """
    _refuse(apps, overrides, plan_out, plan_in, every=every, with_code=with_code)
    project = Project.open(root.absolute())
    chosen_environments(project, [environment])
    asked = Asked(
        environment=environment,
        waits=Waits(
            patience=Patience(timeout_s=timeout_min * 60.0),
            other_s=other_min * 60.0,
            fails_fast=fail_fast,
            cancels_late=on_timeout == "cancel",
        ),
        concurrency=concurrency,
        access=access_of(root, profile, local=local),
        yes=yes,
        again=again,
    )
    if plan_in is not None:
        asked = structs.replace(asked, unattended="add --yes")
        return _told(_carried_out(project, asked, plan_in, apps), as_json=as_json)
    names = chosen_apps(project, apps)
    given = parsed_overrides(overrides)
    targets = targets_of(project, names, environment, given, every=every, access=asked.access)
    if plan_out is not None:
        plan = _planned(project, asked, targets, plan_out)
        code = _code(plan) if with_code else Exit.DONE
        return _told_of_plan(plan, plan_out, asked.access, code, as_json=as_json)
    return _told(_deployed(project, asked, targets), as_json=as_json)


def _refuse(
    apps: tuple[str, ...],
    overrides: tuple[str, ...],
    plan_out: Path | None,
    plan_in: Path | None,
    *,
    every: bool,
    with_code: bool,
) -> None:
    """Refuse what does not go together.

    Raises:
        UsageError: it does not.
    """
    if plan_in is None and bool(apps) == every:
        raise click.UsageError("name the apps to deploy, or give --all")
    if plan_in and plan_out:
        raise click.UsageError("--plan-only makes a plan, and --plan carries one out")
    if (plan_out or plan_in) and (every or len(apps) > 1):
        raise click.UsageError(_OF_ONE)
    if with_code and not plan_out:
        raise click.UsageError("--exit-code is for --plan-only: a deploy ends with how it went")
    if plan_in and overrides:
        raise click.UsageError("a plan is carried out as it is: --set belongs to --plan-only")
    if plan_out and plan_out.exists() and not plan_out.is_file():
        raise click.UsageError(f"{plan_out} is no file that a plan could be kept in")


def _deployed(project: Project, asked: Asked, targets: Mapping[str, Target]) -> dict[str, Outcome]:
    """Deploy all; the outcome of each, by stack."""
    first = next(iter(targets.values()))
    alone = len(targets) == 1
    clock = StoppingClock()
    desk = asked.desk(project, first.place, None if alone else clock)
    try:
        if alone:
            outcome = desk.ended(first.place, lambda: desk.deploy(desk.prepared(first)))
            return {first.stack_name: outcome}
        return Fleet(desk, targets, clock.stop).run(asked.concurrency)
    finally:
        desk.terminal.close()


def _planned(project: Project, asked: Asked, targets: Mapping[str, Target], path: Path) -> Plan:
    """Make the plan of the one app, show it and keep it."""
    [target] = targets.values()
    desk = asked.desk(project, target.place)
    prepared = desk.prepared(target)
    aws = desk.connection.aws
    plan = Deployment(aws, prepared, desk.terminal, asked.waits).plan()
    try:
        save(plan, path)
    except DeployError:
        for left in taken_away(aws, plan.stack_id, plan.made):
            say(f"{plan.stack_name}: warning: {left}")
        raise
    say(plan_view(plan))
    return plan


def _code(plan: Plan) -> Exit:
    """What a plan means for a job that asks: as a review's code, by CloudFormation's word too."""
    if plan.kind == "NOTHING":
        return Exit.DONE
    return Exit.NEEDS_APPROVAL if needs_approval(plan) else Exit.CHANGES


def _told_of_plan(plan: Plan, path: Path, access: Access, code: Exit, *, as_json: bool) -> int:
    """Say where the plan is, and what to do with it; one that changes nothing asks for nothing."""
    words = ("deploy", plan.app, "--env", plan.environment, "--plan", str(path))
    way = f"carry it out: {access.command(*words)}" if plan.kind != "NOTHING" else ""
    say("; ".join(filter(None, [f"kept in {path}", way])))
    if as_json:
        sentence = f"{plan.stack_name}: planned; the plan is kept in {path}"
        outcome = Outcome(code=code, sentence=sentence, hint=way, plan=plan, word=OK)
        code = code if _put({plan.stack_name: outcome}, code) else Exit.INTERNAL
    return int(code)


def _carried_out(
    project: Project, asked: Asked, path: Path, apps: tuple[str, ...]
) -> dict[str, Outcome]:
    plan = load(path)
    [name] = chosen_apps(project, apps or [plan.app])
    place = place_of(project, name, asked.environment, asked.access)
    desk = asked.desk(project, place)
    try:
        return {place.stack_name: desk.ended(place, lambda: desk.carry_out(plan))}
    finally:
        desk.terminal.close()


def _told(outcomes: Mapping[str, Outcome], *, as_json: bool) -> int:
    """Say how all ended, the best first, so that what matters stands at the end; the exit code."""
    code = worst(outcome.code for outcome in outcomes.values())
    if as_json and not _put(outcomes, code):
        code = code or Exit.INTERNAL
    for outcome in sorted(outcomes.values(), key=_badness):
        told(outcome)
    if len(outcomes) > 1:
        say(summary(outcomes.values()))
    return int(code)


def _put(outcomes: Mapping[str, Outcome], code: Exit) -> bool:
    """Write the outcomes as JSON; whether that could be done."""
    return put(clean_json(json.dumps(outcomes_json(outcomes, code), indent=2)))


def _badness(outcome: Outcome) -> int:
    return -WORST_FIRST.index(outcome.code)
