"""A service behind a Network Load Balancer.

Trap 1: how many tasks run is the scalable target's.
Trap 3: the service comes after its listeners.
Trap 9: that nothing is logged is said.
Trap 39: the balancer reaches the ports that it sends to and asks on, and nothing else.
"""

from __future__ import annotations

from typing import Any, Literal

import pytest

import ecs_blocks as eb
from ecs_blocks.environment.declare import fields_of
from ecs_blocks.templates.stack import encode
from tests.blocks.helpers import CERTIFICATE, REPOSITORY

KIND = eb.FargateNetworkServiceEnvironment
FIELDS = fields_of(KIND)
ENV = KIND(
    app="my-web",
    images=(REPOSITORY,),
    values={name: field.token() for name, field in FIELDS.items()},
)
ANYBODY = (eb.Cidr("0.0.0.0/0"),)
ONE = (eb.NetworkEndpoint(listener=eb.Tcp(5432)),)
HEALTH = eb.Answers(path="/health", port=8080)
TWO = (
    eb.NetworkEndpoint(listener=eb.Tls(port=443, certificate_arn=CERTIFICATE), check=HEALTH),
    eb.NetworkEndpoint(listener=eb.Tcp(9001), port=9001),
)


def template(**changed: Any) -> dict[str, Any]:
    stack = eb.Stack(ENV)
    arguments: dict[str, Any] = {"port": 5432, "endpoints": ONE, "ingress": ANYBODY}
    stack.add("Web", eb.NetworkService.standard(ENV, **arguments | changed))
    return encode(stack, FIELDS)


