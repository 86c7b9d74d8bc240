"""What the services' own APIs say of the golden variants, one kind of resource after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.ministack.created import REGION

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ministack.created import Account

    Variant = Callable[[str], Account]

pytestmark = pytest.mark.ministack

BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
TARGET_GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"


def service_of(account: Account, app: str) -> Any:
    """An app's ECS service."""
    arn = account.id_of(app, "AWS::ECS::Service")
    asked = {"cluster": arn.split("/")[1], "services": [arn]}
    return account.ask("ecs", "describe_services", **asked)["services"][0]


def task_of(account: Account, app: str) -> Any:
    """The task definition of an app."""
    arn = account.id_of(app, "AWS::ECS::TaskDefinition")
    return account.ask("ecs", "describe_task_definition", taskDefinition=arn)["taskDefinition"]


def test_service_is_found_by_its_name_in_dns(variant: Variant) -> None:
    directory = variant("directory")
    own = directory.id_of("directory", "AWS::ServiceDiscovery::Service")
    found = directory.ask("servicediscovery", "get_service", Id=own)["Service"]

    assert (found["Name"], found["DnsConfig"]["DnsRecords"][0]["Type"]) == ("directory", "A")
    namespaces = directory.ask("servicediscovery", "list_namespaces")["Namespaces"]
    assert found["NamespaceId"] in [one["Id"] for one in namespaces]
    assert service_of(directory, "directory")["serviceRegistries"] == [
        {"registryArn": found["Arn"]}
    ]


def test_bounds_change_by_the_clock(variant: Variant) -> None:
    directory = variant("directory")
    asked = {"ServiceNamespace": "ecs"}
    found = directory.ask("application-autoscaling", "describe_scheduled_actions", **asked)
    own = service_of(directory, "directory")["serviceName"]
    actions = [one for one in found["ScheduledActions"] if one["ResourceId"].endswith(own)]

    assert [(one["ScheduledActionName"], one["ScalableTargetAction"]) for one in actions] == [
        ("Night", {"MinCapacity": 0, "MaxCapacity": 0}),
        ("Morning", {"MinCapacity": 1, "MaxCapacity": 1}),
    ]
    assert {one["Timezone"] for one in actions} == {"Asia/Tokyo"}


def test_network_balancer_listens_by_tls_and_tcp(variant: Variant) -> None:
    broker = variant("broker")
    arn = broker.id_of("broker", BALANCER)
    [balancer] = broker.ask("elbv2", "describe_load_balancers", LoadBalancerArns=[arn])[
        "LoadBalancers"
    ]
    listeners = broker.ask("elbv2", "describe_listeners", LoadBalancerArn=arn)["Listeners"]
    groups = {
        one["TargetGroupArn"]: (one["Protocol"], one["Port"], one["HealthCheckProtocol"])
        for one in broker.ask("elbv2", "describe_target_groups")["TargetGroups"]
    }

    assert (balancer["Type"], len(balancer["SecurityGroups"])) == ("network", 1)
    assert [
        (one["Protocol"], one["Port"], groups[one["DefaultActions"][0]["TargetGroupArn"]])
        for one in listeners
    ] == [("TLS", 8883, ("TCP", 1883, "HTTP")), ("TCP", 8884, ("TCP", 8884, "TCP"))]
    assert {(one["containerPort"]) for one in service_of(broker, "broker")["loadBalancers"]} == {
        1883,
        8884,
    }


def test_certificate_is_asked_for_all_its_names(variant: Variant) -> None:
    ingress = variant("part")
    arn = ingress.id_of("ingress", "AWS::CertificateManager::Certificate")
    found = ingress.ask("acm", "describe_certificate", CertificateArn=arn)["Certificate"]

    assert found["DomainName"] == "www.example.com"
    assert set(found["SubjectAlternativeNames"]) == {"www.example.com", "old.example.com"}
    assert {one["ValidationMethod"] for one in found["DomainValidationOptions"]} == {"DNS"}


