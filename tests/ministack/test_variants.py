"""What the services' own APIs say of the golden variants, one kind of resource after the other."""

from __future__ import annotations

import json
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


def schedule_of(account: Account, app: str) -> Any:
    """The only schedule of an app's group."""
    group = {"GroupName": account.id_of(app, "AWS::Scheduler::ScheduleGroup")}
    [found] = account.ask("scheduler", "list_schedules", **group)["Schedules"]
    return account.ask("scheduler", "get_schedule", Name=found["Name"], **group)


def queue_attributes(account: Account, url: str) -> Any:
    asked = {"QueueUrl": url, "AttributeNames": ["All"]}
    return account.ask("sqs", "get_queue_attributes", **asked)["Attributes"]


def test_schedule_starts_the_state_machine_and_keeps_what_aws_refused(variant: Variant) -> None:
    nightly = variant("nightly")
    schedule = schedule_of(nightly, "nightly")
    queue = queue_attributes(nightly, nightly.id_of("nightly", "AWS::SQS::Queue"))
    target = schedule["Target"]

    assert (schedule["ScheduleExpression"], schedule["State"]) == ("cron(0 3 * * ? *)", "ENABLED")
    assert target["Arn"] == nightly.id_of("nightly", "AWS::StepFunctions::StateMachine")
    assert target["DeadLetterConfig"] == {"Arn": queue["QueueArn"]}
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 10}
    assert target["RoleArn"].startswith("arn:aws:iam::123456789012:role/nightly-prod-")


def test_state_machine_runs_the_last_task_definition(variant: Variant) -> None:
    nightly = variant("nightly")
    machine = nightly.ask(
        "stepfunctions",
        "describe_state_machine",
        stateMachineArn=nightly.id_of("nightly", "AWS::StepFunctions::StateMachine"),
    )
    run = json.loads(machine["definition"])["States"]["Run"]
    task = nightly.id_of("nightly", "AWS::ECS::TaskDefinition")

    assert run["Resource"] == "arn:aws:states:::ecs:runTask.sync"
    assert run["Parameters"]["TaskDefinition"] == task
    assert run["Retry"][0]["MaxAttempts"] == 2
    assert run["TimeoutSeconds"] == 3600


def test_schedule_without_a_state_machine_starts_the_task_itself(variant: Variant) -> None:
    hourly = variant("hourly")
    schedule = schedule_of(hourly, "hourly")
    task = hourly.id_of("hourly", "AWS::ECS::TaskDefinition")

    assert schedule["FlexibleTimeWindow"] == {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 10}
    assert schedule["Target"]["Arn"] == f"arn:aws:ecs:{REGION}:123456789012:cluster/default"
    assert schedule["Target"]["EcsParameters"]["TaskDefinitionArn"] == task


def test_service_is_found_by_its_name_in_dns(variant: Variant) -> None:
    directory = variant("directory")
    own = directory.id_of("directory", "AWS::ServiceDiscovery::Service")
    found = directory.ask("servicediscovery", "get_service", Id=own)["Service"]

    assert (found["Name"], found["DnsConfig"]["DnsRecords"][0]["Type"]) == ("directory", "A")
    assert (
        found["NamespaceId"]
        in directory.ask("servicediscovery", "list_namespaces")["Namespaces"][0].values()
    )
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


def test_queue_gives_up_into_its_dead_letter_queue(variant: Variant) -> None:
    consumer = variant("consumer")
    dead, queue = (
        queue_attributes(consumer, u) for u in consumer.ids("consumer", "AWS::SQS::Queue")
    )
    redrive = json.loads(queue["RedrivePolicy"])

    assert redrive["deadLetterTargetArn"] == dead["QueueArn"]
    assert int(redrive["maxReceiveCount"]) == 3
    assert (queue["VisibilityTimeout"], queue["ReceiveMessageWaitTimeSeconds"]) == ("300", "20")
    assert queue["SqsManagedSseEnabled"] == dead["SqsManagedSseEnabled"] == "true"


def test_what_a_topic_sends_arrives_in_the_queue(variant: Variant) -> None:
    consumer = variant("consumer")
    _, url = consumer.ids("consumer", "AWS::SQS::Queue")
    topic = consumer.id_of("consumer", "AWS::SNS::Subscription").rpartition(":")[0]
    consumer.ask("sns", "publish", TopicArn=topic, Message="an order")
    asked = {"QueueUrl": url, "MaxNumberOfMessages": 10, "WaitTimeSeconds": 5}
    found = consumer.ask("sqs", "receive_message", **asked)

    # The alarms of other stacks may have rung on the same topic.
    assert [one for one in found["Messages"] if "an order" in one["Body"]] != []


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
