"""Which requests a listener rule takes, and where it sends them.

Sources: Elastic Load Balancing API Reference, RuleCondition (the fields, and that the values of one
are alternatives) and CreateRule (the lowest priority is asked first).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.views.balancers import LISTENER_RULE
from ecs_blocks.checks.views.parts import as_items, text
from ecs_blocks.checks.views.tasks import SERVICE
from ecs_blocks.review.difference.secret import shown
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import listed, spoken
from ecs_blocks.review.impact.reading import at, differs
from ecs_blocks.review.impact.routes import ACTIONS, fed
from ecs_blocks.review.impact.service_facts import target_groups
from ecs_blocks.review.impact.weights import shifted_routes
from ecs_blocks.review.model import Action, Weight
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource, Template
    from ecs_blocks.review.impact.subject import Subject

_FIELDS: Final = {
    "host-header": ("host", "HostHeaderConfig"),
    "path-pattern": ("path", "PathPatternConfig"),
    "http-header": ("header", "HttpHeaderConfig"),
    "http-request-method": ("method", "HttpRequestMethodConfig"),
    "query-string": ("query", "QueryStringConfig"),
    "source-ip": ("source", "SourceIpConfig"),
}
_ORDER: Final = {noun: place for place, (noun, _) in enumerate(_FIELDS.values())}
_TO: Final = {
    "redirect": "redirects",
    "fixed-response": "answers by itself",
}


_SIGNED_IN: Final = ("authenticate-cognito", "authenticate-oidc")


def listener_rules(subject: Subject) -> Iterator[Finding]:
    """A finding for each rule that is new, or takes other requests than before.

    Of a new stack the rules are told with all that is new.
    """
    for change in () if subject.is_new else subject.of_type(LISTENER_RULE, action=Action.ADD):
        rule = subject.new(change)
        if rule is not None:
            yield Finding(
                kind="addition",
                weight=Weight.NOTICE,
                text=(
                    f"{rule.id}: a new listener rule{_at(subject.after, rule)}{_priority(rule)} "
                    f"{sends(subject.after, rule)} {taken(rule)}"
                ),
                covers=((rule.id, ""),),
            )
    for _, old, new in subject.modified(LISTENER_RULE):
        yield from _changed(subject, old, new)


def taken(rule: Resource) -> str:
    """Which requests *rule* takes: ``requests with host a.example.com and path /x or /y``."""
    return _requests(_conditions(rule))


def where(template: Template, rule: Resource) -> str:
    """``at the test listener, port 8443``; empty where the requests of users come."""
    shifted = shifted_routes(template)
    tests = {name for name, one in shifted.items() if one.is_test}
    if rule.id not in tests:
        return ""
    listener = template.target(at(rule, "ListenerArn"))
    beside = [
        one.id
        for one in template.of_type(LISTENER_RULE)
        if template.target(at(one, "ListenerArn")) is listener
    ]
    if listener is None or not tests.issuperset(beside):
        return "for test requests"
    port = at(listener, "Port")
    return f"at the test listener{f', port {spoken(port)}' if port is not None else ''}"


def _at(template: Template, rule: Resource) -> str:
    place = where(template, rule)
    return f" {place}" if place else ""


def _changed(subject: Subject, old: Resource, new: Resource) -> Iterator[Finding]:
    words, covers = [], []
    before, after = (_conditions(one) for one in (old, new))
    if before != after:
        gone = [one for one in before or () if one not in (after or ())]
        until = f"those with {listed(gone)}" if gone and after else _requests(before)
        place = where(subject.after, new)
        words.append(
            f"{f'{place}, ' if place else ''}{sends(subject.after, new)} {_requests(after)}; "
            f"until now {until}"
        )
        covers.append((new.id, "Conditions"))
    numbers = [at(one, "Priority") for one in (old, new)]
    if differs(*numbers):
        words.append(f"priority {spoken(numbers[0])} → {spoken(numbers[1])}{_order(*numbers)}")
        covers.append((new.id, "Priority"))
    if words:
        yield Finding(
            kind="configuration",
            weight=Weight.NOTICE,
            text=f"{new.id}: {'; '.join(words)}",
            covers=tuple(covers),
        )


def _conditions(rule: Resource) -> list[str] | None:
    """What a request has to have, all of it; None where that is not known yet."""
    given = at(rule, "Conditions")
    if is_intrinsic(given):
        return None
    found = [_condition(one) for one in as_items(given)]
    return sorted(found, key=lambda one: (_ORDER.get(one.partition(" ")[0], len(_ORDER)), one))


def _requests(conditions: list[str] | None) -> str:
    if conditions is None:
        return "requests that are not known yet"
    return f"requests with {listed(conditions)}" if conditions else "all requests"


def _order(before: Any, after: Any) -> str:
    try:
        earlier = float(text(after)) < float(text(before))
    except ValueError:
        return ""
    return f" (it is asked {'earlier' if earlier else 'later'} than before)"


def _priority(rule: Resource) -> str:
    number = at(rule, "Priority")
    return "" if number is None else f" (priority {spoken(number)})"


def sends(template: Template, rule: Resource) -> str:
    """``sends Web``: the services behind the rule, or the target groups where none is here.

    ``asks for a sign-in and sends Web``, where one comes first.
    """
    actions = at(rule, ACTIONS[LISTENER_RULE])
    listed_ = [] if is_intrinsic(actions) else as_items(actions)
    types = [text(one.get("Type")) for one in listed_ if isinstance(one, dict)]
    first = "asks for a sign-in and " if any(one in _SIGNED_IN for one in types) else ""
    return f"{first}{_answers(template, rule, types)}"


def _answers(template: Template, rule: Resource, types: list[str]) -> str:
    groups = fed(rule)
    services = [
        service.id
        for service in template.of_type(SERVICE)
        if any(one is not None and one.id in groups for _, one in target_groups(service, template))
    ]
    if services:
        return f"sends {listed(services)}"
    other = next((_TO[one] for one in types if one in _TO), "")
    return other or (f"sends {listed(sorted(groups))}" if groups else "sends on")


def _condition(condition: Any) -> str:
    """One condition: its values are alternatives."""
    if not isinstance(condition, dict) or is_intrinsic(condition):
        return spoken(condition)
    noun, config = _FIELDS.get(text(condition.get("Field")), (spoken(condition.get("Field")), ""))
    given = condition.get(config)
    held = given if isinstance(given, dict) and not is_intrinsic(given) else condition
    held = shown(held, "", ())
    name = spoken(held["HttpHeaderName"]) if "HttpHeaderName" in held else ""
    found = [_value(one) for one in _values(held.get("Values"))]
    found += [f"like {_value(one)}" for one in _values(held.get("RegexValues"))]
    return " ".join(filter(None, (noun, name, _either(found))))


def _values(given: Any) -> list[Any]:
    return [given] if is_intrinsic(given) else as_items(given)


def _either(values: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(values[:-1]), *values[-1:])))


def _value(value: Any) -> str:
    """A value, of a query ``key=value``."""
    if isinstance(value, dict) and "Value" in value and not is_intrinsic(value):
        key = spoken(value["Key"]) if value.get("Key") else ""
        return f"{key}{'=' if key else ''}{spoken(value['Value'])}"
    return spoken(value)
