"""``ecs-blocks deploy``, and ``python -m stacks.deploy``: plan, approve, execute, watch, verify."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ecs_blocks.cli.aws_options import aws_options, told, yes_option
from ecs_blocks.cli.fleet_deploy import Fleet, Settings
from ecs_blocks.cli.options import (
    chosen_apps,
    chosen_environments,
    parsed_overrides,
    set_option,
    stacks_option,
)
from ecs_blocks.deploy.deployment import Waits
from ecs_blocks.deploy.graph import worst
from ecs_blocks.deploy.plan import load, save
from ecs_blocks.deploy.watch import Patience
from ecs_blocks.templates.render import Project


@click.command()
@click.argument("apps", nargs=-1, metavar="[APP]...")
@click.option("--env", "environment", required=True, metavar="ENV", help="The environment.")
@set_option
@click.option("--all", "every", is_flag=True, help="Every app that has this environment.")
@yes_option
@click.option(
    "--plan-only",
    "plan_out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Only make the plan, and keep it in FILE.",
)
@click.option(
    "--plan",
    "plan_in",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Carry out the plan in FILE as it is; refused if the stack has changed since.",
)
@click.option(
    "--timeout",
    "timeout_min",
    type=click.IntRange(1, 1440),
    default=60,
    show_default=True,
    metavar="MINUTES",
    help="Stop watching after so long; the operation goes on.",
)
@click.option(
    "--wait-for-other",
    "other_min",
    type=click.IntRange(0, 1440),
    default=30,
    show_default=True,
    metavar="MINUTES",
    help="How long somebody else's operation on a stack may still take.",
)
@click.option(
    "--concurrency",
    type=click.IntRange(1, 50),
    default=4,
    show_default=True,
    help="So many stacks at a time.",
)
@aws_options
@click.option("--json", "as_json", is_flag=True, help="The outcome as JSON on stdout.")
@stacks_option
def deploy(  # noqa: PLR0917 - the command's own settings
    apps: tuple[str, ...],
    environment: str,
    overrides: tuple[str, ...],
    plan_out: Path | None,
    plan_in: Path | None,
    timeout_min: int,
    other_min: int,
    concurrency: int,
    profile: str | None,
    root: Path,
    *,
    every: bool,
    yes: bool,
    local: bool,
    as_json: bool,
) -> int:
    """Deploy each APP to one environment, and prove that what was deployed serves.

    Shows what will change and asks. What is deployed is the plan that was shown. Killed at any
    point, the same command goes on where it was.
    """
    if bool(apps) == every and plan_in is None:
        raise click.UsageError("name the apps to deploy, or give --all")
    if (plan_out or plan_in) and (every or len(apps) > 1):
        raise click.UsageError("a plan is of one app")
    if plan_in and overrides:
        raise click.UsageError("a plan is carried out as it is: --set belongs to --plan-only")
    project = Project.open(root.absolute())
    chosen_environments(project, [environment])
    plan = load(plan_in) if plan_in else None
    names = chosen_apps(project, apps or ([plan.app] if plan else ()))
    settings = Settings(
        environment=environment,
        overrides=parsed_overrides(overrides),
        waits=Waits(patience=Patience(timeout_s=timeout_min * 60.0), other_s=other_min * 60.0),
        concurrency=concurrency,
        profile=profile,
        local=local,
        yes=yes,
    )
    fleet = Fleet(project, names, settings, every=every)
    if plan_out is not None:
        made = fleet.plan()
        save(made, plan_out)
        click.echo(
            f"{plan_out}: carry it out with ecs-blocks deploy --env {environment} --plan "
            f"{plan_out}",
            err=True,
        )
        return 0
    outcomes = fleet.run(plan)
    if as_json:
        found = {
            name: {"code": int(o.code), "sentence": o.sentence, "causes": o.causes}
            for name, o in outcomes.items()
        }
        click.echo(json.dumps(found, indent=2))
    for outcome in outcomes.values():
        told(outcome)
    return int(worst(outcome.code for outcome in outcomes.values()))
