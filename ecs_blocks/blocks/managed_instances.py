"""ECS Managed Instances: AWS chooses, starts, patches and replaces the instances of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from awacs.aws import Condition, StringEquals
from msgspec import Struct
from troposphere import ecs, iam

from ecs_blocks import policies
from ecs_blocks.blocks.instance_mix import InstanceRequirements
from ecs_blocks.blocks.limits import check_at_least
from ecs_blocks.blocks.security_group import ANYWHERE, Rule, SecurityGroup, group_id
from ecs_blocks.values import PARTITION, SubnetId, Token, Value, VpcId, get_att, ref, text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

MIN_STORAGE_GIB: Final = 1
"""Source: Amazon ECS API Reference, ManagedInstancesStorageConfiguration."""
_OF_ECS: Final = "AmazonECSInfrastructureRolePolicyForManagedInstances"
_OF_INSTANCES: Final = "AmazonECSInstanceRolePolicyForManagedInstances"


class ManagedInstancesHandle(Struct, frozen=True, kw_only=True):
    """The capacity provider, what ECS makes instances as, and what these are."""

    capacity_provider: Any
    infrastructure_role: Any
    role: Any
    profile: Any
    security_group: Any

    @property
    def provider_name(self) -> Token[str]:
        """The capacity provider's name."""
        return ref(self.capacity_provider.title)


class ManagedInstanceSettings(Struct, frozen=True, kw_only=True):
    """Where Managed Instances are, and what they may be.

    Attributes:
        vpc_id: the VPC.
        subnet_ids: private ones with a way out.
        requirements: what an instance has to be like; None lets ECS choose what fits the tasks
            that wait, which is what it is for.
        purchase: ``SPOT`` may be taken away with two minutes' notice.
        storage_gib: of each instance's disk, which the images of its tasks share.
    """

    vpc_id: Value[VpcId]
    subnet_ids: Value[list[SubnetId]]
    requirements: InstanceRequirements | None = None
    purchase: Value[Literal["ON_DEMAND", "SPOT"]] = "ON_DEMAND"
    storage_gib: Value[int] = 80

    def __post_init__(self) -> None:
        check_at_least("storage_gib", self.storage_gib, MIN_STORAGE_GIB)


class ManagedInstances(Struct, frozen=True, kw_only=True):
    """A capacity provider of Managed Instances.

    Attributes:
        cluster: the ``troposphere.ecs.Cluster``.
        settings: where, and what they may be.

    There is no group, no AMI and no launch template to keep: AWS patches an instance by replacing
    it, within two weeks. Tasks have addresses of their own (``awsvpc``), so that a ``Daemon`` on
    its bridge finds no place there. The provider belongs to this one cluster from the start, and
    is not listed among its associations: ECS refuses that.
    """

    cluster: Any
    settings: ManagedInstanceSettings

    def build(self, scope: Scope) -> ManagedInstancesHandle:
        """Add both roles, the security group and the capacity provider."""
        role = scope.add(_instance_role(scope.id("ManagedInstanceRole")))
        profile = scope.add(
            iam.InstanceProfile(scope.id("ManagedInstanceProfile"), Roles=[ref(role.title)])
        )
        infrastructure = scope.add(_infrastructure_role(scope.id("InfrastructureRole"), role))
        group = scope.build(
            SecurityGroup(
                description="managed instances: nothing in, HTTPS out",
                vpc_id=self.settings.vpc_id,
                egress=tuple(Rule(443, peer) for peer in ANYWHERE),
            ),
            "ManagedInstance",
        )
        provider = scope.add(
            ecs.CapacityProvider(
                scope.id("ManagedCapacityProvider"),
                # a generated name begins with the stack's, and may not begin with "ecs" (trap 15)
                Name=text("managed-", ref(self.cluster.title)),
                ClusterName=ref(self.cluster.title),
                ManagedInstancesProvider=ecs.ManagedInstancesProvider(
                    InfrastructureRoleArn=get_att(infrastructure, "Arn"),
                    InstanceLaunchTemplate=self._launch_template(profile, group),
                    PropagateTags="CAPACITY_PROVIDER",
                ),
            )
        )
        return ManagedInstancesHandle(
            capacity_provider=provider,
            infrastructure_role=infrastructure,
            role=role,
            profile=profile,
            security_group=group,
        )

    def _launch_template(self, profile: Any, group: Any) -> Any:
        settings = self.settings
        made = ecs.InstanceLaunchTemplate(
            Ec2InstanceProfileArn=get_att(profile, "Arn"),
            NetworkConfiguration=ecs.ManagedInstancesNetworkConfiguration(
                Subnets=settings.subnet_ids, SecurityGroups=[group_id(group)]
            ),
            StorageConfiguration=ecs.ManagedInstancesStorageConfiguration(
                StorageSizeGiB=settings.storage_gib
            ),
            CapacityOptionType=settings.purchase,
            Monitoring="DETAILED",
        )
        if settings.requirements is not None:
            made.InstanceRequirements = settings.requirements.of_provider()
        return made


def _managed(name: str) -> Value[str]:
    return text("arn:", PARTITION, f":iam::aws:policy/{name}")


def _instance_role(title: str) -> Any:
    return iam.Role(
        title,
        Description="what the ECS agent on a managed instance may do",
        AssumeRolePolicyDocument=policies.trust_of_instances(),
        ManagedPolicyArns=[_managed(_OF_INSTANCES)],
    )


def _infrastructure_role(title: str, instance_role: Any) -> Any:
    """AWS's policy passes roles on that are called ecsInstanceRole…; ours has no fixed name.

    Source: ECS Developer Guide, "Amazon ECS Managed Instances instance profile".
    """
    to_ec2 = Condition(StringEquals({"iam:PassedToService": "ec2.amazonaws.com"}))
    return iam.Role(
        title,
        Description="ECS makes, patches and ends the managed instances of the cluster",
        AssumeRolePolicyDocument=policies.trust_of_ecs(),
        ManagedPolicyArns=[_managed(_OF_ECS)],
        Policies=[
            policies.policy(
                "PassInstanceRole",
                policies.allow(["iam:PassRole"], [get_att(instance_role, "Arn")], Condition=to_ec2),
            )
        ],
    )
