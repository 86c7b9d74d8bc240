"""A deploy of before, prepared once more: from its record, or from a plan that was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.deploy.cloudformation.stack_settings import StackSettings
from ecs_blocks.deploy.cloudformation.upload import placed
from ecs_blocks.deploy.content import Content
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.git import Revision
from ecs_blocks.deploy.lookups import Resolved
from ecs_blocks.deploy.planning import Prepared
from ecs_blocks.deploy.target import Target
from ecs_blocks.templates.read import parsed
from ecs_blocks.templates.render import RenderedEnvironment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.deploy.aws import Aws, Identity
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.plan import Plan
    from ecs_blocks.deploy.records.record import Record


def revived(
    aws: Aws,
    place: Place,
    record: Record,
    identity: Identity,
    warnings: tuple[str, ...],
    *,
    why: str = "",
) -> Prepared:
    """What *record* holds, ready to be planned. Parameters that it hides keep the stack's value.

    *why* it is this version that is gone back to stands in the plan.

    Raises:
        DeployError: it is the record of another stack, or holds no template.
    """
    there = (record.account_id, record.region, record.stack_name)
    _refuse_foreign(place, there, f"the record {record.id}")
    content = Content(
        template=record.template,
        parameters=record.parameters,
        tags=record.tags,
        role_arn=place.settings.service_role_arn or "",
        where=f"{place.account_id} {place.stack_name}",
        settings=StackSettings.of(place.settings),
    )
    body = placed(aws, place.settings, record.template.encode(), place.account_id)
    return Prepared(
        target=_target(place, content, f"the template of {record.id}"),
        content=content,
        body=body,
        identity=identity,
        resolved=Resolved({}, {}, ()),
        facts=(f"the version of {record.id}{_commit(record)}{f': {why}' if why else ''}",),
        warnings=warnings,
        revision=Revision(record.commit, record.dirty, record.branch),
        back_to=record.id,
    )


def _commit(record: Record) -> str:
    if record.commit is None:
        return ""
    changed = ", and what was not committed" if record.dirty else ""
    return f" (commit {record.commit[:9]}{changed})"


def of_plan(aws: Aws, place: Place, plan: Plan, identity: Identity) -> Prepared:
    """What *plan* holds, ready to be carried out: the app's files may be other ones by now.

    Only a plan without a change set needs its template once more.

    Raises:
        DeployError: it is the plan of another stack, it holds no template, or there is no place
            for a large one.
    """
    _refuse_foreign(place, (plan.account_id, plan.region, plan.stack_name), "the plan")
    if (plan.app, plan.environment) != (place.app, place.environment):
        raise DeployError(
            Exit.INPUT,
            f"the plan says that it is of {plan.app} in {plan.environment}; {place.stack_name} is "
            f"{place.app} in {place.environment}",
        )
    body: dict[str, str] = {}
    if plan.kind == "REPLACE":
        template = plan.content.template.encode()
        body = placed(aws, place.settings, template, place.account_id)
    return Prepared(
        target=_target(place, plan.content, "the plan's template"),
        content=plan.content,
        body=body,
        identity=identity,
        resolved=Resolved({}, {}, ()),
        facts=plan.facts,
        warnings=plan.warnings,
        revision=plan.revision,
        back_to=plan.back_to,
    )


def _refuse_foreign(place: Place, there: tuple[str, str, str], what: str) -> None:
    here = (place.account_id, place.region, place.stack_name)
    if here != there:
        raise DeployError(
            Exit.INPUT,
            f"{what} is of {there[2]} in {there[0]}, {there[1]}; this is {here[2]} in {here[0]}, "
            f"{here[1]}",
        )


def _target(place: Place, content: Content, what: str) -> Target:
    template = parsed(content.template.encode(), what)
    if not _is_template(template):
        raise DeployError(Exit.INPUT, f"{what} is no template")
    rendered = RenderedEnvironment(
        name=place.environment,
        stack_name=place.stack_name,
        template=template,
        parameters=_known(content.parameters),
        tags=content.tags,
        lookups={},
        pseudo=place.pseudo,
    )
    return Target(place, rendered, content.template)


def _is_template(tree: object) -> bool:
    """Whether *tree* has the form of a template; a file may hold anything."""
    if not isinstance(tree, dict):
        return False
    sections = (tree.get("Resources"), tree.get("Parameters") or {})
    return all(
        isinstance(section, dict) and all(isinstance(one, dict) for one in section.values())
        for section in sections
    )


def _known(parameters: Mapping[str, str | None]) -> dict[str, str]:
    return {key: value for key, value in parameters.items() if value is not None}
