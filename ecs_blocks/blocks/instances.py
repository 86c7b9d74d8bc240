"""EC2 instances for a cluster: ECS adds and drains them by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import awacs.ecs
from awacs.aws import ArnEquals, Condition
from msgspec import Struct
from troposphere import Base64, autoscaling, ec2, ecs, iam
from troposphere.policies import (
    AutoScalingRollingUpdate,
    AutoScalingScheduledAction,
    UpdatePolicy,
)

from ecs_blocks import policies
from ecs_blocks.blocks.alarm_topic import TopicHandle
from ecs_blocks.blocks.instance_mix import InstanceMix
from ecs_blocks.blocks.limits import check_at_least, check_within
from ecs_blocks.blocks.security_group import ANYWHERE, Rule, SecurityGroup, group_id
from ecs_blocks.errors import BlockError
from ecs_blocks.values import (
    ImageIdParameter,
    SubnetId,
    Token,
    Value,
    VpcId,
    arn,
    get_att,
    known,
    ref,
    text,
)

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

ROOT_VOLUME_GIB: Final = 30
_ERRORS: Final = [
    "autoscaling:EC2_INSTANCE_LAUNCH_ERROR",
    "autoscaling:EC2_INSTANCE_TERMINATE_ERROR",
]
_ALL: Final = [
    "autoscaling:EC2_INSTANCE_LAUNCH",
    "autoscaling:EC2_INSTANCE_TERMINATE",
    *_ERRORS,
]


class InstancesHandle(Struct, frozen=True, kw_only=True):
    """The group of instances, and the capacity provider that ECS places tasks by."""

    group: Any
    launch_template: Any
    role: Any
    profile: Any
    security_group: Any
    capacity_provider: Any
    activity_topic: TopicHandle
    max_size: Value[int]

    @property
    def provider_name(self) -> Token[str]:
        """The capacity provider's name."""
        return ref(self.capacity_provider.title)


class InstanceSettings(Struct, frozen=True, kw_only=True):
    """How many instances of what, and where.

    Attributes:
        vpc_id: the VPC.
        subnet_ids: private ones with a way out.
        image_id: a parameter whose value is an SSM parameter with an ECS-optimized AMI: its
            architecture has to fit *instance_type* (``…/arm64/…`` for Graviton). When the AMI
            changes, a deploy replaces the instances one by one; pin a release's own path in
            environment.yaml to decide when (trap 42).
        instance_type: ``t3.medium``, ``m7g.large``, …, or an ``InstanceMix`` of several, with
            Spot. Each task takes a network interface: without ENI trunking both of these hold two
            tasks. ``ecs-blocks account-setup`` turns it on; an instance that starts after that
            has it, and burstable types (t3, t4g) never do (trap 17).
        min_size: instances at least.
        max_size: instances at most; more than *min_size*, so that one can be replaced.
        target_percent: how full ECS keeps the group; below 100 leaves room for new tasks.
    """

    vpc_id: Value[VpcId]
    subnet_ids: Value[list[SubnetId]]
    image_id: Value[ImageIdParameter]
    instance_type: Value[str] | InstanceMix
    min_size: Value[int]
    max_size: Value[int]
    target_percent: Value[int] = 100

    def __post_init__(self) -> None:
        check_at_least("min_size", self.min_size, 0)
        check_within("target_percent", self.target_percent, 1, 100)
        sizes = known(self.min_size, self.max_size)
        if sizes and sizes[0] >= sizes[1]:
            raise BlockError(f"max_size {sizes[1]} is not above min_size {sizes[0]}")


