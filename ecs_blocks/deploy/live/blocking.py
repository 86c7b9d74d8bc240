"""What would refuse the deploy, or let it fail: found out before it is tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.deploy.cloudformation.changes import Change
from ecs_blocks.deploy.cloudformation.stack_policy import policy_of, refusals
from ecs_blocks.deploy.cloudformation.statuses import Way
from ecs_blocks.deploy.live.asking import Fact, Told, Unknown, unknown
from ecs_blocks.deploy.preflight.ask import find, pages
from ecs_blocks.deploy.preflight.finding import Gap
from ecs_blocks.errors import InputError
from ecs_blocks.review.model import Action, Consequence, Noise, Replacement, Weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.cloudformation.stack_settings import StackSettings, Standing
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.preflight.finding import Report
    from ecs_blocks.review.model import PropertyChange, ResourceChange
    from ecs_blocks.review.side import Side

_ACTIONS: Final = {Action.ADD: "Add", Action.MODIFY: "Modify", Action.REMOVE: "Remove"}
_REPLACEMENTS: Final = {
    Replacement.NO: "False",
    Replacement.YES: "True",
    Replacement.MAYBE: "Conditional",
}
_UNUSED_ABSENCE: Final = ("ValidationError",)
"""What ListImports says of an export that no stack imports."""


def blocked(text: str, *details: str) -> Consequence:
    """Something that stops the deploy."""
    return Consequence(
        kind="blocked", weight=Weight.APPROVAL, text=text, details=tuple(_lines(details))
    )


def noticed(text: str, *details: str) -> Consequence:
    """Something that stands in the account, and that one should know of."""
    return Consequence(
        kind="running", weight=Weight.NOTICE, text=text, details=tuple(_lines(details))
    )


def _lines(details: Iterable[str]) -> Iterator[str]:
    """Each line of each, as a hint may be several commands."""
    return (line for one in details for line in one.splitlines() if line)


def of_report(report: Report) -> Iterator[Told]:
    """What the pre-flight found."""
    for one in report.problems:
        yield blocked(f"the deploy would be refused: {one}", one.hint)
    for one in report.warnings:
        yield noticed(str(one), one.hint)
    for one in report.facts:
        yield Fact(str(one))
    for one in report.skipped:
        yield Unknown(str(one))


def of_status(place: Place, stack: Stack) -> Iterator[Told]:
    """What the status of the stack means for a deploy that would begin now."""
    row = stack.row
    why = f" ({stack.reason})" if stack.reason else ""
    match row.way:
        case Way.STOP:
            yield blocked(
                f"the deploy would be refused: {stack.name} is {stack.status}{why}",
                place.advice(row.advice),
            )
        case Way.WAIT if stack.status == "DELETE_IN_PROGRESS":
            yield blocked(
                f"{stack.name} is being deleted: a deploy waits for that, and makes it anew",
                f"to watch it: {place.command('attach')}",
            )
        case Way.WAIT:
            yield noticed(
                f"an operation runs on {stack.name}: it is {stack.status}; a deploy waits for it",
                f"to watch it: {place.command('attach')}",
            )
        case Way.REPLACE:
            yield noticed(f"{stack.name} is {stack.status}: {place.advice(row.advice)}")


def of_policy(
    now: Standing, wanted: StackSettings, changes: Iterable[ResourceChange]
) -> Iterator[Told]:
    """What the stack policy denies: the *wanted* one, or that which is there."""
    text = wanted.policy or now.policy
    if not text:
        return
    try:
        found = refusals(policy_of(text, "the stack policy"), map(_change, changes))
    except InputError as error:
        yield Unknown(f"what the stack policy denies: {error}")
        return
    for one in found.certain:
        yield blocked(f"the stack policy denies it: {one}")
    for one in found.possible:
        yield noticed(f"the stack policy may end it: {one}")


def _change(one: ResourceChange) -> Change:
    """A change as CloudFormation would say it."""
    noises = {each.noise for each in one.properties}
    scope = ("Tags",) if noises == {Noise.TAGS} else ("Properties",)
    if one.properties and noises <= {Noise.METADATA, Noise.POLICY}:
        scope = ("Metadata",)
    return Change(
        action=_ACTIONS[one.action],
        logical_id=one.logical_id,
        type=one.type,
        replacement=_REPLACEMENTS[one.replacement] if one.action is Action.MODIFY else "",
        scope=scope,
    )


def importers(
    aws: Aws, before: Side | None, outputs: Iterable[PropertyChange]
) -> tuple[dict[str, tuple[str, ...]], list[Told]]:
    """Who imports the exports that change, by the output's name.

    Raises:
        DeployError: the credentials are over.
    """
    found: dict[str, tuple[str, ...]] = {}
    told: list[Told] = []
    exports = before.resolved().get("Outputs", {}) if before is not None else {}
    for name in dict.fromkeys(one.path.partition(".")[0] for one in outputs):
        output = exports.get(name)
        export = output.get("Export") if isinstance(output, dict) else None
        known = export.get("Name") if isinstance(export, dict) else None
        if not isinstance(known, str):
            continue
        answer = find(
            "cloudformation:ListImports",
            pages(aws.client("cloudformation"), "list_imports", "Imports"),
            _UNUSED_ABSENCE,
            ExportName=known,
        )
        if isinstance(answer, Gap):
            told.append(unknown(f"who imports {known}", answer))
        else:
            found[name] = tuple(map(str, answer or ()))
    return found, told
