"""A cluster, and what the services of an environment share.

Trap 14: providers, their association and the cluster are in one stack, and a service of the same
stack waits for the association.
Trap 31: an export could not change while anybody imports it; outputs are looked up instead.
Trap 32: the bucket for logs stands, with its policy, before the stacks whose balancers write to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import TOKENS, Built, built, instance_settings, new_stack

if TYPE_CHECKING:
    from ecs_blocks.blocks.cluster import ClusterHandle

_OPS = (eb.Subscription("ops@example.com"),)


def made(**changed: Any) -> Built[ClusterHandle]:
    arguments: dict[str, Any] = {"name": "main", "subscriptions": _OPS}
    return built(eb.Cluster(**arguments | changed), "Shared")


FARGATE_IDS = [
    "SharedKey",
    "SharedAlarmTopic",
    "SharedAlarmTopicPolicy",
    "SharedAlarmSubscription1",
    "SharedNotificationsFailedAlarm",
    "SharedAccessLogBucket",
    "SharedAccessLogBucketPolicy",
    "SharedExecLogGroup",
    "SharedCluster",
    "SharedCapacityProviders",
    "SharedPlacementFailureRule",
]
INSTANCE_IDS = [
    "SharedActivityAlarmTopic",
    "SharedActivityAlarmTopicPolicy",
    "SharedInstanceRole",
    "SharedInstanceProfile",
    "SharedInstanceSecurityGroup",
    "SharedLaunchTemplate",
    "SharedAutoScalingGroup",
    "SharedCapacityProvider",
]
ALARM_IDS = [
    "SharedCpuReservationAlarm",
    "SharedMemoryReservationAlarm",
    "SharedCapacityProviderSaturatedAlarm",
]


def test_the_cluster_itself() -> None:
    assert made().resources["SharedCluster"] == {
        "Type": "AWS::ECS::Cluster",
        "Properties": {
            "ClusterName": "main",
            "ClusterSettings": [{"Name": "containerInsights", "Value": "enhanced"}],
            "Configuration": {
                "ExecuteCommandConfiguration": {
                    "KmsKeyId": {"Fn::GetAtt": ["SharedKey", "Arn"]},
                    "Logging": "OVERRIDE",
                    "LogConfiguration": {
                        "CloudWatchLogGroupName": {"Ref": "SharedExecLogGroup"},
                        "CloudWatchEncryptionEnabled": True,
                    },
                }
            },
        },
    }


def test_commands_that_people_ran_are_logged() -> None:
    assert made().resources["SharedExecLogGroup"] == {
        "Type": "AWS::Logs::LogGroup",
        "DeletionPolicy": "RetainExceptOnCreate",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "LogGroupName": {"Fn::Sub": "/ecs/${AWS::StackName}/exec"},
            "RetentionInDays": 30,
            "KmsKeyId": {"Fn::GetAtt": ["SharedKey", "Arn"]},
        },
    }


@pytest.mark.parametrize(
    ("instances", "providers", "default"),
    [
        pytest.param(None, ["FARGATE", "FARGATE_SPOT"], "FARGATE", id="Fargate"),
        pytest.param(
            instance_settings(),
            ["FARGATE", "FARGATE_SPOT", {"Ref": "SharedCapacityProvider"}],
            {"Ref": "SharedCapacityProvider"},
            id="instances",
        ),
    ],
)
def test_who_does_not_choose_runs_where_the_cluster_says(
    instances: eb.InstanceSettings | None, providers: list[Any], default: object
) -> None:
    assert made(instances=instances).resources["SharedCapacityProviders"] == {
        "Type": "AWS::ECS::ClusterCapacityProviderAssociations",
        "Properties": {
            "Cluster": {"Ref": "SharedCluster"},
            "CapacityProviders": providers,
            "DefaultCapacityProviderStrategy": [{"CapacityProvider": default, "Weight": 1}],
        },
    }


def test_a_share_of_the_tasks_may_run_on_spot_by_default() -> None:
    capacity = eb.FargateCapacity(base=2, weight=1, spot_weight=TOKENS.number)
    found = made(default_capacity=capacity).resources["SharedCapacityProviders"]["Properties"]

    assert found["DefaultCapacityProviderStrategy"] == [
        {"CapacityProvider": "FARGATE", "Base": 2, "Weight": 1},
        {"CapacityProvider": "FARGATE_SPOT", "Weight": {"Ref": "Number"}},
    ]


def test_what_is_measured_may_differ_by_environment() -> None:
    found = made(container_insights=TOKENS.word).resources["SharedCluster"]["Properties"]

    assert found["ClusterSettings"] == [{"Name": "containerInsights", "Value": {"Ref": "Word"}}]


def test_an_unknown_level_of_insights_is_refused() -> None:
    with pytest.raises(eb.BlockError) as refused:
        made(container_insights="on")

    assert str(refused.value) == "container_insights is 'on'; allowed: enhanced, enabled, disabled"


def test_services_that_name_no_namespace_have_that_of_the_cluster() -> None:
    stack = new_stack()
    namespace = stack.add("Shared", eb.Namespace(name="prod"))
    stack.add("Shared", eb.Cluster(name="main", subscriptions=_OPS, namespace=namespace.arn))

    found = Built(stack, None).resources["SharedCluster"]["Properties"]
    assert found["ServiceConnectDefaults"] == {
        "Namespace": {"Fn::GetAtt": ["SharedNamespace", "Arn"]}
    }


def test_values_may_be_tokens() -> None:
    found = made(
        name=TOKENS.word,
        instances=instance_settings(max_size=TOKENS.number),
        log_retention_days=TOKENS.number,
        access_log_days=TOKENS.other_number,
        alarms_enabled=TOKENS.flag,
        reservation_percent=TOKENS.number,
    ).resources

    [rule] = found["SharedAccessLogBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    alarm = found["SharedCpuReservationAlarm"]["Properties"]
    assert found["SharedCluster"]["Properties"]["ClusterName"] == {"Ref": "Word"}
    assert found["SharedExecLogGroup"]["Properties"]["RetentionInDays"] == {"Ref": "Number"}
    assert rule["ExpirationInDays"] == {"Ref": "OtherNumber"}
    assert (alarm["ActionsEnabled"], alarm["Threshold"]) == ({"Ref": "Flag"}, {"Ref": "Number"})


def test_alarms_notify_the_topic_of_the_cluster() -> None:
    found = made(instances=instance_settings()).resources

    told = [found[id_]["Properties"]["AlarmActions"] for id_ in ALARM_IDS]
    [target] = found["SharedPlacementFailureRule"]["Properties"]["Targets"]

    assert told == [[{"Ref": "SharedAlarmTopic"}]] * 3
    assert target["Arn"] == {"Ref": "SharedAlarmTopic"}


def test_the_coming_and_going_of_instances_disturbs_nobody() -> None:
    group = made(instances=instance_settings()).resources["SharedAutoScalingGroup"]["Properties"]

    assert [one["TopicARN"] for one in group["NotificationConfigurations"]] == [
        {"Ref": "SharedActivityAlarmTopic"},
        {"Ref": "SharedAlarmTopic"},
    ]


def test_trap_14_providers_and_cluster_are_in_one_stack() -> None:
    types = {one["Type"] for one in made(instances=instance_settings()).resources.values()}

    assert {
        "AWS::ECS::Cluster",
        "AWS::ECS::CapacityProvider",
        "AWS::ECS::ClusterCapacityProviderAssociations",
        "AWS::AutoScaling::AutoScalingGroup",
    } <= types


def test_trap_14_a_service_of_the_same_stack_waits_for_the_association() -> None:
    assert made().handle.name.to_dict() == {"Ref": "SharedCapacityProviders"}


OUTPUTS = {
    "ClusterName": {"Ref": "SharedCluster"},
    "ClusterArn": {"Fn::GetAtt": ["SharedCluster", "Arn"]},
    "AlarmTopicArn": {"Ref": "SharedAlarmTopic"},
    "KeyArn": {"Fn::GetAtt": ["SharedKey", "Arn"]},
    "AccessLogBucket": {"Ref": "SharedAccessLogBucket"},
    "ExecLogGroupName": {"Ref": "SharedExecLogGroup"},
}
INSTANCE_OUTPUTS = {
    "CapacityProvider": {"Ref": "SharedCapacityProvider"},
    "InstanceSecurityGroupId": {"Fn::GetAtt": ["SharedInstanceSecurityGroup", "GroupId"]},
    "ActivityTopicArn": {"Ref": "SharedActivityAlarmTopic"},
}


@pytest.mark.parametrize(
    ("instances", "outputs"),
    [
        pytest.param(None, OUTPUTS, id="Fargate"),
        pytest.param(instance_settings(), OUTPUTS | INSTANCE_OUTPUTS, id="instances"),
    ],
)
def test_trap_31_outputs_are_looked_up_and_never_exported(
    instances: eb.InstanceSettings | None, outputs: dict[str, Any]
) -> None:
    found = made(instances=instances).template["Outputs"]

    assert {name: one["Value"] for name, one in found.items()} == outputs
    assert {key for one in found.values() for key in one} == {"Value", "Description"}


def test_trap_32_the_bucket_for_logs_stands_with_its_policy() -> None:
    ids = made().ids

    assert {"SharedAccessLogBucket", "SharedAccessLogBucketPolicy"} <= set(ids)


@pytest.mark.parametrize(
    ("instances", "ids"),
    [
        pytest.param(None, FARGATE_IDS, id="Fargate"),
        pytest.param(
            instance_settings(),
            [*FARGATE_IDS[:9], *INSTANCE_IDS, *FARGATE_IDS[9:], *ALARM_IDS],
            id="instances",
        ),
    ],
)
def test_the_logical_ids_are_a_contract(
    instances: eb.InstanceSettings | None, ids: list[str]
) -> None:
    assert made(instances=instances).ids == ids


def test_two_clusters_do_not_fit_into_one_stack() -> None:
    stack = new_stack()
    stack.add("One", eb.Cluster(name="one", subscriptions=_OPS))

    with pytest.raises(eb.BlockError) as refused:
        stack.add("Two", eb.Cluster(name="two", subscriptions=_OPS))

    assert str(refused.value) == (
        "there are two outputs ClusterName; a block that gives one stands in a stack "
        "once: make an app of the second"
    )


def test_every_part_is_reachable_through_the_handle() -> None:
    handle = made(instances=instance_settings()).handle
    instances = handle.instances
    assert instances is not None

    reached = [
        handle.key,
        handle.topic.resource,
        handle.topic.policy,
        *handle.topic.subscriptions,
        handle.topic.alarm,
        handle.bucket.resource,
        handle.bucket.policy,
        handle.exec_log_group,
        handle.resource,
        instances.activity_topic.resource,
        instances.activity_topic.policy,
        instances.role,
        instances.profile,
        instances.security_group,
        instances.launch_template,
        instances.group,
        instances.capacity_provider,
        handle.association,
        handle.placement_rule,
        *handle.alarms,
    ]

    assert [resource.title for resource in reached] == [
        *FARGATE_IDS[:9],
        *INSTANCE_IDS,
        *FARGATE_IDS[9:],
        *ALARM_IDS,
    ]


def test_a_changed_part_is_changed_in_the_template() -> None:
    one = made()

    one.handle.resource.ClusterSettings[0].Value = "enabled"
    one.handle.association.DefaultCapacityProviderStrategy[0].Weight = 2

    found = {name: body["Properties"] for name, body in one.resources.items()}
    assert found["SharedCluster"]["ClusterSettings"][0]["Value"] == "enabled"
    [default] = found["SharedCapacityProviders"]["DefaultCapacityProviderStrategy"]
    assert default["Weight"] == 2
