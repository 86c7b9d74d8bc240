"""The changes of a change set: what differs between a stack and what it is to become."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tests.fake_aws.cloudformation.kinds import UNTAGGED, recreation
from tests.fake_aws.cloudformation.model import Definition, Resource, Stack
from tests.fake_aws.cloudformation.templates import in_order, references
from tests.fake_aws.cloudformation.values import LATER, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ATTRIBUTES = ("Metadata", "CreationPolicy", "UpdatePolicy", "DeletionPolicy", "UpdateReplacePolicy")


class Changes(Struct):
    """Compares a stack with a definition. ``scope`` knows the new one's values.

    ``later`` collects the resources that get a new physical id: what refers to them changes too.
    """

    stack: Stack
    new: Definition
    scope: Scope
    later: set[str]

    def found(self) -> list[dict[str, Any]]:
        """Every change, as DescribeChangeSet shows it with property values."""
        wanted = self.scope.wanted()
        living = {one.logical_id for one in self.stack.resources.values() if one.lives}
        self.later |= wanted.keys() - living
        changes = []
        for logical_id in in_order(wanted):
            if logical_id not in living:
                changes.append(self._added(logical_id, wanted[logical_id]))
                continue
            change = self._modified(self.stack.resources[logical_id], wanted[logical_id])
            if change is not None:
                changes.append(change)
        gone = sorted(living - wanted.keys())
        return [*(self._removed(one) for one in gone), *changes]

    def _added(self, logical_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "Action": "Add",
            "LogicalResourceId": logical_id,
            "ResourceType": body["Type"],
            "Scope": [],
            "Details": [],
            "AfterContext": _context(self.scope.properties(body)),
        }

    def _removed(self, logical_id: str) -> dict[str, Any]:
        resource = self.stack.resources[logical_id]
        body = self.stack.definition.resources.get(logical_id, {})
        return {
            "Action": "Remove",
            "PolicyAction": _kept(body.get("DeletionPolicy", "Delete")),
            "LogicalResourceId": logical_id,
            "PhysicalResourceId": resource.physical_id,
            "ResourceType": resource.type,
            "Scope": [],
            "Details": [],
            "BeforeContext": _context(resource.properties),
        }

    def _modified(self, resource: Resource, body: Mapping[str, Any]) -> dict[str, Any] | None:
        properties = self.scope.properties(body)
        details = list(self._details(resource, body, properties))
        old = self.stack.definition.resources.get(resource.logical_id, {})
        details += [_whole(one) for one in ATTRIBUTES if old.get(one) != body.get(one)]
        if resource.type not in UNTAGGED and self.stack.definition.tags != self.new.tags:
            details.append(_whole("Tags"))
        if not details:
            return None
        replacement = _replacement(details)
        if replacement != "False":
            self.later.add(resource.logical_id)
        change: dict[str, Any] = {
            "Action": "Modify",
            "LogicalResourceId": resource.logical_id,
            "PhysicalResourceId": resource.physical_id,
            "ResourceType": resource.type,
            "Replacement": replacement,
            "Scope": list(dict.fromkeys(one["Target"]["Attribute"] for one in details)),
            "Details": details,
            "BeforeContext": _context(resource.properties),
            "AfterContext": _context(properties),
        }
        if replacement != "False":
            policy = _kept(body.get("UpdateReplacePolicy", "Delete"))
            change["PolicyAction"] = f"ReplaceAnd{policy}"
        return change

    def _details(
        self, resource: Resource, body: Mapping[str, Any], properties: Mapping[str, Any]
    ) -> Iterator[dict[str, Any]]:
        old_body = self.stack.definition.resources.get(resource.logical_id, {})
        for name in {**resource.properties, **properties}:
            before, after = resource.properties.get(name), properties.get(name)
            raw = body.get("Properties", {}).get(name)
            old_raw = old_body.get("Properties", {}).get(name)
            for leaf in _leaves(f"/Properties/{name}", before, after, raw, old_raw):
                target = {
                    "Attribute": "Properties",
                    "Name": name,
                    "RequiresRecreation": recreation(resource.type, name),
                    "Path": leaf.path,
                    "AttributeChangeType": leaf.verb,
                }
                if leaf.before is not None:
                    target["BeforeValue"] = _shown(leaf.before)
                if leaf.after is not None:
                    target["AfterValue"] = _shown(leaf.after)
                yield from self._causes(leaf, target)

    def _causes(self, leaf: Leaf, target: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """One detail for each cause: a parameter's comes beside a Dynamic one, as in AWS."""
        dynamic = LATER in json.dumps(leaf.after)
        causes = list(references(leaf.raw))
        named = False
        for name, attribute in causes:
            if name in self.new.parameters:
                if self.stack.definition.parameters.get(name) == self.new.parameters[name]:
                    continue
                yield _detail(target, "Dynamic", "DirectModification")
                yield _detail(target, "Static", "ParameterReference", name)
                named = True
            elif name in self.later:
                source = "ResourceAttribute" if attribute else "ResourceReference"
                cause = f"{name}.{attribute}" if attribute else name
                yield _detail(target, "Dynamic", source, cause)
                named = True
        if not named or leaf.raw != leaf.old_raw:
            evaluation = "Dynamic" if dynamic else "Static"
            yield _detail(target, evaluation, "DirectModification")


