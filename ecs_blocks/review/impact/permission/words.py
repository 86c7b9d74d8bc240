"""How grants are told: actions gathered by resource, with what is wider than before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecs_blocks.review.impact.permission.grants import ANYONE, Grant
from ecs_blocks.review.impact.phrases import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ecs_blocks.checks.model import Template

_HOLE: Final = re.compile(r"\$\{([^}!]+)\}")
_MANY_ACTIONS: Final = 8
_MANY_LINES: Final = 3


def lines(
    grants: Iterable[Grant], before: Sequence[Grant] = (), *, still: Sequence[Grant] = ()
) -> list[str]:
    """One line for each resource: ``s3:GetObject and s3:PutObject on bucket/*``.

    *before* are the grants that there were, to say what is wider; *still* those that are left, to
    say of what is taken away which part of it stays.
    """
    grouped: dict[tuple[str, str, frozenset[str], str], list[Grant]] = {}
    for one in grants:
        key = (one.resource, one.everything_but, one.condition, _aside(one, before, still))
        grouped.setdefault(key, []).append(one)
    return [
        _line([one.action for one in found], resource, but, condition, aside)
        for (resource, but, condition, aside), found in grouped.items()
    ]


def _line(
    actions: list[str], resource: str, but: str, condition: frozenset[str], aside: str
) -> str:
    what = listed(actions, _MANY_ACTIONS)
    if "NotAction" in but:
        what = f"everything but {what}"
    where = readable(resource) if resource else ""
    if "NotResource" in but:
        where = f"everything but {where}"
    text = f"{what} on {where}" if where else what
    if condition:
        text += f", if {listed(sorted(map(readable, condition)))}"
    return f"{text}{aside}"


def _aside(grant: Grant, before: Sequence[Grant], still: Sequence[Grant]) -> str:
    was = _part(grant, before)
    if was:
        return f" (wider: was {was})"
    left = _part(grant, still)
    return f" (still {left})" if left else ""


def _part(grant: Grant, before: Sequence[Grant]) -> str:
    """Which part of *grant* the grants of *before* are, in words; empty where none is."""
    found = [
        one
        for one in before
        if one.allow
        and one.resource != grant.resource
        and one.action.lower() == grant.action.lower()
        and one.lies_within(grant)
    ]
    if found:
        return f"on {listed(readable(one.resource) for one in found)}"
    actions = [
        one.action
        for one in before
        if one.allow
        and one.resource == grant.resource
        and one.action.lower() != grant.action.lower()
        and one.lies_within(grant)
    ]
    if actions:
        return listed(actions, _MANY_ACTIONS)
    same = [one for one in before if (one.action, one.resource) == (grant.action, grant.resource)]
    conditions = {test for one in same for test in one.condition - grant.condition}
    return f"only if {listed(sorted(map(readable, conditions)))}" if conditions else ""


def readable(text: str) -> str:
    """A resource as a person reads it: ``${HogeTable.Arn}/*`` as ``HogeTable.Arn/*``."""
    if text == ANYONE:
        return "* (everything)"
    whole = _HOLE.sub(lambda found: found.group(1), text)
    return whole.replace("${!", "!").replace("}", "") if "${!" in whole else whole


def principal(text: str) -> str:
    """``anyone``, ``account 123456789012``, ``service ecs-tasks.amazonaws.com``, a role's ARN."""
    if not text:
        return "nobody"  # a statement without a principal, which IAM refuses
    if text in (ANYONE, "AWS *"):
        return "anyone"
    kind, _, name = text.partition(" ")
    if not name:
        return readable(text)
    shown = readable(name)
    root = re.fullmatch(r"(?:arn:[^:]*:iam::)?(\d{12}|\$?[\w:{}]+)(?::root)?", name)
    if kind == "AWS" and root and (name.isdigit() or name.endswith(":root")):
        return f"account {readable(root.group(1))}"
    if kind == "Service":
        return f"the service {shown}"
    return shown if kind == "AWS" else f"{kind.lower()} {shown}"


def said(head: str, found: list[str]) -> tuple[str, tuple[str, ...]]:
    """A sentence with *found*, where these are few; else the first, and the others as details."""
    if len(found) <= _MANY_LINES:
        return f"{head} {'; '.join(found)}".strip(), ()
    return f"{head} {found[0]}; and {len(found) - 1} more", tuple(found[1:])


def role_name(role: str, template: Template) -> str:
    """What a role is for: ``the task role of HogeTaskDefinition``, or ``the role HogeRole``."""
    return next(_purposes(role, template), f"the role {role}")


def _purposes(role: str, template: Template) -> Iterator[str]:
    for task in template.of_type("AWS::ECS::TaskDefinition"):
        for key, noun in (("TaskRoleArn", "task role"), ("ExecutionRoleArn", "execution role")):
            found = template.target(task.properties.get(key))
            if found is not None and found.id == role:
                yield f"the {noun} {role}"
    for profile in template.of_type("AWS::IAM::InstanceProfile"):
        held = profile.properties.get("Roles")
        for one in held if isinstance(held, list) else ():
            found = template.target(one)
            if found is not None and found.id == role:
                yield f"the role {role} of the instances"
