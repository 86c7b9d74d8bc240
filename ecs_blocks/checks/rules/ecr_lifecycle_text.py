"""A lifecycle policy is a text, and ECR reads it only when the stack is deployed.

To CloudFormation's schema it is any text of 100 to 30,720 characters. ECR refuses one that is not
JSON, has two rules of one priority, has a rule for ``any`` tag status that is not the last, or a
rule for ``tagged`` images that does not say which.

Source: Amazon ECR User Guide, "Lifecycle policy properties in Amazon ECR".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, lookup

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH: Final = "LifecyclePolicy.LifecyclePolicyText"
_STATUSES: Final = ("tagged", "untagged", "any")


def rules_of(repository: Resource) -> list[Any]:
    """The rules of the repository's lifecycle policy; none where it has no policy.

    Raises:
        ValueError: the text is not JSON, or not that of a lifecycle policy.
        Unknown: the text, or a part of it, is decided only when CloudFormation runs.
    """
    text = repository.get(PATH)
    if text is None:
        return []
    rules = lookup(json.loads(text) if isinstance(text, str) else text, "rules")
    if not isinstance(rules, list) or not rules:
        raise ValueError("it has no list of rules")
    return rules


def _judge(repository: Resource, _template: Template) -> Iterator[Fault]:
    try:
        rules = rules_of(repository)
    except ValueError as error:
        yield Fault(PATH, f"the text is no lifecycle policy: {error}")
        return
    seen: set[Any] = set()
    for rule in rules:
        priority = _priority(rule)
        if priority is None or priority in seen:
            given = lookup(rule, "rulePriority")
            yield Fault(PATH, f"rulePriority {given!r} is no number of its own")
        seen.add(priority)
        problem = _selection_problem(rule, [_priority(other) or 0 for other in rules])
        if problem:
            yield Fault(PATH, f"rule {priority}: {problem}")


def _priority(rule: Any) -> int | None:
    found = lookup(rule, "rulePriority")
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _selection_problem(rule: Any, priorities: list[int]) -> str | None:
    status = lookup(rule, "selection.tagStatus")
    if status not in _STATUSES:
        return f"tagStatus {status!r} is none of {', '.join(_STATUSES)}"
    if status == "any" and (_priority(rule) or 0) < max(priorities):
        return "a rule with tagStatus any must have the highest rulePriority"
    named = (lookup(rule, f"selection.{key}") for key in ("tagPrefixList", "tagPatternList"))
    if status == "tagged" and not any(named):
        return "tagStatus tagged needs a tagPatternList or a tagPrefixList"
    return None


CHECK = Check(
    id="EB204",
    title="lifecycle policy that ECR refuses",
    types=("AWS::ECR::Repository",),
    severity=Severity.ERROR,
    fix="write the policy as JSON with rules of distinct priorities, the one for any tag last",
    judge=_judge,
)