def test_stack_behind_a_shared_balancer_has_its_rules_on_it(variant: Variant) -> None:
    part = variant("part")
    listener = part.stacks["ingress"].outputs["SharedListenerArn"]
    found = part.ask("elbv2", "describe_rules", ListenerArn=listener)["Rules"]
    own = part.id_of("part", TARGET_GROUP)
    rules = {one["Priority"]: one for one in found if not one["IsDefault"]}

    assert {one["Actions"][0]["TargetGroupArn"] for one in rules.values()} == {own}
    assert len(rules) == len(part.ids("part", "AWS::ElasticLoadBalancingV2::ListenerRule")) == 3
    assert rules["10"]["Conditions"][1]["HttpHeaderConfig"] == {
        "HttpHeaderName": "X-Beta",
        "Values": ["*"],
    }


@pytest.mark.parametrize(
    ("url", "status"),
    [
        # The rule forwards, and behind it no container runs.
        ("https://www.example.com:443/part/of/it", 503),
        ("https://www.example.com:443/other", 503),
        ("https://www.example.com:443/nobody-s", 404),
        ("https://old.example.com:443/part", 404),
        ("http://www.example.com/part", 301),
    ],
)
def test_shared_balancer_answers_for_the_stack_behind_it(
    variant: Variant, url: str, status: int
) -> None:
    part = variant("part")
    arn = part.id_of("ingress", BALANCER)
    name = arn.split("/")[-2]
    reply = part.server.get(name, url, account=part.account, region=REGION)

    assert reply.status == status


def test_load_balancer_has_its_firewall(variant: Variant) -> None:
    site = variant("sign-in")
    arn = site.id_of("sign-in", BALANCER)
    found = site.ask("wafv2", "get_web_acl_for_resource", ResourceArn=arn)["WebACL"]

    assert found["ARN"] == site.targets["sign-in"].rendered.parameters["WebAclArn"]


def test_people_sign_in_before_a_request_goes_on(variant: Variant) -> None:
    site = variant("sign-in")
    rules = [
        one
        for listener in site.ids("sign-in", LISTENER)
        for one in site.ask("elbv2", "describe_rules", ListenerArn=listener)["Rules"]
        if not one["IsDefault"]
    ]
    actions = {
        (one["Conditions"][0]["Values"][0], len(one["Conditions"])): [
            action["Type"] for action in one["Actions"]
        ]
        for one in rules
    }

    assert actions == {
        ("admin.example.com", 1): ["authenticate-oidc", "forward"],
        ("sign-in.example.com", 1): ["authenticate-cognito", "forward"],
        ("sign-in.example.com", 3): ["forward"],
    }


def test_blue_green_names_both_groups_and_both_rules(variant: Variant) -> None:
    shop = variant("blue-green")
    service = service_of(shop, "blue-green")
    deployment = service["deploymentConfiguration"]
    [balancer] = service["loadBalancers"]
    advanced = balancer["advancedConfiguration"]
    groups = {balancer["targetGroupArn"], advanced["alternateTargetGroupArn"]}
    rules = {advanced["productionListenerRule"], advanced["testListenerRule"]}

    assert (deployment["strategy"], deployment["bakeTimeInMinutes"]) == ("BLUE_GREEN", 10)
    assert groups == set(shop.ids("blue-green", TARGET_GROUP))
    assert rules == set(shop.ids("blue-green", "AWS::ElasticLoadBalancingV2::ListenerRule"))
    assert deployment["lifecycleHooks"][0]["lifecycleStages"] == ["POST_TEST_TRAFFIC_SHIFT"]


@pytest.mark.parametrize(
    ("name", "key", "expected"),
    [
        ("canary", "canaryConfiguration", {"canaryPercent": 5, "canaryBakeTimeInMinutes": 10}),
        ("linear", "linearConfiguration", {"stepPercent": 25, "stepBakeTimeInMinutes": 5}),
    ],
)
def test_traffic_moves_in_steps(
    variant: Variant, name: str, key: str, expected: dict[str, int]
) -> None:
    deployment = service_of(variant(name), name)["deploymentConfiguration"]

    assert (deployment["strategy"], deployment[key]) == (name.upper(), expected)


