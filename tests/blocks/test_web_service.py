"""A web service as a whole: what environment.yaml says of it, and how its parts fit together.

The traps are in the file beside.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.blocks.front import domain_of
from ecs_blocks.blocks.network import HTTPS_ONLY
from tests.blocks.helpers import (
    BUCKET,
    CERTIFICATE,
    SUBNETS,
    TOPIC,
    VPC,
    ZONE,
    Built,
    fargate_task,
    new_stack,
)
from tests.blocks.web import IDS, Made, on_fargate, on_instances


@pytest.mark.parametrize("made", [on_instances(), on_fargate()], ids=["instances", "Fargate"])
def test_the_logical_ids_are_a_contract(made: Made[Any]) -> None:
    assert list(made.template["Resources"]) == IDS


def test_every_parameter_of_the_environment_is_used_but_for_what_makes_the_image() -> None:
    for made in (on_instances(), on_fargate()):
        declared = {field.key for field in made.fields.values() if field.spec.pseudo is None}

        assert declared - set(made.template["Parameters"]) == {"ImageRepositoryUrl", "ImageTag"}


def test_the_service_answers_under_the_app_s_name_in_the_zone() -> None:
    made = on_fargate()
    [condition] = made.properties("WebListenerRule")["Conditions"]
    host = {"Fn::Sub": "my-web.${HostedZoneName}"}

    assert condition["HostHeaderConfig"]["Values"] == [host]
    assert [made.properties(id_)["Name"] for id_ in ("WebRecordA", "WebRecordAaaa")] == [host] * 2


def test_what_a_service_tells_others() -> None:
    assert on_fargate().template["Outputs"] == {
        "Url": {
            "Value": {"Fn::Sub": "https://my-web.${HostedZoneName}"},
            "Description": "where the service answers",
        },
        "ServiceName": {
            "Value": {"Fn::GetAtt": ["WebService", "Name"]},
            "Description": "the ECS service",
        },
        "SecurityGroupId": {
            "Value": {"Fn::GetAtt": ["WebSecurityGroup", "GroupId"]},
            "Description": "the tasks, for a database to let in",
        },
        "TaskRoleArn": {
            "Value": {"Fn::GetAtt": ["WebTaskRole", "Arn"]},
            "Description": "what the application acts as",
        },
        "LogGroupName": {
            "Value": {"Ref": "WebLogGroup"},
            "Description": "where the application's log is",
        },
    }


def test_how_long_a_new_task_may_fail_is_a_value() -> None:
    assert on_fargate().properties("WebService")["HealthCheckGracePeriodSeconds"] == {
        "Ref": "HealthCheckGracePeriodSeconds"
    }


def test_a_domain_of_literals() -> None:
    assert domain_of("my-web", eb.DomainName("example.com")) == "my-web.example.com"


def test_one_port_is_that_of_the_container_the_target_group_the_rule_and_the_service() -> None:
    made = on_fargate(port=9000)
    [container] = made.properties("WebTaskDefinition")["ContainerDefinitions"]
    [target] = [one for one in made.template["Resources"] if one.startswith("WebTargetGroup")]
    [balancer] = made.properties("WebService")["LoadBalancers"]

    assert container["PortMappings"][0]["ContainerPort"] == 9000
    assert (balancer["ContainerPort"], balancer["ContainerName"]) == (9000, container["Name"])
    assert balancer["TargetGroupArn"] == {"Ref": target}
    assert made.properties(target)["Port"] == 9000


def test_the_health_check_is_that_of_the_script() -> None:
    found = on_fargate(health_check_path="/health").properties("WebTargetGroup3FF6B5")

    assert found["HealthCheckPath"] == "/health"


def test_a_service_can_be_described_without_an_environment() -> None:
    stack = new_stack()
    service = eb.WebService(
        cluster_name="main",
        task=fargate_task(),
        network=eb.Network(vpc_id=VPC, task_subnet_ids=SUBNETS, balancer_subnet_ids=SUBNETS),
        front=eb.Front(
            domain="web.example.com",
            hosted_zone_id=ZONE,
            certificate_arn=CERTIFICATE,
            access_log_bucket=BUCKET,
        ),
        scaling=eb.ScalingTargets(min_count=1, max_count=2),
        notify=eb.Notify(topic_arn=TOPIC),
    )

    made = Built(stack, stack.add("Web", service))

    assert made.ids == IDS
    assert "Parameters" not in made.template
    assert "CapacityProviderStrategy" not in made.resources["WebService"]["Properties"]


@pytest.mark.parametrize(
    ("connect", "enabled"),
    [(eb.NoServiceConnect(), False), (eb.ServiceConnectClient("arn:namespace"), True)],
)
def test_a_web_service_calls_others_by_name_where_that_is_said(
    connect: eb.NoServiceConnect | eb.ServiceConnectClient,
    enabled: bool,  # noqa: FBT001 - a row
) -> None:
    made = on_fargate()
    stack = eb.Stack(made.env)
    handle = stack.add("Web", eb.WebService.standard(made.env, port=8080, connect=connect))

    assert handle.service.resource.ServiceConnectConfiguration.Enabled is enabled


def test_two_web_services_do_not_fit_into_one_stack() -> None:
    made = on_fargate()

    with pytest.raises(eb.BlockError) as refused:
        made.stack.add("Other", eb.WebService.standard(made.env, port=8080))

    assert (
        str(refused.value) == "there are two outputs Url; a block that gives one stands in a stack "
        "once: make an app of the second"
    )


def test_the_tasks_are_a_peer_of_somebody_else_s_rule() -> None:
    made = on_fargate()
    database = eb.SecurityGroup(
        description="database",
        vpc_id=made.env.vpc_id,
        ingress=(eb.Rule(5432, made.handle.group),),
        egress=HTTPS_ONLY,
    )

    made.stack.add("Database", database)

    [rule] = made.properties("DatabaseSecurityGroup")["SecurityGroupIngress"]
    assert rule["Description"] == "port 5432 from the tasks"
    assert rule["SourceSecurityGroupId"] == {"Fn::GetAtt": ["WebSecurityGroup", "GroupId"]}


def test_every_part_is_reachable_through_the_handle() -> None:
    made = on_fargate()
    handle = made.handle

    reached = [
        handle.task.log_group,
        handle.task.execution_role,
        handle.task.role,
        handle.task.resource,
        handle.security_group,
        handle.balancer.security_group,
        handle.balancer.resource,
        handle.balancer.http_listener,
        handle.balancer.https_listener,
        handle.ingress_rule,
        handle.target_group,
        handle.listener_rule,
        *handle.records,
        handle.service.resource,
        handle.scaling.target,
        *handle.scaling.policies,
        *handle.alarms,
    ]

    assert [resource.title for resource in reached] == IDS


def test_a_changed_part_is_changed_in_the_template() -> None:
    made = on_fargate()

    made.handle.listener_rule.Priority = 7
    made.handle.service.resource.HealthCheckGracePeriodSeconds = 300

    assert made.properties("WebListenerRule")["Priority"] == 7
    assert made.properties("WebService")["HealthCheckGracePeriodSeconds"] == 300
