"""The steps of a stack script that run before each deploy, while the old version still serves."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import msgspec

from ecs_blocks.deploy.cloudformation.change_set import StackMoved
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.one_off import containers
from ecs_blocks.deploy.one_off.earlier import KEY
from ecs_blocks.deploy.one_off.request import SPOT
from ecs_blocks.deploy.one_off.service import read_service, services_of
from ecs_blocks.deploy.one_off.step import Step, StepRun
from ecs_blocks.templates.read import parsed
from ecs_blocks.templates.resolve import Values, resolve
from ecs_blocks.templates.steps import STEPS_KEY
from ecs_blocks.templates.suppress import METADATA_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.plan import Plan
    from ecs_blocks.deploy.planning import Prepared
    from ecs_blocks.deploy.ui import Ui

STEP_FACT: Final = "before the deploy: "
"""How what a plan says of a step begins."""


def steps_of(template: Mapping[str, Any]) -> tuple[Step, ...]:
    """The steps of a template.

    Raises:
        DeployError: its Metadata holds something else in their place.
    """
    metadata = template.get("Metadata")
    ours = metadata.get(METADATA_KEY) if isinstance(metadata, dict) else None
    found = ours.get(STEPS_KEY, []) if isinstance(ours, dict) else []
    try:
        return msgspec.convert(found, tuple[Step, ...])
    except msgspec.ValidationError as error:
        raise DeployError(
            Exit.INPUT,
            f"the template's Metadata.{METADATA_KEY}.{STEPS_KEY} is not what a stack script "
            f"writes: {error}",
            "declare steps with stack.before_deploy(...)",
        ) from error


def facts(template: Mapping[str, Any]) -> list[str]:
    """What a plan says of the steps that will run.

    Raises:
        DeployError: as ``steps_of``.
    """
    return [
        f"{STEP_FACT}{one.name} runs {one.line} in {one.container or one.service} with the "
        f"new image, at most {one.timeout_minutes} minutes{_capacity(template, one.service)}"
        for one in steps_of(template)
    ]


def _capacity(template: Mapping[str, Any], service: str) -> str:
    resource = (template.get("Resources") or {}).get(service) or {}
    strategy = (resource.get("Properties") or {}).get("CapacityProviderStrategy")
    given = strategy if isinstance(strategy, list) else []
    spot = any(isinstance(one, dict) and one.get("CapacityProvider") == SPOT for one in given)
    return f", on FARGATE: not on {SPOT}, which could take it away half done" if spot else ""


def notes(template: Mapping[str, Any], *, stack_exists: bool) -> list[str]:
    """The warning of a plan whose steps cannot run: a new stack has no service to run them in.

    Raises:
        DeployError: as ``steps_of``.
    """
    steps = steps_of(template)
    if stack_exists or not steps:
        return []
    names = ", ".join(one.name for one in steps)
    return [
        f"{names} cannot run before the first deploy: there is no service yet, and a new one "
        "starts a task, whatever ServiceDesiredCount says. Where the program does not start "
        "without it, deploy an image first that does, with --set ImageTag=…: the next deploy runs "
        f"{steps[0].line}"
    ]


def _always() -> bool:
    return True


def run_steps(
    aws: Aws,
    prepared: Prepared,
    plan: Plan,
    token: str,
    ui: Ui,
    *,
    again: bool = False,
    still_ours: Callable[[], bool] = _always,
) -> None:
    """Run the steps of an approved *plan*, one after the other, before it is carried out.

    *token* is that of the deploy: together with a step's name it names the step's task, so that a
    process that was killed and starts again finds it. With *again*, a step that failed in this
    deploy before runs once more; without, it has failed. *still_ours* is asked before each step:
    whether the stack and the change set are still what the plan was made for.

    Raises:
        StackMoved: they are not.
        DeployError: a step failed (exit 15), goes on although nobody follows it (12, 130, 143), or
            another deploy runs one of its own (exit 13).
    """
    if plan.kind != "UPDATE" or STEPS_KEY not in plan.content.template:
        return
    template = parsed(plan.content.template.encode(), f"the template of {plan.stack_name}")
    steps = steps_of(template)
    if not steps:
        return
    given = {key: one for key, one in plan.content.parameters.items() if one is not None}
    pseudo = prepared.target.rendered.pseudo
    resolved = resolve(template, Values(parameters=given, pseudo=pseudo))
    services = services_of(aws, plan.stack_id)
    keys = {one.name: _key(token, one) for one in steps}
    for step in steps:
        if step.service not in services:
            ui.say(f"{step.name}: not run, because there is no service {step.service} yet")
            continue
        if not still_ours():
            raise StackMoved(plan.stack_name)
        service = read_service(aws, plan.stack_id, step.service, services[step.service])
        run = StepRun(
            place=prepared.target.place,
            step=step,
            service=service,
            container=containers.chosen(service, step.container),
            key=keys[step.name],
            keys=frozenset(keys.values()),
        )
        run.run(aws, resolved, ui, again=again)


def _key(token: str, step: Step) -> str:
    return f"{KEY}{hashlib.sha256(f'{token} {step.name}'.encode()).hexdigest()[:32]}"
