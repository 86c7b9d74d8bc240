"""Load balancers, as the stacks or a test made them, and the health of targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.fake_aws.cloudformation.work import Handler, Work
from tests.fake_aws.errors import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fake_aws.cloudformation.model import Resource, Stack
    from tests.fake_aws.world import World

Answer = dict[str, Any]
_REASONS: Final = {
    "initial": ("Elb.RegistrationInProgress", "Target registration is in progress"),
    "draining": ("Target.DeregistrationInProgress", "Target deregistration is in progress"),
    "Target.ResponseCodeMismatch": (
        "Target.ResponseCodeMismatch",
        "Health checks failed with these codes: [502]",
    ),
}


class Elb:
    """Elastic Load Balancing v2. The four dictionaries are by ARN, in the API's words."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.load_balancers: dict[str, dict[str, Any]] = {}
        self.target_groups: dict[str, dict[str, Any]] = {}
        self.listeners: dict[str, dict[str, Any]] = {}
        self.rules: dict[str, dict[str, Any]] = {}
        self.attributes: dict[str, dict[str, str]] = {}
        """Of load balancers, by ARN."""
        self._targets: dict[str, dict[str, tuple[str, str]]] = {}

    def register(self, group: str, ip: str) -> None:
        """A new target."""
        self._targets.setdefault(group, {})[ip] = ("initial", "initial")

    def set_health(self, group: str, ip: str, state: str, reason: str = "") -> None:
        """What the health checks say of a target."""
        self._targets.setdefault(group, {})[ip] = (state, reason)

    def deregister(self, group: str, ip: str, drains_s: float) -> None:
        """A target leaves."""
        targets = self._targets.get(group, {})
        if ip in targets:
            targets[ip] = ("draining", "draining")
            self._world.clock.at(drains_s, lambda: targets.pop(ip, None) and None)

    def describe_target_health(self, request: Mapping[str, Any]) -> Answer:
        group = request["TargetGroupArn"]
        if group not in self.target_groups and group not in self._targets:
            raise AwsError("TargetGroupNotFound", f"Target groups '[{group}]' not found", 400)
        port = self.target_groups.get(group, {}).get("Port", 80)
        found = []
        for ip, (state, reason) in self._targets.get(group, {}).items():
            health = {"State": state}
            if reason in _REASONS:
                health["Reason"], health["Description"] = _REASONS[reason]
            found.append({"Target": {"Id": ip, "Port": port}, "TargetHealth": health})
        return {"TargetHealthDescriptions": found}

    def describe_target_groups(self, request: Mapping[str, Any]) -> Answer:
        found = _chosen(self.target_groups, request, "TargetGroup", "TargetGroupNotFound")
        balancer = request.get("LoadBalancerArn")
        if balancer:
            found = [one for one in found if balancer in one.get("LoadBalancerArns", [])]
        return {"TargetGroups": found}

    def describe_load_balancer_attributes(self, request: Mapping[str, Any]) -> Answer:
        found = self.attributes.get(request["LoadBalancerArn"], {})
        return {"Attributes": [{"Key": key, "Value": value} for key, value in found.items()]}

    def describe_load_balancers(self, request: Mapping[str, Any]) -> Answer:
        found = _chosen(self.load_balancers, request, "LoadBalancer", "LoadBalancerNotFound")
        return {"LoadBalancers": found}

    def describe_listeners(self, request: Mapping[str, Any]) -> Answer:
        if "ListenerArns" in request:
            return {"Listeners": _chosen(self.listeners, request, "Listener", "ListenerNotFound")}
        wanted = request.get("LoadBalancerArn")
        found = [one for one in self.listeners.values() if one["LoadBalancerArn"] == wanted]
        return {"Listeners": found}

    def describe_rules(self, request: Mapping[str, Any]) -> Answer:
        if "RuleArns" in request:
            found = [self.rules[one] for one in request["RuleArns"] if one in self.rules]
        else:
            wanted = request["ListenerArn"]
            found = [one for one in self.rules.values() if one["listener"] == wanted]
        return {
            "Rules": [
                {key: one for key, one in rule.items() if key != "listener"} for rule in found
            ]
        }

    def describe_account_limits(self, _request: Mapping[str, Any]) -> Answer:
        return {"Limits": [{"Name": "target-groups", "Max": "3000"}]}


