"""A load balancer of a service's own, where more is asked of it than one name and one port.

Trap 2: another protocol version is another target group.
Trap 3: the service comes after a rule of each of its target groups.
Trap 39: the balancer reaches the ports that it sends to, the identity provider if users sign in,
and nothing else.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import TOKENS
from tests.blocks.test_authentication import oidc
from tests.blocks.web import IDS, Made, on_fargate, on_instances

ADMIN = eb.Endpoint(name="Admin", port=9090, routes=(eb.Route(hosts=("admin.example.com",)),))
TWO_PORTS = eb.Container(ports=(eb.Port(9090, "admin"),))


def made(own: eb.Own, **changed: Any) -> Made[Any]:
    return on_fargate(front=own, **changed)


def egress(one: Made[Any]) -> list[tuple[int, str]]:
    rules = one.properties("WebLoadBalancerSecurityGroup")["SecurityGroupEgress"]
    return [(rule["FromPort"], rule.get("CidrIp", "the tasks")) for rule in rules]


def test_by_default_nothing_is_asked() -> None:
    assert list(made(eb.Own()).template["Resources"]) == IDS
    assert made(eb.Own()).template == on_fargate().template


def test_trap_2_another_protocol_version_is_another_target_group() -> None:
    found = made(eb.Own(options=eb.TargetOptions(protocol_version="GRPC")))

    assert set(found.template["Resources"]) ^ set(IDS) == {
        "WebTargetGroup3FF6B5",
        "WebTargetGroup421492",
    }


def test_an_internal_balancer_may_be_open_to_one_group_alone() -> None:
    callers = eb.Group(eb.SecurityGroupId("sg-0a1b2c3d"), "the callers")
    found = made(eb.Own(scheme="internal", ingress=(callers,)))

    rules = found.properties("WebLoadBalancerSecurityGroup")["SecurityGroupIngress"]
    assert [(rule["FromPort"], rule["SourceSecurityGroupId"]) for rule in rules] == [
        (443, "sg-0a1b2c3d"),
        (80, "sg-0a1b2c3d"),
    ]


def test_a_second_port_has_a_target_group_rules_and_a_way_in_of_its_own() -> None:
    found = made(eb.Own(endpoints=(ADMIN,)), container=TWO_PORTS)
    new = [one for one in found.template["Resources"] if one not in IDS]

    assert new == [
        "WebAdminFromLoadBalancer",
        "WebAdminTargetGroup10FDBA",
        "WebAdminListenerRule",
        "WebAdminTargetErrorsAlarm",
        "WebAdminTargetConnectionErrorsAlarm",
        "WebAdminUnhealthyHostsAlarm",
    ]
    assert found.properties("WebAdminTargetGroup10FDBA")["Port"] == 9090
    assert found.properties("WebAdminFromLoadBalancer")["FromPort"] == 9090
    assert egress(found) == [(8080, "the tasks"), (9090, "the tasks")]
    assert found.properties("WebService")["LoadBalancers"] == [
        {
            "ContainerName": "app",
            "ContainerPort": port,
            "TargetGroupArn": {"Ref": target},
        }
        for port, target in (
            (8080, "WebTargetGroup3FF6B5"),
            (9090, "WebAdminTargetGroup10FDBA"),
        )
    ]


@pytest.mark.parametrize(
    ("alarm", "metric", "threshold"),
    [
        ("TargetErrors", "HTTPCode_Target_5XX_Count", {"Ref": "AlarmTargetErrors"}),
        (
            "TargetConnectionErrors",
            "TargetConnectionErrorCount",
            {"Ref": "AlarmTargetConnectionErrors"},
        ),
        ("UnhealthyHosts", "UnHealthyHostCount", 0),
    ],
)
def test_a_second_port_has_alarms_of_its_own(alarm: str, metric: str, threshold: object) -> None:
    found = made(eb.Own(endpoints=(ADMIN,)), container=TWO_PORTS)
    admin = found.properties(f"WebAdmin{alarm}Alarm")

    assert (admin["MetricName"], admin["Threshold"]) == (metric, threshold)
    assert admin["Dimensions"] == [
        {
            "Name": "TargetGroup",
            "Value": {"Fn::GetAtt": ["WebAdminTargetGroup10FDBA", "TargetGroupFullName"]},
        },
        {
            "Name": "LoadBalancer",
            "Value": {"Fn::GetAtt": ["WebLoadBalancer", "LoadBalancerFullName"]},
        },
    ]
    assert admin["AlarmActions"] == [{"Ref": "AlarmTopicArn"}]


def test_trap_3_the_service_comes_after_a_rule_of_each_target_group() -> None:
    found = made(eb.Own(endpoints=(ADMIN,)), container=TWO_PORTS).template["Resources"]

    assert found["WebService"]["DependsOn"] == ["WebListenerRule", "WebAdminListenerRule"]


def test_two_endpoints_on_one_port_open_it_once() -> None:
    other = eb.Endpoint(name="Api", port=8080, routes=(eb.Route(paths=eb.under("/api")),))

    found = made(eb.Own(endpoints=(other,)))

    assert "WebApiFromLoadBalancer" not in found.template["Resources"]
    assert egress(found) == [(8080, "the tasks")]


REFUSED = [
    pytest.param(
        (ADMIN,),
        None,
        "the endpoint Admin is on port 9090, which no container of the task listens on; they do "
        "on: 8080",
        id="a port that nobody listens on",
    ),
    pytest.param(
        (ADMIN, ADMIN),
        TWO_PORTS,
        "two endpoints have the name 'Admin'; give each one of its own",
        id="one name twice",
    ),
    pytest.param(
        (eb.Endpoint(name="", port=8080, routes=(eb.Route(),)),),
        None,
        "two endpoints have the name ''; give each one of its own",
        id="the name of the task's own port",
    ),
    pytest.param(
        (eb.Endpoint(name="my-admin", port=8080, routes=(eb.Route(),)),),
        None,
        "'my-admin' cannot be an endpoint's name; it is written like Admin",
        id="a name that is no id",
    ),
    pytest.param(
        tuple(
            eb.Endpoint(name=f"E{n}", port=8080, routes=(eb.Route(paths=(f"/{n}",)),))
            for n in range(5)
        ),
        None,
        "6 target groups; ECS takes 5 of a service",
        id="more than ECS takes",
    ),
]


@pytest.mark.parametrize(("endpoints", "container", "message"), REFUSED)
def test_endpoints_that_cannot_be_are_refused(
    endpoints: tuple[eb.Endpoint, ...], container: eb.Container | None, message: str
) -> None:
    with pytest.raises(eb.BlockError) as refused:
        made(eb.Own(endpoints=endpoints), container=container)

    assert str(refused.value) == message


def test_trap_39_who_lets_users_sign_in_reaches_the_provider() -> None:
    found = made(eb.Own(routes=(eb.Route(authentication=oidc()),)))

    assert egress(found) == [(8080, "the tasks"), (443, "0.0.0.0/0")]
    assert [
        (one["Type"], one["Order"]) for one in found.properties("WebListenerRule")["Actions"]
    ] == [
        ("authenticate-oidc", 1),
        ("forward", 2),
    ]


def test_a_firewall_is_put_in_front() -> None:
    found = made(eb.Own(web_acl=eb.WebAcl("arn:aws:wafv2:…")))

    assert found.properties("WebWebAclAssociation") == {
        "ResourceArn": {"Ref": "WebLoadBalancer"},
        "WebACLArn": "arn:aws:wafv2:…",
    }
    assert set(found.template["Resources"]) - set(IDS) == {"WebWebAclAssociation"}


def test_more_certificates_are_on_the_listener() -> None:
    found = made(eb.Own(certificates=(TOKENS.certificate_arn,)))

    assert set(found.template["Resources"]) - set(IDS) == {"WebListenerCertificate"}


def test_the_entrance_is_in_the_handle() -> None:
    found = made(eb.Own(endpoints=(ADMIN,)), container=TWO_PORTS).handle

    assert found.listener_rule.title == "WebListenerRule"
    assert found.target_group.title == "WebTargetGroup3FF6B5"
    assert found.ingress_rule.title == "WebFromLoadBalancer"
    assert found.balancer.resource.title == "WebLoadBalancer"
    assert [one.title for one in found.entrance.rules["Admin"]] == ["WebAdminListenerRule"]
    assert [one.title for one in found.records] == ["WebRecordA", "WebRecordAaaa"]


def test_on_instances_it_is_the_same() -> None:
    own = eb.Own(endpoints=(ADMIN,))

    assert list(on_instances(front=own, container=TWO_PORTS).template["Resources"]) == list(
        made(own, container=TWO_PORTS).template["Resources"]
    )


def test_how_the_balancer_works_is_said_beside_the_rest() -> None:
    found = made(eb.Own(balancer_options=eb.BalancerOptions(idle_timeout_s=300)))
    attributes = found.properties("WebLoadBalancer")["LoadBalancerAttributes"]

    assert {"Key": "idle_timeout.timeout_seconds", "Value": "300"} in attributes
