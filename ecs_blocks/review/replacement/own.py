"""What a change of a resource's own properties leads to, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.review.difference.resources import PROPERTIES
from ecs_blocks.review.difference.seen import LOOP
from ecs_blocks.review.facts.types import TypeFacts, facts
from ecs_blocks.review.model import Replacement
from ecs_blocks.review.replacement.certainty import differ, why_unknown

if TYPE_CHECKING:
    from ecs_blocks.review.difference.resources import Differing
    from ecs_blocks.review.difference.seen import Seen
    from ecs_blocks.review.difference.trees import Leaf

GROUP: Final = "AWS::AutoScaling::AutoScalingGroup"
NESTED: Final = "AWS::CloudFormation::Stack"
CUSTOM: Final = ("Custom::", "AWS::CloudFormation::CustomResource")
ORDER: Final = {Replacement.NO: 0, Replacement.MAYBE: 1, Replacement.YES: 2}
"""For ``max``: what is certain goes before what is possible."""


class Verdict(Struct, frozen=True):
    """What one property leads to, and what decides that."""

    replacement: Replacement
    why: str = ""


NOTHING: Final = Verdict(Replacement.NO)


def verdict(one: Differing, leaf: Leaf, old: Seen, new: Seen) -> Verdict:
    """What the difference *leaf* of a modified resource leads to."""
    is_beside = not leaf.names and leaf.path != PROPERTIES
    if leaf.noise is not None or is_beside:
        return NOTHING
    known = facts(one.type)
    if known is None:
        return Verdict(Replacement.MAYBE, _why_unknown_type(one.type))
    if not leaf.names:
        why = f"what the properties of this {one.type} are is known during the deploy"
        return Verdict(Replacement.MAYBE, why)
    if one.type == GROUP and known.on_change(leaf.names) is Replacement.MAYBE:
        return of_group(one, leaf)
    return _of_known(one.type, known, leaf, old, new)


def _of_known(kind: str, known: TypeFacts, leaf: Leaf, old: Seen, new: Seen) -> Verdict:
    ruled = known.on_change(leaf.names)
    if ruled is Replacement.MAYBE:
        return Verdict(
            Replacement.MAYBE,
            f"a change of {leaf.path} of {kind} may require replacement: the values decide",
        )
    parts = [(leaf.path, leaf.before, leaf.after)]
    if ruled is Replacement.NO:
        parts = [
            (".".join((leaf.path, *below)), _inside(leaf.before, below), _inside(leaf.after, below))
            for below in known.below(leaf.names)
        ]
    found = [
        (differ(before, after, old, new), name, before, after)
        for name, before, after in parts
        if before != after
    ]
    for is_other, name, _, _ in found:
        if is_other:
            return Verdict(Replacement.YES, f"{name} of {kind} cannot be changed in place")
    for is_other, name, before, after in found:
        if is_other is None:
            unknown = why_unknown(after) or why_unknown(before) or "that is known during the deploy"
            why = f"only if {name} changes; {unknown}"
            return Verdict(Replacement.MAYBE, why)
    return NOTHING


def of_group(one: Differing, leaf: Leaf) -> Verdict:
    """An Auto Scaling group is replaced where its UpdatePolicy says so, and only there.

    Source: AWS CloudFormation Template Reference, UpdatePolicy attribute,
    AutoScalingReplacingUpdate.
    """
    policy = one.after.attributes.get("UpdatePolicy") if one.after is not None else None
    replacing = policy.get("AutoScalingReplacingUpdate") if isinstance(policy, dict) else None
    if not isinstance(replacing, dict) or replacing.get("WillReplace", "false") == "false":
        return NOTHING
    if replacing["WillReplace"] == "true":
        return Verdict(
            Replacement.YES,
            f"{leaf.path} changes, and AutoScalingReplacingUpdate of its UpdatePolicy replaces it",
        )
    return Verdict(Replacement.MAYBE, "the deploy decides what the UpdatePolicy is")


def _why_unknown_type(kind: str) -> str:
    if kind.startswith(CUSTOM):
        return "the code behind this custom resource decides whether it is replaced"
    if kind.startswith("AWS::Serverless::"):
        return "the SAM transform decides what becomes of it"
    if kind == LOOP:
        return "CloudFormation runs the loop when it is deployed"
    return f"no resource schema is known of {kind}"


def _inside(value: Any, steps: tuple[str, ...]) -> Any:
    """What stands at *steps* in *value*; all items of a list."""
    for place, step in enumerate(steps):
        if isinstance(value, list):
            return [_inside(item, steps[place + (step == "*") :]) for item in value]
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value
