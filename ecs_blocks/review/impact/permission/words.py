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
    grouped: dict[tuple[str, frozenset[str], str], list[str]] = {}
    for one in grants:
        key = (_where(one), one.condition, _aside(one, before, still))
        grouped.setdefault(key, []).append(_what(one))
    return [
        _line(actions, where, condition, aside)
        for (where, condition, aside), actions in grouped.items()
    ]


def _what(grant: Grant) -> str:
    """The action, or all but those that are left out."""
    if grant.but_actions:
        return f"everything but {listed(sorted(grant.but_actions), _MANY_ACTIONS)}"
    return grant.action


def _where(grant: Grant) -> str:
    """The resource, or all but those that are left out."""
    if grant.but_resources:
        return f"everything but {listed(sorted(map(readable, grant.but_resources)))}"
    return readable(grant.resource) if grant.resource else ""


def who(grant: Grant) -> str:
    """For whom it is: ``account 123456789012``, ``anyone but account 123456789012``."""
    if grant.but_principals:
        return f"anyone but {listed(sorted(map(principal, grant.but_principals)))}"
    return principal(grant.principal)


def _line(actions: list[str], where: str, condition: frozenset[str], aside: str) -> str:
    what = listed(actions, _MANY_ACTIONS)
    text = f"{what} on {where}" if where else what
    if condition:
        text += f", if {listed(sorted(map(readable, condition)))}"
    return f"{text}{aside}"


def _aside(grant: Grant, before: Sequence[Grant], still: Sequence[Grant]) -> str:
    for others, wider, other in ((before, "wider: was", "before:"), (still, "still", "now")):
        if part := _part(grant, others):
            return f" ({wider} {part})"
        same = _of_other_tests(grant, others)
        if tests := {test for one in same for test in one.condition - grant.condition}:
            is_other = any(grant.condition - one.condition for one in same)
            only = f"only if {listed(sorted(map(readable, tests)))}"
            return f" ({other if is_other else wider} {only})"
    return ""


def _part(grant: Grant, before: Sequence[Grant]) -> str:
    """Which part of *grant* the grants of *before* are, in words; empty where none is."""
    what, where = _what(grant), _where(grant)
    within = [
        (_what(one), _where(one))
        for one in before
        if one.lies_within(grant) and one.principal == grant.principal
    ]
    found = [place for action, place in within if _same(action, what) and place != where]
    if found:
        return f"on {listed(found)}"
    actions = [action for action, place in within if not _same(action, what) and place == where]
    return listed(actions, _MANY_ACTIONS)


def _of_other_tests(grant: Grant, before: Sequence[Grant]) -> list[Grant]:
    """The grants of *before* that are the same but for the conditions."""
    asked = (grant.allow, _what(grant), _where(grant))
    return [one for one in before if (one.allow, _what(one), _where(one)) == asked]


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()


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
    is_account = name.isdigit() or name.endswith(":root") or name == "${AWS::AccountId}"
    if kind == "AWS" and root and is_account:
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
