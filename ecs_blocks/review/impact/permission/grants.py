"""Policy documents as single grants, and which grant lies within which.

A grant is one action on one resource, allowed or denied. Two of them are compared by their
patterns: ``s3:GetObject`` on ``bucket/a`` lies within ``s3:*`` on ``bucket/*``. A statement with
``NotAction`` or ``NotResource`` is one grant of everything, with the set that is left out: the more
is left out, the less is meant.

Source: AWS IAM User Guide, "IAM JSON policy elements reference": action names ignore case, ``*``
and ``?`` are the wildcards; "NotAction", "NotResource", "NotPrincipal": everything that does not
match the list; "Principal": an account's number and the ARN of its root mean the same.
"""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from msgspec.structs import replace

from ecs_blocks.checks.model import Unknown, statements
from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.checks.views.texts import HOLE, text_of
from ecs_blocks.review.impact.phrases import plain
from ecs_blocks.templates.resolve import is_intrinsic, normalised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

ANYONE: Final = "*"
MAX_GRANTS: Final = 4_000
"""Of one document: each of a new one may have to be held against each of the old one."""
_EVERYTHING: Final = "*"
_OR: Final = " or "
_PATTERNS: Final = ("StringLike", "ArnLike", "ArnEquals")
"""Operators whose values may hold wildcards (IAM User Guide, "Condition operators")."""


_ROOT: Final = re.compile(
    r"arn:(?:[\w-]+|\$\{AWS::Partition\}):iam::(\d{12}|\$\{AWS::AccountId\}):root"
)


class Grant(Struct, frozen=True, kw_only=True):
    """One action on one resource for one principal (empty where the policy hangs on a role).

    ``condition`` are the tests, each as one text. ``but_actions``, ``but_resources`` and
    ``but_principals`` are what is left out of it, by NotAction, NotResource and NotPrincipal; the
    action, resource or principal is then ``*``.
    """

    allow: bool
    action: str
    resource: str
    principal: str = ""
    condition: frozenset[str] = frozenset()
    but_actions: frozenset[str] = frozenset()
    but_resources: frozenset[str] = frozenset()
    but_principals: frozenset[str] = frozenset()

    def lies_within(self, other: Grant) -> bool:
        """Whether all that this grant means is meant by *other*."""
        if self.allow is not other.allow:
            return False
        # With more tests, fewer requests fit.
        if not all(any(_as_narrow(own, one) for own in self.condition) for one in other.condition):
            return False
        return (
            fits(self.action.lower(), other.action.lower())
            and fits(self.resource, other.resource)
            and other.principal in (self.principal, ANYONE)
            and other.but_principals <= self.but_principals
            and _is_left_out(other.but_actions, self.action, self.but_actions, str.lower)
            and _is_left_out(other.but_resources, self.resource, self.but_resources, str)
        )


def _is_left_out(
    others: frozenset[str], pattern: str, own: frozenset[str], spelled: Callable[[str], str]
) -> bool:
    """Whether *pattern* without *own* has nothing of what *others* leave out."""
    return all(
        any(fits(spelled(one), spelled(mine)) for mine in own)
        or not overlap(spelled(pattern), spelled(one))
        for one in others
    )


def _as_narrow(test: str, other: str) -> bool:
    """Whether all that passes *test* passes *other*: the same, of fewer values, or without more."""
    if test == other:
        return True
    (key, operator, values), (other_key, other_operator, others) = (
        one.split(" ", 2) for one in (test, other)
    )
    if key.lower() != other_key.lower() or operator != other_operator:
        return False
    own, allowed = values.split(_OR), others.split(_OR)
    match plain_operator(operator):
        case "StringEquals" | "IpAddress":
            return set(own) <= set(allowed)
        case "StringNotEquals" | "NotIpAddress":
            return set(own) >= set(allowed)
        case name if name in _PATTERNS:
            return all(any(fits(one, pattern) for pattern in allowed) for one in own)
    return False


def values_of(test: str) -> list[str]:
    """The values that a test is for."""
    return test.split(" ", 2)[2].split(_OR)


def plain_operator(operator: str) -> str:
    """*operator* without ``ForAllValues:`` or ``ForAnyValue:`` before it, and ``IfExists`` behind.

    With both sides alike in these, fewer values pass fewer requests all the same.
    """
    return operator.rpartition(":")[2].removesuffix("IfExists")


def fits(text: str, pattern: str) -> bool:
    """Whether all that *text* (a pattern itself) can mean is meant by *pattern*."""
    if "*" not in pattern and "?" not in pattern:
        return text == pattern
    # A ? is one character, and the * of another pattern is any number of them.
    return text == pattern or fnmatchcase(text, pattern.replace("[", "[[]").replace("?", "[!*]"))


def overlap(one: str, other: str) -> bool:
    """Whether some text is meant by both patterns. A reference (``${Bucket}``) may be any text."""
    one, other = (HOLE.sub("*", text) for text in (one, other))
    # Whether the rest of the one from each place on and the rest of the other have one in common,
    # from behind: of the other this row is for one place of the one, and the last for the next.
    last = [False] * len(other) + [True]
    for place in range(len(other) - 1, -1, -1):
        last[place] = other[place] == "*" and last[place + 1]
    for mine in reversed(one):
        row = [False] * len(other) + [mine == "*" and last[-1]]
        for place in range(len(other) - 1, -1, -1):
            theirs = other[place]
            if "*" in (mine, theirs):
                row[place] = last[place] or row[place + 1]
            elif mine == theirs or "?" in (mine, theirs):
                row[place] = last[place + 1]
        last = row
    return last[0]


