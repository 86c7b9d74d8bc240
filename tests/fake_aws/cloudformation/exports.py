"""Outputs, and the exports that other stacks import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fake_aws.errors import AwsError, invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fake_aws.cloudformation.model import Stack
    from tests.fake_aws.world import World


class Exports:
    """What stacks export, and who imports it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def all(self) -> list[dict[str, str]]:
        """Every export, as ListExports shows it."""
        return [
            {
                "ExportingStackId": stack.id,
                "Name": output["ExportName"],
                "Value": output["OutputValue"],
            }
            for stack in self._world.cloudformation.stacks.living()
            for output in stack.outputs
            if "ExportName" in output
        ]

    def value(self, name: str) -> str:
        """What an export stands for."""
        for one in self.all():
            if one["Name"] == name:
                return one["Value"]
        raise invalid(f"No export named {name} found.")

    def importers(self, name: str, *, but: Stack | None = None) -> list[str]:
        """The names of the stacks that import *name*."""
        return [
            stack.name
            for stack in self._world.cloudformation.stacks.living()
            if stack is not but and name in set(self._imports(stack))
        ]

    def _imports(self, stack: Stack) -> Iterator[str]:
        scope = self._world.cloudformation.scope(stack, stack.definition)
        return _imported(stack.definition.template, scope.value)

    def fill(self, stack: Stack) -> str:
        """Work the outputs out; return why that is not possible, or nothing."""
        scope = self._world.cloudformation.scope(stack, stack.definition)
        outputs: list[dict[str, str]] = []
        try:
            for key, body in stack.definition.template.get("Outputs", {}).items():
                if "Condition" in body and not scope.holds(body["Condition"]):
                    continue
                one = {"OutputKey": key, "OutputValue": str(scope.value(body["Value"]))}
                if "Description" in body:
                    one["Description"] = body["Description"]
                if "Export" in body:
                    one["ExportName"] = scope.value(body["Export"]["Name"])
                outputs.append(one)
        except AwsError as error:
            return error.message
        refusal = self._lost(stack, outputs) or self._taken(stack, outputs)
        if not refusal:
            stack.outputs = outputs
        return refusal

    def _lost(self, stack: Stack, outputs: list[dict[str, str]]) -> str:
        new = {one.get("ExportName"): one["OutputValue"] for one in outputs}
        for one in stack.outputs:
            name = one.get("ExportName")
            users = self.importers(name, but=stack) if name else []
            if users and new.get(name) != one["OutputValue"]:
                word = "updated" if name in new else "deleted"
                return f"Export {name} cannot be {word} as it is in use by {' and '.join(users)}"
        return ""

    def _taken(self, stack: Stack, outputs: list[dict[str, str]]) -> str:
        names = {one["ExportName"] for one in outputs if "ExportName" in one}
        for one in self.all():
            if one["Name"] in names and one["ExportingStackId"] != stack.id:
                owner = self._world.cloudformation.stacks.get(one["ExportingStackId"]).name
                return f"Export with name {one['Name']} is already exported by stack {owner}."
        return ""

    def in_use(self, stack: Stack) -> str:
        """Why the stack cannot be deleted, or nothing."""
        return self._lost(stack, [])


def _imported(tree: Any, value: Any) -> Iterator[str]:
    if isinstance(tree, list):
        for one in tree:
            yield from _imported(one, value)
    elif isinstance(tree, dict):
        for key, one in tree.items():
            if key == "Fn::ImportValue":
                yield str(value(one))
            else:
                yield from _imported(one, value)
