"""The shipped stacks as a whole: every resource, the lookups, outputs and tags.

What each service's API says of them stands in the other ``test_shipped_*`` files; what this does
not prove, in ``docs/explanation/what-is-not-proven.md``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.ministack.shipped import APPS, IMAGE_ID, REGION

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ministack.shipped import Deployed

pytestmark = pytest.mark.ministack


def logical_ids(template: Path) -> list[str]:
    """List a template's resources; its short intrinsics (``!Ref``) need no constructor for that."""
    root = yaml.compose(template.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    [resources] = [value for key, value in root.value if key.value == "Resources"]
    return sorted(key.value for key, _ in resources.value)


def file_of(rendered: Path, app: str, environment: str) -> Any:
    return json.loads((rendered / app / f"{environment}.json").read_text(encoding="utf-8"))


def test_prod_has_every_app_and_the_others_pull_from_its_registry(deployed: Deployed) -> None:
    expected = APPS if deployed.environment == "prod" else ("cluster", "hoge", "fuga")

    assert tuple(deployed.stacks) == expected


@pytest.mark.parametrize("app", ["cluster", "hoge", "fuga"])
def test_every_resource_of_the_template_is_created(
    deployed: Deployed, rendered: Path, app: str
) -> None:
    stack = {"StackName": deployed.stack_name(app)}
    found = deployed.ask("cloudformation", "describe_stack_resources", **stack)["StackResources"]
    created = [
        item["LogicalResourceId"] for item in found if item["ResourceStatus"] == "CREATE_COMPLETE"
    ]

    assert sorted(created) == logical_ids(rendered / app / "template.yaml")


@pytest.mark.parametrize("app", ["cluster", "hoge", "fuga"])
def test_template_is_sent_unchanged(deployed: Deployed, rendered: Path, app: str) -> None:
    stack = {"StackName": deployed.stack_name(app)}
    sent = deployed.ask("cloudformation", "get_template", **stack)["TemplateBody"]

    assert sent == (rendered / app / "template.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("app", ["hoge", "fuga"])
def test_lookups_are_what_the_cluster_stack_made(deployed: Deployed, app: str) -> None:
    found = deployed.parameters(app)
    [key] = [
        key["KeyArn"]
        for key in deployed.ask("kms", "list_keys")["Keys"]
        if key["KeyId"] == deployed.id_of("cluster", "Key")
    ]

    assert {name: found[name] for name in ("AccessLogBucket", "AlarmTopicArn", "KeyArn")} == {
        "AccessLogBucket": deployed.id_of("cluster", "AccessLogBucket"),
        "AlarmTopicArn": deployed.id_of("cluster", "AlarmTopic"),
        "KeyArn": key,
    }


@pytest.mark.parametrize("app", ["cluster", "hoge", "fuga"])
def test_parameters_are_those_of_the_file_and_the_lookups(
    deployed: Deployed, rendered: Path, app: str
) -> None:
    file = file_of(rendered, app, deployed.environment)
    found = deployed.parameters(app)
    written = {key: value for key, value in found.items() if key in file["Parameters"]}
    # MiniStack tells the image that stands in the SSM parameter, where AWS tells the parameter.
    image = {"EcsImageId": IMAGE_ID} if app == "cluster" else {}

    assert set(found) - set(written) == set(file.get("lookups", {}))
    assert written == file["Parameters"] | image


@pytest.mark.parametrize("app", ["hoge", "fuga"])
def test_service_tells_its_address_and_what_others_need(deployed: Deployed, app: str) -> None:
    role = deployed.id_of(app, "TaskRole")

    assert deployed.stacks[app].outputs == {
        "Url": f"https://{app}.{deployed.zone}",
        "ServiceName": deployed.id_of(app, "Service").rpartition("/")[2],
        "SecurityGroupId": deployed.id_of(app, "SecurityGroup"),
        "TaskRoleArn": f"arn:aws:iam::{deployed.account}:role/{role}",
        "LogGroupName": deployed.id_of(app, "LogGroup"),
    }


def test_cluster_tells_what_services_need(deployed: Deployed) -> None:
    arn = f"arn:aws:ecs:{REGION}:{deployed.account}:cluster/{deployed.cluster}"
    key = deployed.id_of("cluster", "Key")

    assert deployed.stacks["cluster"].outputs == {
        "ClusterName": deployed.cluster,
        "ExecLogGroupName": deployed.id_of("cluster", "ExecLogGroup"),
        "ClusterArn": arn,
        "AlarmTopicArn": deployed.id_of("cluster", "AlarmTopic"),
        "KeyArn": f"arn:aws:kms:{REGION}:{deployed.account}:key/{key}",
        "AccessLogBucket": deployed.id_of("cluster", "AccessLogBucket"),
        "CapacityProvider": f"ec2-{deployed.cluster}",
        "InstanceSecurityGroupId": deployed.id_of("cluster", "InstanceSecurityGroup"),
        "ActivityTopicArn": deployed.id_of("cluster", "ActivityAlarmTopic"),
    }


def own_tags(tags: Any) -> dict[str, str]:
    """Give tags as a mapping without CloudFormation's own; services write them in several ways."""
    pairs = tags if isinstance(tags, dict) else {}
    for tag in tags if isinstance(tags, list) else []:
        spelt = {key.lower().removeprefix("tag"): value for key, value in tag.items()}
        pairs[spelt["key"]] = spelt["value"]
    return {key: value for key, value in pairs.items() if not key.startswith("aws:")}


def tags_of(deployed: Deployed, app: str) -> dict[str, Any]:
    """Ask every service that an app's stack uses for the tags of one of its resources."""
    ask, id_of, name = deployed.ask, deployed.id_of, deployed.stack_name(app)
    arn = f"arn:aws:{{}}:{REGION}:{deployed.account}:{{}}"
    if app == "cluster":
        cluster = ask("ecs", "describe_clusters", clusters=[deployed.cluster], include=["TAGS"])[
            "clusters"
        ][0]
        group = {"AutoScalingGroupNames": [id_of(app, "AutoScalingGroup")]}
        groups = ask("autoscaling", "describe_auto_scaling_groups", **group)["AutoScalingGroups"]
        topic = {"ResourceArn": id_of(app, "AlarmTopic")}
        role, log_group, alarm = "InstanceRole", f"/ecs/{name}/exec", f"{name}-cpu-reservation"
        security_group = id_of(app, "InstanceSecurityGroup")
        found = {
            "key": ask("kms", "list_resource_tags", KeyId=id_of(app, "Key"))["Tags"],
            "topic": ask("sns", "list_tags_for_resource", **topic)["Tags"],
            "cluster": cluster["tags"],
            "instances": [tag for tag in groups[0]["Tags"] if not tag["PropagateAtLaunch"]],
        }
    else:
        task = {"taskDefinition": id_of(app, "TaskDefinition"), "include": ["TAGS"]}
        balanced = [id_of(app, item) for item in ("LoadBalancer", "TargetGroup", "HttpsListener")]
        described = ask("elbv2", "describe_tags", ResourceArns=balanced)["TagDescriptions"]
        role, log_group, alarm = "ExecutionRole", f"/ecs/{name}", f"{name}-cpu"
        security_group = id_of(app, "SecurityGroup")
        found = {
            "service": deployed.service(app)["tags"],
            "task definition": ask("ecs", "describe_task_definition", **task)["tags"],
            **{item["ResourceArn"]: item["Tags"] for item in described},
        }
    logs = {"resourceArn": arn.format("logs", f"log-group:{log_group}")}
    alarms = {"ResourceARN": arn.format("cloudwatch", f"alarm:{alarm}")}
    [group] = ask("ec2", "describe_security_groups", GroupIds=[security_group])["SecurityGroups"]
    return found | {
        "log group": ask("logs", "list_tags_for_resource", **logs)["tags"],
        "alarm": ask("cloudwatch", "list_tags_for_resource", **alarms)["Tags"],
        "role": ask("iam", "list_role_tags", RoleName=id_of(app, role))["Tags"],
        "security group": group["Tags"],
    }


@pytest.mark.parametrize(("app", "count"), [("cluster", 8), ("hoge", 9), ("fuga", 9)])
def test_tags_reach_every_service(deployed: Deployed, app: str, count: int) -> None:
    found = {what: own_tags(tags) for what, tags in tags_of(deployed, app).items()}
    expected = {
        "Application": app,
        "Environment": deployed.environment,
        "CostCenter": "platform",
    }

    assert len(found) == count
    assert found == dict.fromkeys(found, expected)
