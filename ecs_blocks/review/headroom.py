"""How much of AWS's limits a stack uses after the change.

Those of CloudFormation are always told; others where a quarter of one is used, or its use changes.
Quotas are AWS's defaults: an account may have been given more.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.model import Template
from ecs_blocks.checks.views.balancers import LISTENER, LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP
from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.checks.views.security_rules import EGRESS, GROUP, INGRESS
from ecs_blocks.checks.views.tasks import SERVICE
from ecs_blocks.review.impact.reading import at
from ecs_blocks.review.impact.service_facts import tasks_of
from ecs_blocks.review.model import Headroom
from ecs_blocks.templates.references import referred_names
from ecs_blocks.templates.resolve import is_intrinsic, mapping
from ecs_blocks.templates.text import MAX_INLINE_BYTES, MAX_TEMPLATE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ecs_blocks.review.side import Pair, Side

_CLOUDFORMATION: Final = "AWS CloudFormation User Guide, quotas"
_BALANCERS: Final = "Elastic Load Balancing User Guide, quotas"
_ECS: Final = "Amazon ECS Developer Guide, service quotas"
_VPC: Final = "Amazon VPC User Guide, quotas"
_IAM: Final = "AWS IAM User Guide, quotas"

_SECTIONS: Final = {"resources": 500, "parameters": 200, "outputs": 200, "mappings": 200}
_WORTH_TELLING: Final = 0.25

Used = dict[str, int]
"""The name of what is used (``listener rules of HogeLoadBalancer``) to how many."""


def headroom(pair: Pair) -> tuple[Headroom, ...]:
    """What is used of each limit that applies to the stack of *pair*, after the change."""
    if pair.after is None:
        return ()
    return (*_bytes(pair), *_sections(pair), *_quotas(pair))


def _bytes(pair: Pair) -> Iterator[Headroom]:
    used = pair.after.template_bytes if pair.after is not None else 0
    before = pair.before.template_bytes if pair.before is not None else 0
    if not used:
        return
    inline = used <= MAX_INLINE_BYTES
    source = f"{_CLOUDFORMATION} ({'sent inline; beyond, through S3' if inline else 'through S3'})"
    limit = MAX_INLINE_BYTES if inline else MAX_TEMPLATE_BYTES
    yield Headroom(name="template bytes", used=used, limit=limit, before=before, source=source)


def _sections(pair: Pair) -> Iterator[Headroom]:
    for name, limit in _SECTIONS.items():
        used, before = (_length(side, name.capitalize()) for side in (pair.after, pair.before))
        if used:
            yield Headroom(name=name, used=used, limit=limit, before=before, source=_CLOUDFORMATION)


def _length(side: Side | None, section: str) -> int:
    return len(mapping(side.template.get(section))) if side is not None else 0


def _quotas(pair: Pair) -> Iterator[Headroom]:
    old, new = (
        Template(side.resolved() if side is not None else {}) for side in (pair.before, pair.after)
    )
    for limit, source, count in _COUNTED:
        before = count(old)
        for name, used in count(new).items():
            was = before.get(name, 0)
            grows = bool(before) and was != used and pair.before is not None
            if used and (grows or used >= limit * _WORTH_TELLING):
                yield Headroom(name=name, used=used, limit=limit, before=was, source=source)


def _rules(template: Template) -> Used:
    listeners = _counted(template, LISTENER_RULE, "ListenerArn", LISTENER)
    found: Counter[str] = Counter()
    for listener, number in listeners.items():
        found[_holder(template, listener, "LoadBalancerArn", LOAD_BALANCER)] += number
    return {f"listener rules of {name}": number for name, number in found.items()}


def _certificates(template: Template) -> Used:
    found: Counter[str] = Counter()
    for one in template.of_type("AWS::ElasticLoadBalancingV2::ListenerCertificate"):
        listener = _target(template, one.properties.get("ListenerArn"), LISTENER)
        holder = _holder(template, listener, "LoadBalancerArn", LOAD_BALANCER)
        found[holder] += len(_listed(one.properties.get("Certificates")))
    return {f"further certificates of {name}": number for name, number in found.items()}


def _listeners(template: Template) -> Used:
    found = _counted(template, LISTENER, "LoadBalancerArn", LOAD_BALANCER)
    return {f"listeners of {name}": number for name, number in found.items()}


def _target_groups(template: Template) -> Used:
    """Target groups by the load balancer whose listeners and rules forward to them."""
    groups = {one.id for one in template.of_type(TARGET_GROUP)}
    found: dict[str, set[str]] = {}
    for balancer, names in _routes(template):
        found.setdefault(balancer, set()).update(groups & names)
    return {f"target groups of {name}": len(groups) for name, groups in found.items()}


def _targets(template: Template) -> Used:
    """Tasks at their most, by the load balancer that sends them requests."""
    found: Counter[str] = Counter()
    for service in template.of_type(SERVICE):
        most = tasks_of(service, template).high
        groups = set(referred_names(at(service, "LoadBalancers")))
        leading = sorted({one for one, names in _routes(template) if groups & names})
        for balancer in leading if most else ():
            found[f"targets of {balancer}"] += int(most or 0)
    return dict(found)


def _routes(template: Template) -> Iterator[tuple[str, set[str]]]:
    """Of each listener and rule its load balancer, and what its actions refer to."""
    for route in template.of_type(LISTENER, LISTENER_RULE):
        listener = route.id
        if route.type == LISTENER_RULE:
            listener = _target(template, route.properties.get("ListenerArn"), LISTENER)
        own = (route.properties.get(key) for key in ("Actions", "DefaultActions"))
        names = {name for one in own for name in referred_names(one)}
        yield _holder(template, listener, "LoadBalancerArn", LOAD_BALANCER), names


def _tasks(template: Template) -> Used:
    most = {one.id: tasks_of(one, template).high for one in template.of_type(SERVICE)}
    return {f"tasks of {name}": int(number) for name, number in most.items() if number}


def _containers(template: Template) -> Used:
    return {
        f"containers of {one.id}": len(_listed(one.properties.get("ContainerDefinitions")))
        for one in template.of_type("AWS::ECS::TaskDefinition")
    }


def _task_bytes(template: Template) -> Used:
    return {
        f"bytes of {one.id}": len(json.dumps(one.properties, default=str).encode())
        for one in template.of_type("AWS::ECS::TaskDefinition")
    }


def _security_rules(direction: str, alone: str) -> Callable[[Template], Used]:
    words = "incoming" if direction == "SecurityGroupIngress" else "outgoing"

    def count(template: Template) -> Used:
        found = Counter(
            {one.id: len(_listed(one.properties.get(direction))) for one in template.of_type(GROUP)}
        )
        for rule in template.of_type(alone):
            found[_target(template, rule.properties.get("GroupId"), GROUP)] += 1
        return {f"{words} rules of {name}": number for name, number in found.items() if name}

    return count


def _inline_policies(template: Template) -> Used:
    """Characters without white space, as IAM counts them."""
    return {
        f"characters in the policies of {role.id}": sum(
            len(json.dumps(one.get("PolicyDocument"), separators=(",", ":"), default=str))
            for one in _listed(role.properties.get("Policies"))
            if isinstance(one, dict)
        )
        for role in template.of_type("AWS::IAM::Role")
    }


def _managed_policies(template: Template) -> Used:
    return {
        f"managed policies of {role.id}": len(_listed(role.properties.get("ManagedPolicyArns")))
        for role in template.of_type("AWS::IAM::Role")
    }


def _counted(template: Template, type_: str, key: str, of: str) -> Used:
    return dict(
        Counter(_target(template, one.properties.get(key), of) for one in template.of_type(type_))
    )


def _target(template: Template, value: Any, type_: str) -> str:
    """The logical id that *value* refers to; what is written for one of another stack."""
    found = template.target(value)
    if found is not None and found.type == type_:
        return found.id
    return "the shared listener" if type_ == LISTENER else "the shared load balancer"


def _holder(template: Template, logical_id: str, key: str, type_: str) -> str:
    resource = template.resources.get(logical_id)
    if resource is None:
        return "the shared load balancer"
    return _target(template, resource.properties.get(key), type_)


def _listed(value: Any) -> list[Any]:
    return [] if is_intrinsic(value) else as_items(value)


_COUNTED: Final[tuple[tuple[int, str, Callable[[Template], Mapping[str, int]]], ...]] = (
    (100, _BALANCERS, _rules),
    (25, _BALANCERS, _certificates),
    (50, _BALANCERS, _listeners),
    (100, _BALANCERS, _target_groups),
    (1000, _BALANCERS, _targets),
    (5000, _ECS, _tasks),
    (10, _ECS, _containers),
    (65_536, _ECS, _task_bytes),
    (60, _VPC, _security_rules("SecurityGroupIngress", INGRESS)),
    (60, _VPC, _security_rules("SecurityGroupEgress", EGRESS)),
    (10_240, _IAM, _inline_policies),
    (10, _IAM, _managed_policies),
)
"""The limit, where it is said, and what counts against it."""
