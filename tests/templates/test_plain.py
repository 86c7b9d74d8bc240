"""Our encoder gives what troposphere's own gives, for whatever troposphere can hold."""

from __future__ import annotations

from typing import Any

import pytest
import troposphere
from awacs import aws, sts
from troposphere import autoscaling, cloudformation, ecs, iam, policies, s3, sns

from ecs_blocks.errors import BlockError
from ecs_blocks.templates.plain import plain
from ecs_blocks.templates.render import Project, render_app
from ecs_blocks.templates.stack import Stack
from ecs_blocks.values import get_att, ref, text
from tests.project import REPOSITORY

TOPIC = sns.Topic("Topic")
TRUST = aws.PolicyDocument(
    Version="2012-10-17",
    Statement=[
        aws.Statement(
            Effect=aws.Allow,
            Principal=aws.Principal("Service", ["ecs-tasks.amazonaws.com"]),
            Action=[sts.AssumeRole],
            Condition=aws.Condition(
                [
                    aws.StringEquals({"aws:SourceAccount": ref("AWS::AccountId")}),
                    aws.ArnLike({"aws:SourceArn": text("arn:aws:ecs:", ref("AWS::Region"), ":*")}),
                ]
            ),
        )
    ],
)


class Shouting(sns.Topic):  # type: ignore[misc]  # troposphere is untyped
    """A user's own resource that encodes itself."""

    def to_dict(self, validation: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002 - theirs
        found: dict[str, Any] = super().to_dict(validation)
        return {**found, "Metadata": {"Loud": True}}


@pytest.mark.parametrize(
    "resource",
    [
        pytest.param(TOPIC, id="no properties"),
        pytest.param(Shouting("Loud", TopicName="loud"), id="a to_dict of its own"),
        pytest.param(
            iam.Role("Role", AssumeRolePolicyDocument=TRUST, Tags=troposphere.Tags(Team="a")),
            id="a policy of awacs, tags",
        ),
        pytest.param(
            sns.Topic(
                "Named",
                TopicName=troposphere.If("Short", ref("Name"), troposphere.NoValue),
                DependsOn=TOPIC,
                Condition="Short",
                DeletionPolicy="Retain",
                Metadata={"why": text("for ", ref("AWS::StackName")), "n": (1, 2.5, None, False)},
            ),
            id="functions, attributes, scalars",
        ),
        pytest.param(
            autoscaling.AutoScalingGroup(
                "Group",
                MinSize=ref("MinSize"),
                MaxSize=4,
                LaunchTemplate=autoscaling.LaunchTemplateSpecification(
                    LaunchTemplateId=ref("Template"), Version=get_att(TOPIC, "Version")
                ),
                VPCZoneIdentifier=ref("Subnets"),
                Metadata=cloudformation.Metadata(
                    cloudformation.Init(
                        {
                            "config": cloudformation.InitConfig(
                                files=cloudformation.InitFiles(
                                    {"/a": cloudformation.InitFile(content="a", mode="000644")}
                                )
                            )
                        }
                    )
                ),
                UpdatePolicy=policies.UpdatePolicy(
                    AutoScalingRollingUpdate=policies.AutoScalingRollingUpdate(
                        MinInstancesInService="1", MaxBatchSize="1"
                    )
                ),
            ),
            id="policies, metadata of cfn-init",
        ),
        pytest.param(
            s3.BucketPolicy("Incomplete").no_validation(), id="incomplete, and not validated"
        ),
        pytest.param(
            ecs.TaskDefinition(
                "Task",
                ContainerDefinitions=[
                    ecs.ContainerDefinition(Name="a", Image=ref("Image"), Memory=ref("Memory"))
                ],
            ),
            id="properties in properties",
        ),
    ],
)
def test_it_gives_what_troposphere_gives(resource: Any) -> None:
    found = plain(resource)  # and turns the tokens into what troposphere can compare

    assert found == troposphere.encode_to_dict(resource)


@pytest.mark.slow
@pytest.mark.parametrize("app", ["cluster", "fuga", "hoge", "registry"])
def test_it_gives_what_troposphere_gives_for_the_shipped_stacks(
    app: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Stack] = []
    begin = Stack.__init__

    def kept(self: Stack, *arguments: Any, **named: Any) -> None:
        begin(self, *arguments, **named)
        made.append(self)

    monkeypatch.setattr(Stack, "__init__", kept)
    environments = render_app(Project.open(REPOSITORY / "stacks"), app, {}).environments
    template = environments[0].template

    assert len(made) == len(environments) + 1
    assert made[0].template.to_dict()["Resources"] == template["Resources"]


@pytest.mark.parametrize(
    "resource",
    [
        pytest.param(s3.BucketPolicy("Policy"), id="required, none at all"),
        pytest.param(s3.BucketPolicy("Policy", Bucket="a"), id="required, one of two"),
        pytest.param(
            ecs.TaskDefinition(
                "Task", ContainerDefinitions=[ecs.ContainerDefinition(Image=ref("Image"))]
            ),
            id="required, deep inside",
        ),
        pytest.param(
            s3.Bucket("Bucket", AccessControl="Private", OwnershipControls=s3.OwnershipControls()),
            id="a part that is empty",
        ),
        pytest.param(
            autoscaling.AutoScalingGroup("Group", MinSize="1", MaxSize="2"),
            id="a rule of the resource",
        ),
    ],
)
def test_it_raises_what_troposphere_raises(resource: Any) -> None:
    with pytest.raises(ValueError, match=r".") as theirs:
        troposphere.encode_to_dict(resource)
    with pytest.raises(ValueError, match=r".") as ours:
        plain(resource)

    assert str(ours.value) == str(theirs.value)


@pytest.mark.parametrize(
    "holder",
    [
        sns.Topic("Holder", TopicName="t", Metadata={"of": [TOPIC]}),
        ecs.TaskDefinition(
            "Holder",
            ContainerDefinitions=[
                ecs.ContainerDefinition(Name="a", Image="i", DockerLabels={"x": TOPIC})
            ],
        ).no_validation(),
        iam.Role(
            "Holder",
            AssumeRolePolicyDocument=aws.PolicyDocument(
                Statement=[aws.Statement(Effect=aws.Allow, Resource=[TOPIC])]
            ),
        ),
    ],
)
def test_a_whole_resource_is_no_value(holder: Any) -> None:
    with pytest.raises(BlockError) as caught:
        plain(holder)

    assert str(caught.value) == (
        "the resource Topic is given where a value belongs; give eb.ref(….title) or "
        "eb.get_att(…, 'Arn') of it"
    )
