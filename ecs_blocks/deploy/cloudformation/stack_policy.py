"""A stack policy: what an update may do to which resource, judged before anything is executed.

Where a policy is set, what no statement allows is denied, and a denial wins. Source: CloudFormation
User Guide, Prevent updates to stack resources.
"""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING, Final, Literal

import msgspec
from msgspec import Struct

from ecs_blocks.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ecs_blocks.deploy.cloudformation.changes import Change

MAX_BYTES: Final = 16_384
"""Source: SetStackPolicy, StackPolicyBody."""
_NO_RESOURCE: Final = frozenset(
    {"Metadata", "CreationPolicy", "DeletionPolicy", "UpdatePolicy", "UpdateReplacePolicy"}
)
"""Scopes of a change that the resource itself does not see."""

_Texts = str | list[str]
_Pattern = dict[Literal["ResourceType"], _Texts]


class Condition(Struct, frozen=True, kw_only=True, rename="pascal", forbid_unknown_fields=True):
    """On which types of resource a statement is."""

    string_equals: _Pattern = {}
    string_like: _Pattern = {}


class Statement(Struct, frozen=True, kw_only=True, rename="pascal", forbid_unknown_fields=True):
    """One statement; the fields are AWS's."""

    effect: Literal["Allow", "Deny"]
    principal: Literal["*"] | dict[Literal["AWS"], Literal["*"]] = "*"
    action: _Texts = []
    not_action: _Texts = []
    resource: _Texts = []
    not_resource: _Texts = []
    condition: Condition = Condition()
    sid: str = ""

    def is_about(self, action: str, change: Change) -> bool:
        """Whether it says something of this *action* (``Update:Replace``) on a resource."""
        wanted = f"LogicalResourceId/{change.logical_id}"
        return (
            _fits(action, self.action, self.not_action)
            and _fits(wanted, self.resource, self.not_resource)
            and all(
                _is_any(change.type, patterns.get("ResourceType", "*"), exactly=exactly)
                for patterns, exactly in (
                    (self.condition.string_equals, True),
                    (self.condition.string_like, False),
                )
            )
        )


class Policy(Struct, frozen=True, kw_only=True, rename="pascal", forbid_unknown_fields=True):
    """A whole policy."""

    statement: tuple[Statement, ...]
    version: str = ""
    id: str = ""


class Refusals(Struct, frozen=True):
    """What a policy denies of some changes: for certain, and what only the deploy decides."""

    certain: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()


def policy_of(text: str, place: str) -> Policy:
    """The policy in *text*, which was found at *place*.

    Raises:
        InputError: it is none, or is longer than CloudFormation takes.
    """
    try:
        size = len(text.encode())
        if size > MAX_BYTES:
            message = f"the stack policy has {size:,} bytes; CloudFormation takes {MAX_BYTES:,}"
            raise InputError([Problem(place, 0, 0, "", message)])
        return msgspec.json.decode(text, type=Policy)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        message = f"this is no stack policy: {error}"
        raise InputError([Problem(place, 0, 0, "", message)]) from error


def refusals(policy: Policy, changes: Iterable[Change]) -> Refusals:
    """What *policy* denies of *changes*. Nested stacks have policies of their own."""
    certain: list[str] = []
    possible: list[str] = []
    for change in changes:
        if change.path:
            continue
        must, may = _actions(change)
        told = [(action, why) for action in must + may if (why := _denial(policy, action, change))]
        is_certain = any(action in must for action, _ in told) or (
            bool(may) and len(told) == len(may)
        )
        lines = [f"{change.logical_id} ({change.type}): {action} {why}" for action, why in told]
        (certain if is_certain else possible).extend(lines)
    return Refusals(tuple(certain), tuple(possible))


def _actions(change: Change) -> tuple[list[str], list[str]]:
    """What a change is to a stack policy: the actions that it has, or one of those it may have."""
    match change.action, change.replacement:
        case "Remove", _:
            return ["Update:Delete"], []
        case "Modify", "True":
            return ["Update:Replace"], []
        case "Modify", "Conditional":
            return [], ["Update:Modify", "Update:Replace"]
        case "Modify", _ if change.scope and _NO_RESOURCE.issuperset(change.scope):
            return [], []
        case "Modify", _:
            return ["Update:Modify"], []
    return [], []


def _denial(policy: Policy, action: str, change: Change) -> str:
    """Why *action* is denied, or nothing."""
    allowed = False
    for number, statement in enumerate(policy.statement, 1):
        if statement.is_about(action, change):
            if statement.effect == "Deny":
                name = f"{number} ({statement.sid})" if statement.sid else f"{number}"
                return f"is denied by statement {name}"
            allowed = True
    return "" if allowed else "is allowed by no statement"


def _fits(text: str, these: _Texts, all_but: _Texts) -> bool:
    return not _is_any(text, all_but) if all_but else _is_any(text, these)


def _is_any(text: str, patterns: _Texts, *, exactly: bool = False) -> bool:
    for one in [patterns] if isinstance(patterns, str) else patterns:
        if one in ("*", text) or (not exactly and fnmatch.fnmatchcase(text, one)):
            return True
    return False