def resources(**changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = template(**changed)["Resources"]
    return found


def two() -> dict[str, Any]:
    ports = eb.Container(ports=(eb.Port(8080, "health"), eb.Port(9001, "other")))
    return resources(endpoints=TWO, container=ports)


def test_the_logical_ids_are_a_contract() -> None:
    assert list(resources()) == [
        "WebLogGroup",
        "WebExecutionRole",
        "WebTaskRole",
        "WebTaskDefinition",
        "WebSecurityGroup",
        "WebLoadBalancerSecurityGroup",
        "WebLoadBalancer",
        "WebFromLoadBalancer",
        "WebTargetGroupB25818",
        "WebListener5432",
        "WebRecordA",
        "WebRecordAaaa",
        "WebService",
        "WebScalableTarget",
        "WebCpuScaling",
        "WebMemoryScaling",
        "WebCpuAlarm",
        "WebMemoryAlarm",
        "WebRunningBelowDesiredAlarm",
        "WebUnhealthyHostsAlarm",
        "WebNoHealthyHostAlarm",
    ]


def test_trap_1_how_many_tasks_run_is_the_target_s() -> None:
    assert "DesiredCount" not in resources()["WebService"]["Properties"]


def test_trap_3_the_service_comes_after_its_listeners() -> None:
    assert two()["WebService"]["DependsOn"] == ["WebListener443", "WebListener9001"]


def test_each_port_has_a_target_group() -> None:
    found = two()["WebService"]["Properties"]["LoadBalancers"]

    assert [one["ContainerPort"] for one in found] == [5432, 9001]
    assert len({one["TargetGroupArn"]["Ref"] for one in found}) == 2


def test_trap_39_it_reaches_the_ports_that_it_sends_to_and_asks_on() -> None:
    found = two()
    group = found["WebLoadBalancerSecurityGroup"]["Properties"]
    into = [
        body["Properties"]["FromPort"]
        for name, body in found.items()
        if name.startswith("WebFromLoadBalancer")
    ]

    assert [rule["FromPort"] for rule in group["SecurityGroupIngress"]] == [443, 9001]
    assert [rule["FromPort"] for rule in group["SecurityGroupEgress"]] == [5432, 9001, 8080]
    assert into == [5432, 9001, 8080]


@pytest.mark.parametrize(
    ("scheme", "subnets"),
    [("internet-facing", "PublicSubnetIds"), ("internal", "PrivateSubnetIds")],
)
def test_where_the_balancer_is(scheme: Any, subnets: str) -> None:
    found = resources(scheme=scheme)["WebLoadBalancer"]["Properties"]

    assert (found["Scheme"], found["Subnets"]) == (scheme, {"Ref": subnets})


def test_its_alarms_are_those_of_a_network_load_balancer() -> None:
    found = resources()["WebUnhealthyHostsAlarm"]["Properties"]

    assert found["Namespace"] == "AWS/NetworkELB"
    assert found["Dimensions"] == [
        {
            "Name": "TargetGroup",
            "Value": {"Fn::GetAtt": ["WebTargetGroupB25818", "TargetGroupFullName"]},
        },
        {
            "Name": "LoadBalancer",
            "Value": {"Fn::GetAtt": ["WebLoadBalancer", "LoadBalancerFullName"]},
        },
    ]


def test_others_look_its_address_up() -> None:
    assert template()["Outputs"]["Address"]["Value"] == {"Fn::Sub": "my-web.${HostedZoneName}:5432"}


REFUSED = [
    pytest.param(
        {
            "port": eb.Port(5353, "dns", protocol="udp"),
            "endpoints": (eb.NetworkEndpoint(listener=eb.Udp(53), check=eb.Connects(8080)),),
            "container": eb.Container(ports=(eb.Port(5353, "dns-tcp"), eb.Port(8080, "health"))),
        },
        "port 5353 of the task is one for TCP and one for UDP, and ECS takes no service whose load "
        "balancer leads to such a port; give each a number of its own",
        id="one number of two protocols",
    ),
    pytest.param(
        {
            "port": 8080,
            "endpoints": (
                eb.NetworkEndpoint(listener=eb.Tcp(80)),
                eb.NetworkEndpoint(listener=eb.Tcp(81), port=8080),
            ),
        },
        "two endpoints go to one port of the task; give each one of its own",
        id="the task's own port by its number",
    ),
    pytest.param(
        {"endpoints": ()}, "a network load balancer needs ports, each of them once", id="no port"
    ),
    pytest.param(
        {"endpoints": ONE * 2},
        "a network load balancer needs ports, each of them once",
        id="one port twice",
    ),
    pytest.param(
        {"endpoints": (*ONE, eb.NetworkEndpoint(listener=eb.Tcp(6432)))},
        "two endpoints go to one port of the task; give each one of its own",
        id="one port behind two",
    ),
    pytest.param({"ingress": ()}, "ingress names nobody who may connect", id="for nobody"),
]


@pytest.mark.parametrize(("changed", "message"), REFUSED)
def test_what_cannot_be_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        template(**changed)

    assert str(refused.value) == message


def test_a_further_endpoint_has_an_alarm_of_its_own() -> None:
    found = two()

    assert found["WebPort9001UnhealthyHostsAlarm"]["Properties"]["Dimensions"][0] == {
        "Name": "TargetGroup",
        "Value": {
            "Fn::GetAtt": [
                found["WebService"]["Properties"]["LoadBalancers"][1]["TargetGroupArn"]["Ref"],
                "TargetGroupFullName",
            ]
        },
    }


SHIFTS = [
    pytest.param(eb.BlueGreen(), "BLUE_GREEN", id="blue/green"),
    pytest.param(eb.Canary(), "CANARY", id="canary"),
    pytest.param(eb.Linear(), "LINEAR", id="linear"),
]


@pytest.mark.parametrize(("deployment", "strategy"), SHIFTS)
def test_traffic_is_shifted_by_the_weights_of_the_listener(deployment: Any, strategy: str) -> None:
    found = resources(deployment=deployment)
    service = found["WebService"]
    [attached] = service["Properties"]["LoadBalancers"]
    alternate = "WebAlternateTargetGroupB25818"

    assert service["Properties"]["DeploymentConfiguration"]["Strategy"] == strategy
    assert attached["AdvancedConfiguration"] == {
        "AlternateTargetGroupArn": {"Ref": alternate},
        "ProductionListenerRule": {"Ref": "WebListener5432"},
        "RoleArn": {"Fn::GetAtt": ["WebTrafficRole", "Arn"]},
    }
    assert found["WebListener5432"]["Properties"]["DefaultActions"] == [
        {
            "Type": "forward",
            "ForwardConfig": {
                "TargetGroups": [
                    {"TargetGroupArn": {"Ref": "WebTargetGroupB25818"}, "Weight": 100},
                    {"TargetGroupArn": {"Ref": alternate}, "Weight": 0},
                ]
            },
        }
    ]
    assert found[alternate]["Properties"] == found["WebTargetGroupB25818"]["Properties"]
    assert "DependsOn" not in service


def test_its_alarms_see_both_groups_while_traffic_is_shifted() -> None:
    metrics = resources(deployment=eb.BlueGreen())["WebUnhealthyHostsAlarm"]["Properties"][
        "Metrics"
    ]

    by_id = {one["Id"]: one for one in metrics}
    assert by_id["result"]["Expression"] == "MAX([primary, alternate])"


def test_the_new_version_is_tried_on_another_port() -> None:
    test = eb.TestListener(ingress=(eb.Cidr("10.0.0.0/8"),), port=5433)
    found = resources(deployment=eb.BlueGreen(test=test))
    [attached] = found["WebService"]["Properties"]["LoadBalancers"]
    production = found["WebListener5432"]["Properties"]

    assert attached["AdvancedConfiguration"]["TestListenerRule"] == {"Ref": "WebTestListener"}
    assert found["WebTestListener"]["Properties"] == {**production, "Port": 5433}
    assert found["WebTestIngress1"]["Properties"]["FromPort"] == 5433


def test_the_new_version_cannot_be_tried_on_the_port_of_production() -> None:
    test = eb.TestListener(ingress=(eb.Cidr("10.0.0.0/8"),), port=5432)

    with pytest.raises(eb.BlockError) as refused:
        resources(deployment=eb.BlueGreen(test=test))

    assert str(refused.value) == "port 5432 is production's; give the test listener another"


def test_traffic_of_two_ports_cannot_be_shifted() -> None:
    ports = eb.Container(ports=(eb.Port(8080, "health"), eb.Port(9001, "other")))

    with pytest.raises(eb.BlockError, match="this service has 2 and 2: take Rolling"):
        resources(endpoints=TWO, container=ports, deployment=eb.BlueGreen())


def logged(*buckets: Any) -> tuple[eb.NetworkEndpoint, ...]:
    return tuple(
        eb.NetworkEndpoint(
            listener=eb.Tls(port=443 + number, certificate_arn=CERTIFICATE, log_bucket=bucket),
            port=5432 + number,
        )
        for number, bucket in enumerate(buckets)
    )


def attributes(found: dict[str, Any]) -> dict[str, Any]:
    listed = found["WebLoadBalancer"]["Properties"]["LoadBalancerAttributes"]
    return {one["Key"]: one["Value"] for one in listed}


def test_tls_connections_are_logged_where_it_is_said() -> None:
    found = resources(endpoints=logged(eb.BucketName("logs")))

    assert {key: one for key, one in attributes(found).items() if "logs" in key} == {
        "access_logs.s3.enabled": "true",
        "access_logs.s3.bucket": "logs",
        "access_logs.s3.prefix": {"Ref": "AWS::StackName"},
    }
    assert "Metadata" not in found["WebLoadBalancer"]


def test_a_bucket_of_the_same_stack_stands_first() -> None:
    stack = eb.Stack(ENV)
    bucket = stack.add("Logs", eb.AccessLogBucket(network_balancers=True))
    stack.add(
        "Web",
        eb.NetworkService.standard(ENV, port=5432, endpoints=logged(bucket), ingress=ANYBODY),
    )
    found = encode(stack, FIELDS)["Resources"]

    assert found["WebLoadBalancer"]["DependsOn"] == ["LogsAccessLogBucketPolicy"]
    assert attributes(found)["access_logs.s3.bucket"] == {"Ref": "LogsAccessLogBucket"}


def test_trap_9_that_nothing_is_logged_is_said_and_the_reason_stands_there() -> None:
    found = resources()

    assert {key: value for key, value in attributes(found).items() if "logs" in key} == {
        "access_logs.s3.enabled": "false"
    }
    assert "EB502" in str(found["WebLoadBalancer"]["Metadata"])


def test_a_balancer_logs_into_one_bucket() -> None:
    ports = eb.Container(ports=(eb.Port(5433, "other"),))

    with pytest.raises(eb.BlockError) as refused:
        resources(endpoints=logged(eb.BucketName("a-1"), eb.BucketName("b-2")), container=ports)

    assert str(refused.value) == "two listeners log into different buckets; a balancer has one"


DNS = eb.Port(5353, "dns", protocol="udp")
ASKED = eb.Connects(8080)


def by_udp(**changed: Any) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "port": DNS,
        "endpoints": (eb.NetworkEndpoint(listener=eb.Udp(53), check=ASKED),),
        "container": eb.Container(ports=(eb.Port(8080, "health"),)),
    }
    return resources(**arguments | changed)