def _chosen(
    all_of_them: dict[str, dict[str, Any]], request: Mapping[str, Any], kind: str, code: str
) -> list[dict[str, Any]]:
    arns, names = request.get(f"{kind}Arns"), request.get("Names")
    if arns is None and names is None:
        return list(all_of_them.values())
    found = [
        one
        for key, one in all_of_them.items()
        if key in (arns or ()) or one.get(f"{kind}Name") in (names or ())
    ]
    if not found:
        raise AwsError(code, f"One or more {kind.lower()}s not found")
    return found


class Resources(Handler):
    """Makes the resources of a stack known to the API."""

    def create(self, stack: Stack, resource: Resource) -> Work:
        work = super().create(stack, resource)
        elb, given, made = self.world.elb, resource.properties, resource.physical_id
        match resource.type.rpartition("::")[2]:
            case "LoadBalancer":
                names = ("LoadBalancerName", "DNSName", "LoadBalancerArn")
                elb.load_balancers[made] = {
                    **{name: resource.attributes[name] for name in names},
                    "Scheme": given.get("Scheme", "internet-facing"),
                    "Type": given.get("Type", "application"),
                    "State": {"Code": "active"},
                    "VpcId": "vpc-1",
                }
            case "TargetGroup":
                elb.target_groups[made] = {
                    "TargetGroupArn": made,
                    "TargetGroupName": resource.attributes["TargetGroupName"],
                    "Protocol": given.get("Protocol", "HTTP"),
                    "Port": int(given.get("Port", 80)),
                    "TargetType": given.get("TargetType", "instance"),
                    "HealthCheckPath": given.get("HealthCheckPath", "/"),
                    "LoadBalancerArns": [],
                }
            case "Listener":
                elb.listeners[made] = {
                    "ListenerArn": made,
                    "LoadBalancerArn": given["LoadBalancerArn"],
                    "Port": int(given.get("Port", 80)),
                    "Protocol": given.get("Protocol", "HTTP"),
                    "DefaultActions": _actions(given.get("DefaultActions", [])),
                }
            case _:
                elb.rules[made] = {
                    "RuleArn": made,
                    "Priority": str(given["Priority"]),
                    "IsDefault": False,
                    "listener": given["ListenerArn"],
                    "Actions": _actions(given.get("Actions", [])),
                }
        return work

    def update(self, stack: Stack, resource: Resource, before: dict[str, Any]) -> Work:
        """A rule or listener gets all its properties again, and so the weights of the template."""
        elb, given, made = self.world.elb, resource.properties, resource.physical_id
        for known, key in ((elb.rules, "Actions"), (elb.listeners, "DefaultActions")):
            if made in known:
                known[made][key] = _actions(given.get(key, []))
        return super().update(stack, resource, before)

    def delete(self, stack: Stack, resource: Resource) -> Work:
        elb = self.world.elb
        for known in (elb.load_balancers, elb.target_groups, elb.listeners, elb.rules):
            known.pop(resource.physical_id, None)
        return super().delete(stack, resource)


def _actions(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a template says, as far as it forwards, in the API's words."""
    return [
        {
            "Type": "forward",
            "ForwardConfig": {
                "TargetGroups": [
                    {**group, "Weight": int(group.get("Weight", 1))}
                    for group in one.get("ForwardConfig", {}).get("TargetGroups")
                    or [{"TargetGroupArn": one["TargetGroupArn"]}]
                ]
            },
        }
        for one in given
        if one.get("Type") == "forward"
    ]


TYPES: Final = ("LoadBalancer", "TargetGroup", "Listener", "ListenerRule")