def test_deployment_watches_alarms_that_are_there(variant: Variant) -> None:
    watchful = variant("watchful")
    alarms = service_of(watchful, "watchful")["deploymentConfiguration"]["alarms"]
    there = watchful.ask("cloudwatch", "describe_alarms", AlarmNames=alarms["alarmNames"])

    assert (alarms["enable"], alarms["rollback"], len(alarms["alarmNames"])) == (True, True, 3)
    assert {one["AlarmName"] for one in there["MetricAlarms"]} == set(alarms["alarmNames"])


def test_composite_alarm_names_alarms_that_are_there(variant: Variant) -> None:
    watchful = variant("watchful")
    name = watchful.id_of("watchful", "AWS::CloudWatch::CompositeAlarm")
    asked = {"AlarmTypes": ["CompositeAlarm"], "AlarmNames": [name]}
    [composite] = watchful.ask("cloudwatch", "describe_alarms", **asked)["CompositeAlarms"]
    named = set(composite["AlarmRule"].split('"')[1::2])
    there = watchful.ask("cloudwatch", "describe_alarms", AlarmNames=sorted(named))

    assert {one["AlarmName"] for one in there["MetricAlarms"]} == named
    assert len(named) == 3


def test_events_of_this_service_alone_reach_the_topic(variant: Variant) -> None:
    watchful = variant("watchful")
    service = service_of(watchful, "watchful")
    topic = watchful.targets["watchful"].rendered.parameters["AlarmTopicArn"]
    told = {}
    for name in watchful.ids("watchful", "AWS::Events::Rule"):
        rule = watchful.ask("events", "describe_rule", Name=name)
        [target] = watchful.ask("events", "list_targets_by_rule", Rule=name)["Targets"]
        if target["Arn"] == topic:
            told[rule["Description"]] = rule["EventPattern"]

    assert set(told) == {"a deployment failed", "a task cannot start", "a task broke down"}
    assert all(service["serviceName"] in pattern for pattern in told.values())


def test_history_of_tasks_has_its_rule_and_may_be_written(variant: Variant) -> None:
    observed = variant("observed")
    name = "/aws/events/ecs/containerinsights/observed/performance"
    [group] = observed.ask("logs", "describe_log_groups", logGroupNamePrefix=name)["logGroups"]
    arn = group["arn"].removesuffix(":*")
    policies = observed.ask(
        "logs", "describe_resource_policies", policyScope="RESOURCE", resourceArn=arn
    )["resourcePolicies"]
    [rule] = [
        observed.ask("events", "describe_rule", Name=rule)
        for rule in observed.ids("observed", "AWS::Events::Rule")
        if observed.ask("events", "list_targets_by_rule", Rule=rule)["Targets"][0]["Arn"] == arn
    ]

    assert (group["retentionInDays"], "kmsKeyId" in group) == (30, True)
    assert [one["resourceArn"] for one in policies] == [arn]
    assert f'"{rule["Arn"]}"' in policies[0]["policyDocument"]
    assert ":service/observed/" in rule["EventPattern"]
    assert len(observed.ids("observed", "AWS::Logs::QueryDefinition")) == 4


def test_daemon_reads_what_instances_write(variant: Variant) -> None:
    agent = variant("agent")
    volumes = task_of(agent, "agent")["volumes"]

    assert service_of(agent, "agent")["schedulingStrategy"] == "DAEMON"
    assert {"name": "logs", "host": {"sourcePath": "/var/log/ecs"}} in volumes


def test_containers_wait_for_each_other_and_share_what_they_are_given(variant: Variant) -> None:
    task = task_of(variant("backend"), "backend")
    app, proxy = task["containerDefinitions"]
    volumes = {one["name"]: one for one in task["volumes"]}

    assert (app["name"], proxy["name"]) == ("app", "proxy")
    assert app["dependsOn"] == [{"containerName": "proxy", "condition": "HEALTHY"}]
    assert [one["name"] for one in app["ulimits"]] == ["nofile"]
    assert (proxy["restartPolicy"]["enabled"], proxy["restartPolicy"]["ignoredExitCodes"]) == (
        True,
        [0],
    )
    assert volumes["files"]["efsVolumeConfiguration"]["transitEncryption"] == "ENABLED"
    assert task["ephemeralStorage"] == {"sizeInGiB": 50}
