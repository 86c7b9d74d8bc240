"""Priorities on listeners that other stacks use too are free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecs_blocks.deploy.preflight.ask import find, pages
from ecs_blocks.deploy.preflight.finding import Gap, problem, skipped
from ecs_blocks.deploy.preflight.template import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.preflight.finding import Finding
    from ecs_blocks.deploy.preflight.subject import Subject

_LAST = 50_000
"""The highest priority that a rule can have."""


def shared_rules(subject: Subject) -> dict[str, dict[str, dict[str, Any]]]:
    """The rules that the template puts on listeners of other stacks, by the listener's ARN."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for logical_id, properties in subject.of_type("AWS::ElasticLoadBalancingV2::ListenerRule"):
        if listener := text(properties.get("ListenerArn")):
            found.setdefault(listener, {})[logical_id] = properties
    return found


def check(aws: Aws, subject: Subject) -> Iterator[Finding]:
    """Every rule that the template puts on a listener which it does not make itself."""
    for listener, rules in shared_rules(subject).items():
        answer = find(
            "elasticloadbalancing:DescribeRules",
            pages(aws.client("elbv2"), "describe_rules", "Rules"),
            ("ListenerNotFound",),
            ListenerArn=listener,
        )
        if isinstance(answer, Gap):
            yield skipped(", ".join(rules), answer)
        elif answer is None:
            message = f"there is no listener {listener}"
            yield problem(", ".join(rules), message, "deploy the stack that makes it first")
        else:
            yield from _taken(subject, listener, rules, answer)


def _taken(
    subject: Subject, listener: str, rules: Mapping[str, Any], there: list[dict[str, Any]]
) -> Iterator[Finding]:
    by_priority = {str(rule.get("Priority")): rule for rule in there}
    for logical_id, properties in rules.items():
        priority = str(properties.get("Priority", ""))
        other = by_priority.get(priority)
        if other is None or other.get("RuleArn") == subject.physical_id(logical_id):
            continue
        owner = next(
            (
                f"{one.logical_id} of this stack, which is removed only after it"
                for one in subject.resources.values()
                if one.physical_id == other.get("RuleArn")
            ),
            f"a rule for {_hosts(other)}",
        )
        message = f"priority {priority} of {listener} is taken by {owner}"
        free = next(n for n in range(1, _LAST + 2) if str(n) not in by_priority)
        yield problem(logical_id, message, f"take a free priority: {free} is the lowest")


def _hosts(rule: Mapping[str, Any]) -> str:
    found = [
        value
        for one in rule.get("Conditions", ())
        for value in (
            *one.get("Values", ()),
            *one.get("HostHeaderConfig", {}).get("Values", ()),
            *one.get("PathPatternConfig", {}).get("Values", ()),
        )
    ]
    return " ".join(dict.fromkeys(found)) or str(rule.get("RuleArn"))