def opened(found: dict[str, Any], kind: str) -> list[tuple[str, int]]:
    """The protocols and ports of a security group's own rules."""
    group = found["WebLoadBalancerSecurityGroup"]["Properties"][f"SecurityGroup{kind}"]
    return [(one["IpProtocol"], one["FromPort"]) for one in group]


def test_datagrams_are_handed_on_with_the_clients_addresses() -> None:
    found = by_udp()
    [group] = [one for one in found.values() if one["Type"].endswith("::TargetGroup")]
    attributes = {one["Key"]: one["Value"] for one in group["Properties"]["TargetGroupAttributes"]}

    assert found["WebListener53"]["Properties"]["Protocol"] == "UDP"
    assert {key: group["Properties"][key] for key in ("Protocol", "Port")} == {
        "Protocol": "UDP",
        "Port": 5353,
    }
    assert group["Properties"]["HealthCheckProtocol"] == "TCP"
    assert group["Properties"]["HealthCheckPort"] == "8080"
    assert attributes["preserve_client_ip.enabled"] == "true"


def test_trap_39_groups_are_open_by_udp_and_for_the_health_check() -> None:
    found = by_udp()
    into = [found[f"WebFromLoadBalancer{number}"]["Properties"] for number in ("", "2")]

    assert opened(found, "Ingress") == [("udp", 53)]
    assert opened(found, "Egress") == [("udp", 5353), ("tcp", 8080)]
    assert [(one["IpProtocol"], one["FromPort"]) for one in into] == [("udp", 5353), ("tcp", 8080)]
    assert into[0]["Description"] == "UDP port 5353 from the load balancer"


