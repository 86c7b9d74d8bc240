"""A service behind a load balancer that others use too.

Trap 2: a target group knows which balancer it is behind.
Trap 4: its rules wait for a number of the lock file, or bring one of their own.
Trap 39: its stack opens one port, from both sides, and nothing else.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.environment.declare import fields_of
from ecs_blocks.priorities.bands import band_of
from ecs_blocks.priorities.lock import PENDING
from ecs_blocks.templates.stack import encode
from tests.blocks.helpers import CERTIFICATE, REPOSITORY
from tests.blocks.web import IDS, on_fargate

WWW = eb.CommonName("www.example.com")


class Shop(eb.FargateSharedWebServiceEnvironment):
    """With a number of its own."""

    shop_priority: eb.Param[int] = eb.param(ge=1, le=50_000)


class Backend(eb.FargateBackgroundServiceEnvironment):
    """Of a service without a load balancer."""


FIELDS = fields_of(Shop)
ENV = Shop(
    app="my-web",
    images=(REPOSITORY,),
    values={name: field.token() for name, field in FIELDS.items()},
)


def template(env: Any = ENV, **changed: Any) -> dict[str, Any]:
    shared = eb.Shared(balancer=ENV.shared_balancer(), **changed)
    stack = eb.Stack(env)
    stack.add("Web", eb.WebService.standard(env, port=8080, front=shared))
    return encode(stack, FIELDS)


def resources(**changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = template(**changed)["Resources"]
    return found


OWN = [
    "WebLoadBalancerSecurityGroup",
    "WebLoadBalancer",
    "WebHttpListener",
    "WebHttpsListener",
    "WebTargetGroup3FF6B5",
    "WebBalancerErrorsAlarm",
    "WebRejectedConnectionsAlarm",
]
SHARED = ["WebFromLoadBalancerToTasks", "WebTargetGroupFF9AB4"]


def test_the_logical_ids_are_a_contract() -> None:
    found = list(resources())

    assert set(IDS) - set(found) == set(OWN)
    assert set(found) - set(IDS) == set(SHARED)


def test_trap_2_another_balancer_is_another_target_group() -> None:
    one, other = resources(), resources(label="internal")

    assert {name for name in one if "TargetGroup" in name} & set(other) == set()


def test_trap_2_moving_from_an_own_balancer_is_another_target_group() -> None:
    assert not {name for name in on_fargate().template["Resources"] if "TargetGroup" in name} & set(
        resources()
    )


def test_trap_4_the_number_comes_from_the_lock_file() -> None:
    rule = resources()["WebListenerRule"]["Properties"]

    assert rule["Priority"] == PENDING
    assert rule["ListenerArn"] == {"Ref": "SharedListenerArn"}


def test_trap_4_or_from_environment_yaml() -> None:
    rule = resources(routes=(eb.Route(priority=ENV.shop_priority),))["WebListenerRule"]

    assert rule["Properties"]["Priority"] == {"Ref": "ShopPriority"}


def test_trap_39_one_port_is_opened_from_both_sides() -> None:
    found = resources()

    assert found["WebFromLoadBalancerToTasks"] == {
        "Type": "AWS::EC2::SecurityGroupEgress",
        "Properties": {
            "GroupId": {"Ref": "SharedSecurityGroupId"},
            "Description": "port 8080 to the tasks",
            "IpProtocol": "tcp",
            "FromPort": 8080,
            "ToPort": 8080,
            "DestinationSecurityGroupId": {"Fn::GetAtt": ["WebSecurityGroup", "GroupId"]},
        },
    }
    assert found["WebFromLoadBalancer"]["Properties"] == {
        "GroupId": {"Fn::GetAtt": ["WebSecurityGroup", "GroupId"]},
        "Description": "port 8080 from the shared load balancer",
        "IpProtocol": "tcp",
        "FromPort": 8080,
        "ToPort": 8080,
        "SourceSecurityGroupId": {"Ref": "SharedSecurityGroupId"},
    }


def test_a_name_of_its_own_points_at_the_balancer() -> None:
    record = resources()["WebRecordA"]["Properties"]

    assert record["Name"] == {"Fn::Sub": "my-web.${HostedZoneName}"}
    assert record["AliasTarget"] == {
        "DNSName": {"Ref": "SharedDnsName"},
        "HostedZoneId": {"Ref": "SharedZoneId"},
        "EvaluateTargetHealth": False,
    }


def test_a_name_in_common_has_its_records_elsewhere() -> None:
    found = template(name=WWW, routes=(eb.Route(paths=eb.under("/shop")),))

    assert not [name for name in found["Resources"] if "Record" in name]
    assert found["Outputs"]["Url"]["Value"] == "https://www.example.com"
    assert found["Resources"]["WebListenerRule"]["Properties"]["Conditions"] == [
        {"Field": "host-header", "HostHeaderConfig": {"Values": ["www.example.com"]}},
        {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/shop", "/shop/*"]}},
    ]


def test_requests_are_counted_at_the_shared_balancer() -> None:
    label = resources()["WebRequestsScaling"]["Properties"][
        "TargetTrackingScalingPolicyConfiguration"
    ]["PredefinedMetricSpecification"]["ResourceLabel"]

    assert label == {"Fn::Sub": "${SharedFullName}/${WebTargetGroupFF9AB4.TargetGroupFullName}"}


def test_what_the_balancer_itself_does_rings_at_nobody_s_door() -> None:
    found = [name for name in resources() if name.endswith("Alarm")]

    assert found == [
        "WebCpuAlarm",
        "WebMemoryAlarm",
        "WebTargetErrorsAlarm",
        "WebTargetConnectionErrorsAlarm",
        "WebUnhealthyHostsAlarm",
        "WebResponseTimeAlarm",
        "WebRunningBelowDesiredAlarm",
        "WebNoHealthyHostAlarm",
    ]


def test_a_certificate_of_its_own_is_added_to_the_listener() -> None:
    assert resources(certificates=(CERTIFICATE,))["WebListenerCertificate"]["Properties"] == {
        "ListenerArn": {"Ref": "SharedListenerArn"},
        "Certificates": [{"CertificateArn": CERTIFICATE}],
    }


def test_only_what_is_used_is_a_parameter() -> None:
    found = template()["Parameters"]

    assert {name for name in found if name.startswith("Shared")} == {
        "SharedListenerArn",
        "SharedSecurityGroupId",
        "SharedFullName",
        "SharedDnsName",
        "SharedZoneId",
    }
    assert not {"CertificateArn", "AccessLogBucket", "PublicSubnetIds"} & set(found)


def test_elb_s_zone_is_not_one_that_cloudformation_would_look_for_here() -> None:
    assert template()["Parameters"]["SharedZoneId"]["Type"] == "String"


def test_the_balancer_of_another_stack_cannot_be_changed_here() -> None:
    balancer = ENV.shared_balancer()

    for name in ("resource", "security_group", "http_listener", "https_listener"):
        with pytest.raises(eb.BlockError) as refused:
            getattr(balancer, name)

        assert str(refused.value) == (
            "the load balancer is of another stack, and is changed there; this stack has only "
            "what is looked up of it"
        )


def test_a_web_service_needs_an_environment_of_one() -> None:
    fields = fields_of(Backend)
    tokens = {name: field.token() for name, field in fields.items()}
    env = Backend(app="prices", images=(REPOSITORY,), values=tokens)

    with pytest.raises(eb.BlockError) as refused:
        eb.WebService.standard(env, port=8080)  # type: ignore[arg-type]  # what is refused

    assert str(refused.value) == (
        "Backend is not derived from a WebServiceEnvironment, which a WebService takes: it may "
        "lack values"
    )


def test_an_own_balancer_needs_an_environment_for_one() -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.WebService.standard(ENV, port=8080)

    assert str(refused.value) == (
        "Shop is for a shared load balancer; give front=eb.Shared(…), or take a "
        "WebServiceEnvironment"
    )


HEADER = eb.TestHeader(value="a-word-that-few-know", source_ips=("10.0.0.0/8",))


def shifted(deployment: eb.Deployment, **changed: Any) -> dict[str, Any]:
    shared = eb.Shared(balancer=ENV.shared_balancer(), **changed)
    stack = eb.Stack(ENV)
    block = eb.WebService.standard(ENV, port=8080, front=shared, deployment=deployment)
    stack.add("Web", block)
    found: dict[str, Any] = encode(stack, FIELDS)["Resources"]
    return found


def test_a_new_version_is_tried_by_a_header_on_the_listener_of_production() -> None:
    found = shifted(eb.BlueGreen(test=HEADER))
    production = found["WebListenerRule"]["Properties"]

    assert found["WebTestListenerRule"]["Properties"] == {
        "ListenerArn": {"Ref": "SharedListenerArn"},
        "Priority": PENDING,
        "Conditions": [
            *production["Conditions"],
            {
                "Field": "http-header",
                "HttpHeaderConfig": {
                    "HttpHeaderName": "X-Environment",
                    "Values": ["a-word-that-few-know"],
                },
            },
            {"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8"]}},
        ],
        "Actions": production["Actions"],
    }
    [attached] = found["WebService"]["Properties"]["LoadBalancers"]
    assert attached["AdvancedConfiguration"]["TestListenerRule"] == {"Ref": "WebTestListenerRule"}
    assert set(found) - set(shifted(eb.BlueGreen())) == {"WebTestListenerRule"}


def test_the_rule_of_the_header_stands_before_that_of_production() -> None:
    found = shifted(eb.BlueGreen(test=HEADER), routes=(eb.Route(paths=("/shop/*",)),))
    production, test = (
        band_of(found[name]["Properties"]["Conditions"])
        for name in ("WebListenerRule", "WebTestListenerRule")
    )

    assert test.stop <= production.start


def test_the_rule_of_the_header_takes_a_number_of_its_own() -> None:
    header = eb.TestHeader(value="a-word", priority=ENV.shop_priority)
    found = shifted(eb.BlueGreen(test=header))

    assert found["WebTestListenerRule"]["Properties"]["Priority"] == {"Ref": "ShopPriority"}


def test_a_header_that_finds_no_room_in_the_rule_is_refused() -> None:
    five = tuple(f"/{n}" for n in range(4))

    with pytest.raises(eb.BlockError) as refused:
        shifted(eb.BlueGreen(test=HEADER), routes=(eb.Route(paths=five),))

    assert str(refused.value) == (
        "the rule of production and the test header have 7 values together; a rule takes 5: make "
        "the route, or source_ips, narrower"
    )


def test_addresses_of_the_route_and_of_the_header_are_two_conditions_of_one_kind() -> None:
    with pytest.raises(eb.BlockError) as refused:
        shifted(eb.BlueGreen(test=HEADER), routes=(eb.Route(source_ips=("203.0.113.7/32",)),))

    assert str(refused.value) == (
        "the route and the test header both name source_ips, and a rule takes one such condition: "
        "name them at the route alone"
    )


def test_a_test_listener_behind_a_shared_balancer_is_refused_and_says_what_to_take() -> None:
    test = eb.TestListener(ingress=(eb.Cidr("10.0.0.0/8"),))

    with pytest.raises(eb.BlockError) as refused:
        shifted(eb.BlueGreen(test=test))

    assert str(refused.value) == (
        "a test listener would be a port of the shared load balancer, which is changed in its own "
        "stack; take TestHeader, a rule on the listener that production has too"
    )


def test_a_test_header_on_a_balancer_of_its_own_is_refused() -> None:
    with pytest.raises(eb.BlockError) as refused:
        on_fargate(deployment=eb.BlueGreen(test=HEADER))

    assert str(refused.value) == (
        "a test header is for a service behind a shared load balancer; take TestListener, a port "
        "that only those reach whom it names"
    )


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param(
            {"name": "Host"},
            "'Host' cannot be the test header's name; it is written like X-Environment",
            id="host",
        ),
        pytest.param(
            {"value": "any*"},
            "'any*' cannot be the test header's value; take 1 to 128 characters of ASCII, and "
            "neither * nor ? nor a backslash: ELB would take them for patterns",
            id="a pattern",
        ),
        pytest.param(
            {"source_ips": "10.0.0.0/8"},
            'source_ips is a tuple, like ("10.0.0.0/8",)',
            id="no tuple",
        ),
        pytest.param(
            {"source_ips": ["10.0.0.0/8"]},
            'source_ips is a tuple, like ("10.0.0.0/8",)',
            id="a list",
        ),
        pytest.param(
            {"source_ips": ("10.0.0.0/8", "banana")},
            "the source address 'banana' is no range of addresses; it is written like 10.0.0.0/8 "
            "or 2001:db8::/32",
            id="no range",
        ),
        pytest.param({"priority": 0}, "priority is 0; allowed: 1 to 50000", id="no priority"),
    ],
)
def test_a_header_that_elb_would_not_take(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.TestHeader(**{"value": "a-word", **changed})

    assert str(refused.value) == message