class Instances(Struct, frozen=True, kw_only=True):
    """An Auto Scaling group as a capacity provider of a cluster.

    Attributes:
        cluster: the ``troposphere.ecs.Cluster``.
        settings: how many of what.
        alarm_topic: hears of instances that fail to start or stop.
        activity_topic: hears of every instance that comes and goes.

    Managed scaling adds instances when tasks find no place, managed draining moves tasks away
    before an instance goes. Termination protection is off: draining protects tasks already, and
    protected instances would block the group's deletion (traps 14, 16).
    """

    cluster: Any
    settings: InstanceSettings
    alarm_topic: TopicHandle
    activity_topic: TopicHandle

    def build(self, scope: Scope) -> InstancesHandle:
        """Add role, security group, launch template, group and capacity provider."""
        role = scope.add(self._role(scope.id("InstanceRole")))
        profile = scope.add(
            iam.InstanceProfile(scope.id("InstanceProfile"), Roles=[ref(role.title)])
        )
        security_group = scope.build(
            SecurityGroup(
                description="container instances: nothing in, HTTPS out",
                vpc_id=self.settings.vpc_id,
                egress=tuple(Rule(443, peer) for peer in ANYWHERE),
            ),
            "Instance",
        )
        template = scope.add(
            self._launch_template(scope.id("LaunchTemplate"), profile, security_group)
        )
        group = scope.add(self._group(scope.id("AutoScalingGroup"), template))
        provider = scope.add(
            ecs.CapacityProvider(
                scope.id("CapacityProvider"),
                # a generated name begins with the stack's, and may not begin with "ecs" (trap 15)
                Name=text("ec2-", ref(self.cluster.title)),
                AutoScalingGroupProvider=ecs.AutoScalingGroupProvider(
                    AutoScalingGroupArn=ref(group.title),
                    ManagedScaling=ecs.ManagedScaling(
                        Status="ENABLED",
                        TargetCapacity=self.settings.target_percent,
                        InstanceWarmupPeriod=60,
                        MinimumScalingStepSize=1,
                        MaximumScalingStepSize=10,
                    ),
                    ManagedDraining="ENABLED",
                    ManagedTerminationProtection="DISABLED",
                ),
            )
        )
        return InstancesHandle(
            group=group,
            launch_template=template,
            role=role,
            profile=profile,
            security_group=security_group,
            capacity_provider=provider,
            activity_topic=self.activity_topic,
            max_size=self.settings.max_size,
        )

    def _role(self, title: str) -> Any:
        cluster = get_att(self.cluster, "Arn")
        ours = Condition(ArnEquals({"ecs:cluster": cluster}))
        of_cluster = arn("ecs", text("container-instance/", ref(self.cluster.title), "/*"))
        return iam.Role(
            title,
            Description="what the ECS agent on an instance may do, in this cluster only",
            AssumeRolePolicyDocument=policies.trust_of_instances(),
            Policies=[
                policies.policy(
                    "Agent",
                    policies.allow(
                        [
                            awacs.ecs.DeregisterContainerInstance,
                            awacs.ecs.RegisterContainerInstance,
                            awacs.ecs.SubmitAttachmentStateChanges,
                            awacs.ecs.SubmitContainerStateChange,
                            awacs.ecs.SubmitTaskStateChange,
                        ],
                        [cluster],
                    ),
                    policies.allow(
                        [
                            awacs.ecs.Poll,
                            awacs.ecs.StartTelemetrySession,
                            awacs.ecs.UpdateContainerInstancesState,
                        ],
                        [of_cluster],
                        Condition=ours,
                    ),
                ),
                # the action knows no resources, so it stands alone
                policies.policy(
                    "Discover", policies.allow([awacs.ecs.DiscoverPollEndpoint], ["*"])
                ),
            ],
        )

    def _launch_template(self, title: str, profile: Any, security_group: Any) -> Any:
        settings = (
            "#!/bin/bash\ncat >>/etc/ecs/ecs.config <<'EOF'\nECS_CLUSTER=",
            ref(self.cluster.title),
            "\nECS_AWSVPC_BLOCK_IMDS=true\nECS_ENABLE_SPOT_INSTANCE_DRAINING=true\nEOF\n",
        )
        kind = self.settings.instance_type
        return ec2.LaunchTemplate(
            title,
            LaunchTemplateData=ec2.LaunchTemplateData(
                ImageId=self.settings.image_id,
                **({} if isinstance(kind, InstanceMix) else {"InstanceType": kind}),
                IamInstanceProfile=ec2.IamInstanceProfile(Arn=get_att(profile, "Arn")),
                SecurityGroupIds=[group_id(security_group)],
                MetadataOptions=ec2.MetadataOptions(
                    HttpEndpoint="enabled", HttpTokens="required", HttpPutResponseHopLimit=1
                ),
                Monitoring=ec2.Monitoring(Enabled=True),
                BlockDeviceMappings=[
                    ec2.LaunchTemplateBlockDeviceMapping(
                        DeviceName="/dev/xvda",
                        Ebs=ec2.EBSBlockDevice(
                            VolumeType="gp3",
                            VolumeSize=ROOT_VOLUME_GIB,
                            Encrypted=True,
                            DeleteOnTermination=True,
                        ),
                    )
                ],
                UserData=Base64(text(*settings)),
            ),
        )

    def _what(self, template: Any) -> dict[str, Any]:
        """What the group starts: the template as it is, or with several types."""
        version = autoscaling.LaunchTemplateSpecification(
            LaunchTemplateId=ref(template.title), Version=get_att(template, "LatestVersionNumber")
        )
        kind = self.settings.instance_type
        if isinstance(kind, InstanceMix):
            return {"MixedInstancesPolicy": kind.policy(version)}
        return {"LaunchTemplate": version}

    def _group(self, title: str, template: Any) -> Any:
        return autoscaling.AutoScalingGroup(
            title,
            UpdatePolicy=UpdatePolicy(
                AutoScalingRollingUpdate=AutoScalingRollingUpdate(
                    MaxBatchSize=1,
                    MinInstancesInService=self.settings.min_size,
                    # time for the agent to register before the next one goes
                    PauseTime="PT3M",
                    SuspendProcesses=[
                        "AZRebalance",
                        "AlarmNotification",
                        "HealthCheck",
                        "ReplaceUnhealthy",
                        "ScheduledActions",
                    ],
                ),
                # ECS decides how many there are; a deploy does not
                AutoScalingScheduledAction=AutoScalingScheduledAction(
                    IgnoreUnmodifiedGroupSizeProperties=True
                ),
            ),
            VPCZoneIdentifier=self.settings.subnet_ids,
            MinSize=self.settings.min_size,
            MaxSize=self.settings.max_size,
            **self._what(template),
            HealthCheckType="EC2",
            HealthCheckGracePeriod=60,
            Cooldown="60",
            NewInstancesProtectedFromScaleIn=False,
            MetricsCollection=[autoscaling.MetricsCollection(Granularity="1Minute")],
            NotificationConfigurations=[
                autoscaling.NotificationConfigurations(
                    TopicARN=self.activity_topic.arn, NotificationTypes=_ALL
                ),
                autoscaling.NotificationConfigurations(
                    TopicARN=self.alarm_topic.arn, NotificationTypes=_ERRORS
                ),
            ],
            Tags=[  # troposphere takes these by position: key, value, whether instances get it
                autoscaling.Tag("Name", text(ref(self.cluster.title), "-instance"), True),  # noqa: FBT003 - its signature
                autoscaling.Tag("AmazonECSManaged", "true", True),  # noqa: FBT003 - its signature
            ],
        )
