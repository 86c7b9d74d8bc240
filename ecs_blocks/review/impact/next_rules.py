"""Where the requests of a listener rule go that is deleted: to which rule of the template, if any.

Source: Elastic Load Balancing User Guide, "Listener rules for your Application Load Balancer" (the
lowest priority is asked first, and the default action last; ``*`` and ``?`` in hosts and paths).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ecs_blocks.checks.views.balancers import LISTENER_RULE
from ecs_blocks.checks.views.parts import as_items, text
from ecs_blocks.review.impact.listener_rules import sends
from ecs_blocks.review.impact.phrases import spoken
from ecs_blocks.review.impact.reading import at, differs, finite
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject


def next_rule(subject: Subject, logical_id: str) -> str:
    """``its requests go to ShopListenerRule (priority 20), which sends Shop``.

    Only a rule that surely takes all of them is named, and that one before it may take a part; of
    another app's on a shared listener, and of the listener's default action, is said that one of
    them takes the requests.
    """
    gone = subject.before.resources[logical_id]
    listener = subject.before.target(at(gone, "ListenerArn"))
    if listener is not None and listener.id not in subject.after.resources:
        return "its listener goes with it"
    beside = [
        one
        for one in subject.after.of_type(LISTENER_RULE)
        if not differs(at(one, "ListenerArn"), at(gone, "ListenerArn"))
    ]
    rules = [one for one in beside if _takes(one, gone)]
    numbers = {one.id: finite(at(one, "Priority")) for one in beside}
    known = [one for one in rules if numbers[one.id] is not None]
    if known:
        first = min(known, key=lambda one: numbers[one.id] or 0)
        which = f"{first.id} (priority {spoken(at(first, 'Priority'))})"
        earlier = [
            one
            for one in beside
            if (numbers[one.id] or 0) < (numbers[first.id] or 0)
            and not _was_asked_before(subject, one, gone)
        ]
        unless = ", where no rule before it fits" if earlier or listener is None else ""
        return f"its requests go to {which}, which {sends(subject.after, first)}{unless}"
    if listener is not None:
        return f"its requests go to the default action of {listener.id}, where no other rule fits"
    return "its requests go to another app's rule on that listener, or to its default action"


def _was_asked_before(subject: Subject, rule: Resource, gone: Resource) -> bool:
    """Whether *rule* stays as it was, and takes only what never came as far as *gone*."""
    number, last = (finite(at(one, "Priority")) for one in (rule, gone))
    is_earlier = number is not None and last is not None and number < last
    return is_earlier and rule.id in subject.before.resources and rule.id not in subject.by_id


def _takes(rule: Resource, gone: Resource) -> bool:
    """Whether *rule* takes each request that *gone* took, as far as can be told."""
    wanted, had = _conditions(rule), _conditions(gone)
    if wanted is None or had is None:
        return False
    return all(any(_within(one, other) for one in had) for other in wanted)


_Condition = tuple[str, str, tuple[str, ...]]
"""The field, the name of a header, and the values."""


def _conditions(rule: Resource) -> list[_Condition] | None:
    """Host, path and header conditions of *rule*; None where there is any that cannot be told."""
    given = at(rule, "Conditions")
    found = []
    for one in [None] if is_intrinsic(given) else as_items(given):
        if (condition := _condition(one)) is None:
            return None
        found.append(condition)
    return found


def _condition(given: Any) -> _Condition | None:
    if not isinstance(given, dict) or is_intrinsic(given):
        return None
    configured = [one for key, one in given.items() if key.endswith("Config")]
    held = configured[0] if configured else given
    values = held.get("Values") if isinstance(held, dict) else None
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        return None
    return text(given.get("Field")), text(held.get("HttpHeaderName")).lower(), tuple(values)


def _within(narrow: _Condition, wide: _Condition) -> bool:
    """Whether each value of *narrow* matches one of *wide*."""
    return narrow[:2] == wide[:2] and all(
        any(_matches(value, pattern) for pattern in wide[2]) for value in narrow[2]
    )


def _matches(value: str, pattern: str) -> bool:
    wild = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(wild, value, re.DOTALL) is not None