def grants(document: Any, *, default_resource: str = "") -> list[Grant]:
    """Every grant of a policy document.

    *default_resource* stands where a statement names none, as in a key's or a repository's policy.

    Raises:
        Unknown: a part of it is decided only when CloudFormation runs, or it is too large to say.
    """
    if document is None:
        return []
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            raise Unknown("") from None
    found: list[Grant] = []
    for place, statement in statements(document):
        if is_intrinsic(statement):
            raise Unknown(place)
        found.extend(islice(_of(statement, default_resource), MAX_GRANTS))
        if len(found) >= MAX_GRANTS:
            raise Unknown(place)
    return found


def _of(statement: Any, default_resource: str) -> Iterator[Grant]:
    actions, but_actions = _meant(statement, "Action", _texts)
    resources, but_resources = _meant(statement, "Resource", _texts)
    who, but_principals = _meant(statement, "Principal", lambda value: list(_principals(value)))
    condition = frozenset(_tests(statement.get("Condition")))
    for action in actions:
        for resource in resources or [default_resource]:
            for principal in who or [""]:
                yield Grant(
                    allow=statement.get("Effect") != "Deny",
                    action=action,
                    resource=resource,
                    principal=principal,
                    condition=condition,
                    but_actions=but_actions,
                    but_resources=but_resources,
                    but_principals=but_principals,
                )


def _meant(
    statement: Any, key: str, read: Callable[[Any], list[str]]
) -> tuple[list[str], frozenset[str]]:
    """What a statement names under *key*, or everything and what it leaves out of that."""
    if key in statement or f"Not{key}" not in statement:
        return read(statement.get(key)), frozenset()
    return [_EVERYTHING], frozenset(read(statement[f"Not{key}"]))


def _principals(value: Any) -> Iterator[str]:
    """Each as ``Service ecs-tasks.amazonaws.com``; ``*`` for anyone, ``AWS 111122223333``."""
    if is_intrinsic(value):
        raise Unknown("Principal")
    if not isinstance(value, dict):
        yield from _texts(value)
        return
    for kind, named in value.items():
        for one in _texts(named):
            account = _ROOT.fullmatch(one) if kind == "AWS" else None
            whom = account[1] if account else one
            yield ANYONE if whom == ANYONE and kind == "AWS" else f"{kind} {whom}"


def _tests(condition: Any) -> Iterator[str]:
    if is_intrinsic(condition):
        raise Unknown("Condition")
    for operator, tests in condition.items() if isinstance(condition, dict) else ():
        if is_intrinsic(tests) or not isinstance(tests, dict):
            raise Unknown("Condition")
        for key, values in tests.items():
            written = _OR.join(sorted(_texts(values)))
            yield f"{key} {operator} {written}"


def _texts(value: Any) -> list[str]:
    return [_text(one) for one in as_items(value)]


def _text(value: Any) -> str:
    flat = plain(value)
    found = text_of(flat)
    return found if found is not None else json.dumps(normalised(flat), sort_keys=True)


def beyond(some: Iterable[Grant], others: Iterable[Grant]) -> list[Grant]:
    """Those of *some* that lie within none of *others*, each once.

    Of one that differs from one of *others* only by what is left out, it is what is left out there.
    """
    base = dict.fromkeys(others)
    alike = _by_the_rest(base)
    found: dict[Grant, None] = {}
    for one in dict.fromkeys(some):
        if one not in base and not _is_within(one, base):
            parts = _outside(one, alike)
            found |= dict.fromkeys(parts or [one])
            for part in parts:
                if _is_within(part, base):
                    del found[part]
    return list(found)


def _is_within(grant: Grant, others: Iterable[Grant]) -> bool:
    return any(grant.lies_within(other) for other in others)


def _by_the_rest(others: Iterable[Grant]) -> dict[tuple[str, Grant], Grant]:
    """Those that leave something out, by what they leave out and the rest of them."""
    found: dict[tuple[str, Grant], Grant] = {}
    for one in others:
        if one.but_actions:
            found["action", replace(one, but_actions=frozenset())] = one
        if one.but_resources:
            found["resource", replace(one, but_resources=frozenset())] = one
    return found


def _outside(grant: Grant, alike: Mapping[tuple[str, Grant], Grant]) -> list[Grant]:
    """What of *grant* one of *alike* leaves out; nothing where there is none, or it is unclear."""
    rest = replace(grant, but_actions=frozenset())
    if other := alike.get(("action", rest)):
        left = _more_left_out(other.but_actions, grant.but_actions, str.lower)
        return [replace(rest, action=one) for one in left]
    rest = replace(grant, but_resources=frozenset())
    if other := alike.get(("resource", rest)):
        left = _more_left_out(other.but_resources, grant.but_resources, str)
        return [replace(rest, resource=one) for one in left]
    return []


def _more_left_out(
    others: frozenset[str], own: frozenset[str], spelled: Callable[[str], str]
) -> list[str]:
    """What *others* leave out beyond *own*; nothing where a part of one of them is in both."""
    mine = [spelled(one) for one in own]
    left = [one for one in sorted(others) if not any(fits(spelled(one), each) for each in mine)]
    is_clear = not any(overlap(spelled(one), each) for one in left for each in mine)
    return left if is_clear else []
