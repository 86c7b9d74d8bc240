"""From a rendered app to everything that CloudFormation is given: values looked up, images found.

Nothing is written but a large template, into its bucket under the name of its own content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from ecs_blocks.deploy import before_deploy
from ecs_blocks.deploy.cloudformation.stack import read_resources
from ecs_blocks.deploy.cloudformation.upload import placed
from ecs_blocks.deploy.lookups import resolve
from ecs_blocks.deploy.planning import Prepared
from ecs_blocks.deploy.preflight.run import preflight
from ecs_blocks.deploy.preflight.subject import Subject
from ecs_blocks.deploy.show.hiding import without

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws, Identity
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.target import Target
    from ecs_blocks.environment.deploy_settings import DeploySettings


def prepare(aws: Aws, target: Target, settings: DeploySettings, identity: Identity) -> Prepared:
    """Look up what the target leaves open.

    Raises:
        DeployError: with everything that cannot be found.
    """
    resolved = resolve(aws, target.place, target.rendered)
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


def inspected(aws: Aws, prepared: Prepared, stack: Stack | None) -> Prepared:
    """*prepared*, with what the pre-flight found out.

    Raises:
        DeployError: with every problem that would make the deploy fail.
    """
    resources = read_resources(aws, stack.stack_id) if stack else []
    report = preflight(aws, Subject.of(prepared.target, prepared.resolved, stack, resources))
    refusal = report.refusal(prepared.target.stack_name)
    if refusal is not None:
        raise refusal
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
