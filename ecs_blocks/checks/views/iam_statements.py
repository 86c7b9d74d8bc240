"""What IAM policies allow: their statements, the actions in them, and how far they reach."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.checks.model import Fault, Unknown, lookup, statements
from ecs_blocks.checks.views.parts import as_items, each, parts
from ecs_blocks.checks.views.texts import arn_parts, settled, text_of
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.checks.model import Resource, Template

ROLE: Final = "AWS::IAM::Role"
HOLDERS: Final = (
    ROLE,
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::RolePolicy",
)
"""The types whose policies say what a role may do."""

_WHOLE_SERVICE: Final = re.compile(
    r"((alias|cluster|function|instance|key|log-group|parameter|policy|repository|role|secret|"
    r"service|stack|table|task|task-definition|user)[:/])?\*([:/].*)?"
)
"""What comes after the account in an ARN that means every resource, or every one of a kind."""

_NOT_NARROWING: Final = frozenset(
    {
        "aws:currenttime",
        "aws:epochtime",
        "aws:multifactorauthpresent",
        "aws:requestedregion",
        "aws:securetransport",
        "aws:sourceip",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:useragent",
        "aws:viaawsservice",
    }
)
"""Condition keys that say when or from where, not on what."""


class Statement(Struct, frozen=True):
    """One statement that allows something, with its path inside the resource that holds it."""

    path: str
    body: Mapping[str, Any]

    def granting(self, *actions: str) -> str | None:
        """The first pattern that allows one of *actions* (``logs:PutLogEvents``), or None.

        Raises:
            Unknown: the actions are decided only when CloudFormation runs.
        """
        for pattern in self.patterns():
            if any(fnmatchcase(action.lower(), pattern.lower()) for action in actions):
                return pattern
        return None

    def patterns(self) -> list[str]:
        """The action patterns as they are written."""
        found = as_items(self.body.get("Action"))
        if any(is_intrinsic(one) for one in found):
            raise Unknown(f"{self.path}.Action")
        return [one for one in found if isinstance(one, str)]

    def resources(self) -> list[Any]:
        """The resources as they are written: texts and intrinsic functions."""
        return as_items(self.body.get("Resource"))

    def is_everywhere(self, template: Template) -> bool:
        """Whether it reaches every resource of the service, with no condition on which.

        Raises:
            Unknown: a resource or the condition comes from outside the template.
        """
        if self.is_narrowed():
            return False
        if "NotResource" in self.body:
            return True
        place = f"{self.path}.Resource"
        # All are looked at: one that is unknown must not hide one that is not.
        texts = [text_of(one) or "" for one in self.resources()]
        if any(_reaches_all(text) for text in texts):
            return True
        for one in self.resources():
            settled(one, template, place)
        return False

    def is_narrowed(self) -> bool:
        """Whether a condition says which resources or callers are meant."""
        return any(key.lower() not in _NOT_NARROWING for key in condition_keys(self))


def condition_keys(statement: Statement) -> Iterator[str]:
    """The keys that the statement's conditions test, as written."""
    conditions = statement.body.get("Condition")
    if is_intrinsic(conditions):
        raise Unknown(f"{statement.path}.Condition")
    for tests in conditions.values() if isinstance(conditions, dict) else ():
        if is_intrinsic(tests):
            raise Unknown(f"{statement.path}.Condition")
        yield from tests if isinstance(tests, dict) else ()


def allowed(holder: Resource) -> Iterator[Statement]:
    """Every statement that the policies of *holder* (one of ``HOLDERS``) allow."""
    if holder.type == ROLE:
        for policy in parts(holder, "Policies"):
            document = policy.get("PolicyDocument", {})
            yield from statements_of(policy.at("PolicyDocument"), document)
    else:
        yield from statements_of("PolicyDocument", holder.get("PolicyDocument", {}))


def statements_of(path: str, document: object, effect: str = "Allow") -> Iterator[Statement]:
    """The statements of *document* that have this *effect*.

    Raises:
        Unknown: a statement is decided only when CloudFormation runs.
    """
    for place, body in statements(document):
        where = f"{path}.{place}"
        if is_intrinsic(body):
            raise Unknown(where)
        if lookup(body, "Effect") == effect:
            yield Statement(where, body)


def principals(statement: Statement, kind: str) -> Iterator[str]:
    """The principals of this *kind* (``AWS``, ``Service``); ``*`` alone stands for every kind."""
    principal = statement.body.get("Principal")
    if is_intrinsic(principal):
        raise Unknown(f"{statement.path}.Principal")
    named = principal.get(kind) if isinstance(principal, dict) else principal
    for one in as_items(named):
        text = text_of(one)
        if text is None:
            raise Unknown(f"{statement.path}.Principal.{kind}")
        yield text


def without_whole_service(patterns: Iterable[str | None]) -> Iterator[str]:
    """The patterns but for ``*`` and ``service:*``: on every resource, they are EB602's."""
    return (one for one in patterns if one and not one.endswith(":*") and one != "*")


def granted_everywhere(
    holder: Resource, template: Template, actions: Iterable[str], where: str
) -> Iterator[Fault]:
    """A fault for each statement of *holder* that allows one of *actions* on every resource."""

    def statement(one: Statement) -> Iterator[Fault]:
        granted = list(without_whole_service([one.granting(action) for action in actions]))
        if granted and one.is_everywhere(template):
            listed = ", ".join(dict.fromkeys(granted))
            yield Fault(f"{one.path}.Resource", f"{listed} is allowed on {where}")

    yield from each(allowed(holder), statement)


def _reaches_all(text: str) -> bool:
    found = arn_parts(text)
    if len(found) < 6:
        return text == "*" or (text.startswith("arn:") and text.endswith(":*"))
    if found[2] == "s3":
        return found[5] in ("*", "*/*")  # what stands before the slash is a bucket, not a kind
    return _WHOLE_SERVICE.fullmatch(found[5]) is not None