class Leaf(Struct, frozen=True):
    """The smallest part of a property that differs."""

    path: str
    before: Any
    after: Any
    raw: Any
    old_raw: Any

    @property
    def verb(self) -> str:
        """Add, Remove or Modify."""
        if self.before is None:
            return "Add"
        return "Remove" if self.after is None else "Modify"


def _leaves(path: str, before: Any, after: Any, raw: Any, old_raw: Any) -> Iterator[Leaf]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}:
            yield from _leaves(
                f"{path}/{key}",
                before.get(key),
                after.get(key),
                _inner(raw, key),
                _inner(old_raw, key),
            )
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        both = zip(before, after, strict=True)
        for index, (one, other) in enumerate(both):
            where = f"{path}/{index}"
            yield from _leaves(where, one, other, _inner(raw, index), _inner(old_raw, index))
    else:
        yield Leaf(path, before, after, raw, old_raw)


def _inner(raw: Any, key: str | int) -> Any:
    """The part of a template's text that stands for a part of its value: a function for all."""
    if isinstance(raw, dict) and key in raw:
        return raw[key]
    if isinstance(raw, list) and isinstance(key, int) and key < len(raw):
        return raw[key]
    return raw


def _detail(target: dict[str, Any], how: str, source: str, cause: str = "") -> dict[str, Any]:
    found = {"Target": target, "Evaluation": how, "ChangeSource": source}
    return {**found, "CausingEntity": cause} if cause else found


def _whole(attribute: str) -> dict[str, Any]:
    target = {"Attribute": attribute, "RequiresRecreation": "Never"}
    return _detail(target, "Static", "DirectModification")


def _replacement(details: list[dict[str, Any]]) -> str:
    found = [one for one in details if one["Target"]["RequiresRecreation"] == "Always"]
    if any(one["Evaluation"] == "Static" for one in found):
        return "True"
    return "Conditional" if found else "False"


def _kept(policy: str) -> str:
    return "Retain" if policy.startswith("Retain") else policy


def _context(properties: Mapping[str, Any]) -> str:
    return json.dumps({"Properties": properties})


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def without_values(change: dict[str, Any]) -> dict[str, Any]:
    """A change as DescribeChangeSet shows it where property values were not asked for."""
    hidden = {"Path", "BeforeValue", "AfterValue", "AttributeChangeType"}
    details: list[dict[str, Any]] = []
    for one in change["Details"]:
        target = {key: value for key, value in one["Target"].items() if key not in hidden}
        if {**one, "Target": target} not in details:
            details.append({**one, "Target": target})
    kept = {key: one for key, one in change.items() if not key.endswith("Context")}
    return {**kept, "Details": details}