def test_a_test_listener_by_udp_is_open_by_udp() -> None:
    test = eb.TestListener(ingress=(eb.Cidr("10.0.0.0/8"),), port=5354)
    rule = by_udp(deployment=eb.BlueGreen(test=test))["WebTestIngress1"]["Properties"]

    assert (rule["IpProtocol"], rule["FromPort"]) == ("udp", 5354)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param(
            {"endpoints": (eb.NetworkEndpoint(listener=eb.Udp(53)),)},
            "no health check goes by UDP; give check=eb.Connects(…) or eb.Answers(port=…) a port "
            "of the task that answers by TCP",
            id="no check",
        ),
        pytest.param(
            {"port": 5353},
            "no container of the task listens on port 5353 by UDP; give it eb.Port(5353, …, "
            'protocol="udp")',
            id="a port of TCP",
        ),
    ],
)
def test_what_does_not_work_by_udp(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        by_udp(**changed)

    assert str(refused.value) == message


def test_http_is_not_spoken_by_udp() -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.Port(8080, app_protocol="http", protocol="udp")

    assert str(refused.value) == "http is spoken by TCP, not by UDP; leave one out"


class Both(KIND):
    """Reached by IPv6 too."""

    load_balancer_ip_address_type: eb.Param[Literal["ipv4", "dualstack"]] = eb.param(
        default="dualstack", help="needs subnets with IPv6"
    )


def test_an_environment_may_say_that_clients_come_by_ipv6() -> None:
    fields = fields_of(Both)
    values = {name: field.token() for name, field in fields.items()}
    env = Both(app="my-web", images=(REPOSITORY,), values=values)
    stack = eb.Stack(env)
    stack.add("Web", eb.NetworkService.standard(env, port=5432, endpoints=ONE, ingress=ANYBODY))
    found = encode(stack, fields)["Resources"]["WebLoadBalancer"]["Properties"]

    assert found["IpAddressType"] == {"Ref": "LoadBalancerIpAddressType"}
    assert resources()["WebLoadBalancer"]["Properties"]["IpAddressType"] == "ipv4"
