"""What roles may do after the change that they could not before, by all policies on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Unknown
from ecs_blocks.checks.views.iam_statements import HOLDERS, ROLE
from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.permission.grants import beyond, grants
from ecs_blocks.review.impact.permission.held import POLICY, Held, is_attached
from ecs_blocks.review.impact.permission.passing import passers
from ecs_blocks.review.impact.permission.words import lines, role_name, said
from ecs_blocks.review.impact.phrases import listed, spoken, verb
from ecs_blocks.review.impact.reading import differs
from ecs_blocks.review.model import Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject

_EVERYTHING: Final = "*"


def role_permissions(subject: Subject) -> Iterator[Finding]:
    """A finding for each role that may do more, and one for each that may do less."""
    for role in subject.after.of_type(ROLE):
        before = subject.before.resources.get(role.id)
        if before is not None and not _is_touched(subject, role.id):
            continue
        old, new = Held(role.id, subject.before), Held(role.id, subject.after)
        yield from _more(subject, role.id, old, new)
        yield from _less(subject, role.id, old, new)
        if not (old.is_known and new.is_known) and before is not None:
            yield Finding(
                kind="permission",
                weight=Weight.APPROVAL,
                text=(
                    f"{role_name(role.id, subject.after)}: what it may do changes, and a part of "
                    "it is known during the deploy only"
                ),
                covers=_touched(subject, new),
            )


def policies_of_other_roles(subject: Subject) -> Iterator[Finding]:
    """A finding for each changed policy that hangs on no role of this stack."""
    roles = [one.id for one in subject.after.of_type(ROLE)]
    for holder in subject.after.of_type(*HOLDERS):
        if holder.type == ROLE or any(is_attached(holder, one, subject.after) for one in roles):
            continue
        before = subject.before.resources.get(holder.id)
        covers = ((holder.id, POLICY),)
        documents = [one.properties.get(POLICY) if one else None for one in (before, holder)]
        if not differs(*documents):
            continue
        try:
            old, new = (grants(one) for one in documents)
        except Unknown:
            text = f"{holder.id}: what it allows changes, and is known during the deploy only"
            yield Finding(kind="permission", weight=Weight.APPROVAL, text=text, covers=covers)
            continue
        for found, words, weight in (
            ([one for one in beyond(new, old) if one.allow], "now allows:", Weight.APPROVAL),
            (
                [one for one in beyond(old, new) if not one.allow],
                "no longer denies:",
                Weight.APPROVAL,
            ),
            ([one for one in beyond(old, new) if one.allow], "no longer allows:", Weight.NOTICE),
        ):
            if found:
                who = listed(map(spoken, as_items(_roles_of(holder)))) or "what has it"
                text, details = said(f"policy {holder.id} ({who}) {words}", lines(found, old))
                yield Finding(
                    kind="permission", weight=weight, text=text, details=details, covers=covers
                )


def _roles_of(holder: Resource) -> object:
    return holder.properties.get("Roles") or holder.properties.get("RoleName")


def _is_touched(subject: Subject, role: str) -> bool:
    """Whether the role or a policy on it differs: an equal policy needs no comparing."""
    own = {role}
    for template in (subject.before, subject.after):
        own |= {one.id for one in template.of_type(*HOLDERS) if is_attached(one, role, template)}
    for one in own:
        sides = [side.resources.get(one) for side in (subject.before, subject.after)]
        if any(side is None for side in sides) or differs(
            *(side.properties for side in sides if side is not None)
        ):
            return True
    return False


def _more(subject: Subject, role: str, old: Held, new: Held) -> Iterator[Finding]:
    allowed = [one for one in beyond(new.grants, old.grants) if one.allow]
    freed = [one for one in beyond(old.grants, new.grants) if not one.allow]
    fresh = role not in subject.before.resources
    name = role_name(role, subject.after)
    broad = any(
        one.resource == _EVERYTHING and one.action.rpartition(":")[2] == _EVERYTHING
        for one in allowed
    )
    weight = Weight.NOTICE if fresh and subject.is_new and not broad else Weight.APPROVAL
    if allowed:
        head = f"{name} is new; it may:" if fresh else f"{name} may now:"
        text, details = said(head, lines(allowed, old.grants))
        handed = passers(role, subject.after) if weight is Weight.APPROVAL else ()
        yield Finding(
            kind="permission",
            weight=weight,
            text=text,
            details=details + handed,
            covers=_touched(subject, new),
        )
    if freed:
        text, details = said(f"{name} is no longer denied:", lines(freed, still=new.grants))
        yield Finding(
            kind="permission",
            weight=Weight.APPROVAL,
            text=text,
            details=details,
            covers=_touched(subject, old),
        )
    added = [one for one in new.managed if one not in old.managed]
    if added:
        has = "has" if fresh else "now has"
        allows = verb(added, "allows", "allow")
        yield Finding(
            kind="permission",
            weight=weight,
            text=f"{name} {has} all that the managed {_policies(added)} {allows}",
            covers=_touched(subject, new),
        )


def _less(subject: Subject, role: str, old: Held, new: Held) -> Iterator[Finding]:
    lost = [one for one in beyond(old.grants, new.grants) if one.allow]
    denied = [one for one in beyond(new.grants, old.grants) if not one.allow]
    name = role_name(role, subject.after)
    removed = [one for one in old.managed if one not in new.managed]
    if removed:
        yield Finding(
            kind="permission",
            weight=Weight.NOTICE,
            text=f"{name} loses what the managed {_policies(removed)} allowed",
            covers=_touched(subject, new),
        )
    # What was only narrowed is told once, by what is left.
    for words, found in (
        ("may no longer:", lines(lost, still=new.grants)),
        ("is denied from now on:", lines(denied, old.grants)),
    ):
        if found and not (role not in subject.before.resources and words.startswith("is")):
            text, details = said(f"{name} {words}", found)
            yield Finding(
                kind="permission",
                weight=Weight.NOTICE,
                text=text,
                details=details,
                covers=_touched(subject, new),
            )


def _policies(names: list[str]) -> str:
    return f"{'policy' if len(names) == 1 else 'policies'} {listed(names)}"


def _touched(subject: Subject, held: Held) -> tuple[tuple[str, str], ...]:
    """The properties that hold the policies, of the resources that differ."""
    return tuple((one, path) for one, path in dict.fromkeys(held.places) if one in subject.by_id)
