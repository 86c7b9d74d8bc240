"""From a rendered app to everything that CloudFormation is given: values looked up, images found.

Nothing is written but a large template, into its bucket under the name of its own content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from ecs_blocks.deploy import before_deploy, lookups
from ecs_blocks.deploy.cloudformation.stack import read_resources, read_stack
from ecs_blocks.deploy.cloudformation.statuses import Way
from ecs_blocks.deploy.cloudformation.upload import placed
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.live.asking import tried
from ecs_blocks.deploy.live.sides import as_it_is, planned
from ecs_blocks.deploy.planning import Prepared, misfits_on
from ecs_blocks.deploy.preflight.finding import Gap, problem
from ecs_blocks.deploy.preflight.run import preflight
from ecs_blocks.deploy.preflight.subject import Running, Subject
from ecs_blocks.deploy.preflight.template import part
from ecs_blocks.deploy.show.hiding import without

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ecs_blocks.deploy.aws import Aws, Identity
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.lookups import Resolved
    from ecs_blocks.deploy.preflight.finding import Finding, Report
    from ecs_blocks.deploy.target import Target
    from ecs_blocks.environment.deploy_settings import DeploySettings


def prepare(aws: Aws, target: Target, settings: DeploySettings, identity: Identity) -> Prepared:
    """Look up what the target leaves open.

    Raises:
        DeployError: with everything that cannot be found, and whatever else would be refused.
    """
    resolved = lookups.look_up(aws, target.place, target.rendered)
    if resolved.missing:
        found = _found_without(aws, target, resolved)
        raise lookups.refusal(target.stack_name, resolved, found)
    body = placed(aws, settings, target.text.encode(), target.account_id)
    return Prepared(
        target=target,
        content=target.content(resolved.values),
        body=body,
        identity=identity,
        resolved=resolved,
        facts=tuple(f"{key}: {source}" for key, source in resolved.sources.items()),
        is_renewable=True,
    )


def _found_without(aws: Aws, target: Target, resolved: Resolved) -> Sequence[Finding]:
    """Every other problem of a deploy that lacks values; what hangs on them is not looked at."""
    blank = dict.fromkeys(resolved.missing, "")
    try:
        stack = read_stack(aws, target.stack_name)
        resources = read_resources(aws, stack.stack_id) if stack else []
        report = preflight(aws, Subject.of(target, resolved, stack, resources))
    except DeployError:
        return resolved.image_problems  # what is missing is told all the same
    content = target.content({**resolved.values, **blank})
    return [*_refused(misfits_on(content, target, stack)), *report.problems]


def _refused(wrong: Iterable[str]) -> list[Finding]:
    return [problem("CloudFormation would refuse", one) for one in wrong]


def _refuse(prepared: Prepared, stack: Stack | None, report: Report) -> None:
    """Refuse what the pre-flight found, and with it what does not fit the template.

    What does not fit is refused by the plan too, where nothing else is wrong.

    Raises:
        DeployError: the pre-flight found something.
    """
    if not report.problems:
        return
    name = prepared.target.stack_name
    wrong = _refused(misfits_on(prepared.content, prepared.target, stack))
    refusal = structs.replace(report, problems=(*wrong, *report.problems)).refusal(name)
    if refusal is not None:
        code = Exit.INPUT if wrong else refusal.code
        raise DeployError(code, refusal.message, refusal.hint)


def inspected(aws: Aws, prepared: Prepared, stack: Stack | None) -> Prepared:
    """*prepared*, with what the pre-flight found out.

    Raises:
        DeployError: with every problem that would make the deploy fail.
    """
    resources = read_resources(aws, stack.stack_id) if stack else []
    running = _running(aws, prepared, stack)
    subject = Subject.of(prepared.target, prepared.resolved, stack, resources, running)
    report = preflight(aws, subject)
    _refuse(prepared, stack, report)
    template = prepared.target.rendered.template
    steps = before_deploy.facts(template)
    notes = before_deploy.notes(template, stack_exists=stack is not None)
    facts = (*prepared.facts, *map(str, report.facts), *map(str, report.skipped), *steps)
    warnings = (*prepared.warnings, *map(str, report.warnings), *notes)
    secrets = prepared.content.secrets  # the name of an image may hold one, say
    return structs.replace(
        prepared,
        facts=tuple(without(one, secrets) for one in facts),
        warnings=tuple(without(one, secrets) for one in warnings),
    )


def _running(aws: Aws, prepared: Prepared, stack: Stack | None) -> Running | Gap | None:
    """What runs, where a service says by which strategy it is deployed: others need no look.

    A service that leaves a strategy has to say the other one; without, the deploy is refused.
    """
    if stack is None or stack.row.way in (Way.CREATE, Way.REPLACE):
        return None
    resources = prepared.target.rendered.template.get("Resources", {})
    if not any(
        "Strategy" in part(one, "Properties", "DeploymentConfiguration")
        for one in resources.values()
        if one.get("Type") == "AWS::ECS::Service"
    ):
        return None
    after = planned(prepared.target, prepared.resolved.values)
    before = tried(as_it_is, aws, stack, after)
    return before if isinstance(before, Gap) else Running.of(before, after)
