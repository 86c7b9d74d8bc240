"""What a change set would do, resource by resource, as CloudFormation itself says it.

A change set is asked for twice. With property values it leaves out, without an error, resources
whose properties are JSON; without values it has them all. The two answers are put together, so that
nothing is approved that nobody saw. Source: DescribeChangeSet, IncludePropertyValues.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, structs

from ecs_blocks.deploy.show.masking import HIDDEN, hidden_by, may_be_secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CALM_TYPES: Final = frozenset({"AWS::ECS::TaskDefinition"})
"""Replacing one of these is how it works: a new revision, the old one stays."""


class PropertyChange(Struct, frozen=True):
    """One property: ``path`` is ``LoadBalancerAttributes.0.Value``.

    ``before`` and ``after`` are None where CloudFormation does not say. ``recreation`` is Never,
    Conditionally or Always; ``cause`` what it follows from (``parameter ImageTag``); ``dynamic``
    that the value is known only during the deploy; ``truncated`` that AWS cut the values;
    ``direct`` that its own text in the template changed.
    """

    path: str
    before: str | None = None
    after: str | None = None
    recreation: str = "Never"
    cause: str = ""
    truncated: bool = False
    dynamic: bool = False
    direct: bool = False


class ParameterChange(Struct, frozen=True):
    """A parameter of the stack that gets another value; both are None where they are secret."""

    key: str
    before: str | None
    after: str | None


class Change(Struct, frozen=True):
    """One resource. ``replacement`` is True, False, Conditional, or empty where it is no question.

    ``policy_action`` is what becomes of the old one (Delete, Retain, Snapshot, ReplaceAndRetain…);
    ``path`` are the nested stacks on the way to it; ``scope`` names what changes (Properties, Tags,
    Metadata, UpdatePolicy, DeletionPolicy…). ``follows`` is what the change comes from, where it is
    none in the end (``following.settled``): ``HogeService.Name``.
    """

    action: str
    logical_id: str
    type: str
    physical_id: str = ""
    replacement: str = ""
    policy_action: str = ""
    scope: tuple[str, ...] = ()
    properties: tuple[PropertyChange, ...] = ()
    path: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()

    @property
    def is_calm(self) -> bool:
        """Whether it destroys nothing: no removal, no replacement but a new revision."""
        if self.action in ("Add", "Import"):
            return True
        if self.action != "Modify":
            return False
        return self.replacement not in ("True", "Conditional") or self.type in CALM_TYPES


def merged(detailed: Iterable[Mapping[str, Any]], bare: Iterable[Mapping[str, Any]]) -> list[Any]:
    """The changes of the answer with values, and those that only the one without values has."""
    rich = {_key(change): change for change in detailed}
    whole = {_key(change): change for change in bare}
    keys = dict.fromkeys([*whole, *rich])
    return [_fuller(rich.get(key), whole.get(key)) for key in keys]


def _fuller(rich: Mapping[str, Any] | None, bare: Mapping[str, Any] | None) -> Any:
    if rich is None or bare is None:
        return rich or bare
    told = rich.get("ResourceChange", {})
    details = told.get("Details", [])
    known = {_target(detail) for detail in details}
    missing = [
        detail
        for detail in bare.get("ResourceChange", {}).get("Details", [])
        if _target(detail) not in known
    ]
    whole = {**bare.get("ResourceChange", {}), **told, "Details": [*details, *missing]}
    return {**rich, "ResourceChange": whole}


def _key(change: Mapping[str, Any]) -> tuple[str, str]:
    resource = change.get("ResourceChange", {})
    return str(resource.get("LogicalResourceId", "")), str(resource.get("Action", ""))


def _target(detail: Mapping[str, Any]) -> tuple[str, str]:
    target = detail.get("Target", {})
    return str(target.get("Attribute", "")), str(target.get("Name", ""))


def changes_of(found: Iterable[Mapping[str, Any]], path: tuple[str, ...] = ()) -> list[Change]:
    """The ``Changes`` of DescribeChangeSet; an action that is not known stays as it is."""
    return [_change(item["ResourceChange"], path) for item in found if item.get("ResourceChange")]


def _change(found: Mapping[str, Any], path: tuple[str, ...]) -> Change:
    return Change(
        action=str(found.get("Action", "")),
        logical_id=str(found.get("LogicalResourceId", "")),
        type=str(found.get("ResourceType", "")),
        physical_id=str(found.get("PhysicalResourceId", "")),
        replacement=str(found.get("Replacement", "")),
        policy_action=str(found.get("PolicyAction", "")),
        scope=tuple(found.get("Scope", ())),
        properties=tuple(dict.fromkeys(_without_named(found))),
        path=path,
    )


def _without_named(found: Mapping[str, Any]) -> Iterable[PropertyChange]:
    """The properties; a value that its neighbour calls a secret (``Name: DB_PASSWORD``) is hidden.

    The neighbour is told in the resource's context only, and with the change not any more. Without
    it, a value that may be a secret is taken for one.
    Source: API reference, ResourceChange, BeforeContext and AfterContext.
    """
    before, after = (_context(found.get(key)) for key in ("BeforeContext", "AfterContext"))
    for one in _properties(found.get("Details", ())):
        yield structs.replace(
            one,
            before=_masked(one.path, one.before, before, after),
            after=_masked(one.path, one.after, after, before),
        )


def _masked(path: str, value: str | None, own: Any, other: Any) -> str | None:
    """*value* as far as it may be kept, by its *own* context and that of the *other* side."""
    if value is None:
        return None
    told = hidden_by(path, value, own)
    if told or hidden_by(path, value, other) or (told is None and may_be_secret(path, value)):
        return HIDDEN
    return value


def _context(text: Any) -> Any:
    """The properties of a resource as CloudFormation has them; None where it does not tell them."""
    try:
        found = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
    return found.get("Properties") if isinstance(found, dict) else None


def _properties(details: Iterable[Mapping[str, Any]]) -> Iterable[PropertyChange]:
    """One for each property: the many causes of one property are told as one."""
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for detail in details:
        target = detail.get("Target", {})
        place = str(target.get("Path", "")).removeprefix("/Properties/").strip("/")
        name = place.replace("/", ".") or str(target.get("Name") or target.get("Attribute", ""))
        grouped.setdefault(name, []).append(detail)
    for name, group in grouped.items():
        targets = [detail.get("Target", {}) for detail in group]
        causes = dict.fromkeys(filter(None, map(_cause, group)))
        recreations = {str(target.get("RequiresRecreation", "Never")) for target in targets}
        yield PropertyChange(
            path=name,
            before=_first(targets, "BeforeValue"),
            after=_first(targets, "AfterValue"),
            recreation=next((r for r in _BY_WEIGHT if r in recreations), "Never"),
            cause=", ".join(causes),
            truncated=any(str(t.get(k, "")).endswith("...") for t in targets for k in _VALUES),
            dynamic=all(detail.get("Evaluation") == "Dynamic" for detail in group),
            direct=any(detail.get("ChangeSource") == "DirectModification" for detail in group),
        )


_BY_WEIGHT: Final = ("Always", "Conditionally", "Never")
_VALUES: Final = ("BeforeValue", "AfterValue")


def _first(targets: Iterable[Mapping[str, Any]], key: str) -> str | None:
    return next((str(target[key]) for target in targets if target.get(key) is not None), None)


def _cause(detail: Mapping[str, Any]) -> str:
    entity = str(detail.get("CausingEntity", ""))
    match detail.get("ChangeSource"):
        case "ParameterReference":
            return f"parameter {entity}"
        case "ResourceReference" | "ResourceAttribute":
            return entity
        case "Automatic":
            return "CloudFormation"
        case _:
            return ""
