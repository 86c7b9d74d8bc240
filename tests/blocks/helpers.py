"""Build one block in an empty stack, and read the template that comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from troposphere import ecs

import ecs_blocks as eb
from ecs_blocks.blocks.listener_rules import Feed, ListenerRules
from ecs_blocks.environment.declare import fields_of
from ecs_blocks.templates.resolve import Values, resolve
from ecs_blocks.templates.stack import encode

if TYPE_CHECKING:
    from ecs_blocks.blocks.alarm_topic import TopicHandle
    from ecs_blocks.blocks.instances import InstancesHandle
    from ecs_blocks.blocks.load_balancer import BalancerHandle
    from ecs_blocks.blocks.service import ServiceHandle
    from ecs_blocks.blocks.task import TaskHandle

H = TypeVar("H")


class Given(eb.Environment):
    """What the tests hand to blocks as tokens."""

    vpc_id: eb.Param[eb.VpcId]
    subnet_ids: eb.Param[list[eb.SubnetId]]
    hosted_zone_id: eb.Param[eb.HostedZoneId]
    hosted_zone_name: eb.Param[eb.DomainName]
    certificate_arn: eb.Param[eb.CertificateArn]
    key_arn: eb.Param[eb.KeyArn]
    topic_arn: eb.Param[eb.TopicArn]
    bucket: eb.Param[eb.BucketName]
    secret_arn: eb.Param[eb.SecretArn]
    secret_name: eb.Param[eb.SsmParameterName]
    image_id: eb.Param[eb.ImageIdParameter]
    account: eb.Param[eb.AccountId]
    word: eb.Param[str]
    number: eb.Param[int]
    other_number: eb.Param[int]
    flag: eb.Param[bool]


FIELDS: Final = fields_of(Given)
TOKENS: Final = Given(
    app="web", images=(), values={name: field.token() for name, field in FIELDS.items()}
)
"""Every field as the token that a script gets while the template is made."""

VPC: Final = eb.VpcId("vpc-0a1b2c3d")
SUBNETS: Final = [eb.SubnetId("subnet-0a1b2c3d"), eb.SubnetId("subnet-1a1b2c3d")]
ZONE: Final = eb.HostedZoneId("Z0123456789")
CERTIFICATE: Final = eb.CertificateArn(
    "arn:aws:acm:ap-northeast-1:123456789012:certificate/0a1b2c3d"
)
KEY: Final = eb.KeyArn("arn:aws:kms:ap-northeast-1:123456789012:key/0a1b2c3d")
TOPIC: Final = eb.TopicArn("arn:aws:sns:ap-northeast-1:123456789012:alarms")
BUCKET: Final = eb.BucketName("access-logs")
REPOSITORY: Final = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/web"


@dataclass(frozen=True)
class Built(Generic[H]):
    """A block that was built: its handle, and the template around it."""

    stack: eb.Stack
    handle: H

    @property
    def template(self) -> dict[str, Any]:
        """The encoded template."""
        return encode(self.stack, FIELDS)

    @property
    def resources(self) -> dict[str, Any]:
        """Its resources."""
        found: dict[str, Any] = self.template["Resources"]
        return found

    @property
    def ids(self) -> list[str]:
        """The logical ids, in the order of the template. They are a contract."""
        return list(self.resources)


def new_stack() -> eb.Stack:
    """An empty stack whose tokens all exist."""
    return eb.Stack(TOKENS)


def built(block: eb.Block[H], id_: str = "Web") -> Built[H]:
    """Build *block* alone."""
    stack = new_stack()
    return Built(stack, stack.add(id_, block))


def resources(block: eb.Block[Any], id_: str = "Web") -> dict[str, Any]:
    """The resources of *block* alone."""
    return built(block, id_).resources


def resolved(template: dict[str, Any], **parameters: str) -> dict[str, Any]:
    """*template* with values put in, in one account and region."""
    pseudo = {
        "AWS::AccountId": "123456789012",
        "AWS::Partition": "aws",
        "AWS::Region": "ap-northeast-1",
        "AWS::StackName": "web-prod",
    }
    return resolve(template, Values(parameters=parameters, pseudo=pseudo))


def task_trust() -> dict[str, Any]:
    """The trust of a role that ECS tasks of this account and region may become."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": ["ecs-tasks.amazonaws.com"]},
                "Action": ["sts:AssumeRole"],
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
                    "ArnLike": {
                        "aws:SourceArn": {
                            "Fn::Sub": "arn:${AWS::Partition}:ecs:${AWS::Region}"
                            ":${AWS::AccountId}:*"
                        }
                    },
                },
            }
        ],
    }


def fargate_task(**changed: Any) -> eb.Task:
    """A task on Fargate with literals; *changed* are arguments of ``Task``."""
    arguments: dict[str, Any] = {
        "image": f"{REPOSITORY}:1",
        "images": (REPOSITORY,),
        "size": eb.FargateSize(cpu=256, memory_mib=512),
        "port": 8080,
        "log_retention_days": 30,
        "log_key_arn": KEY,
    }
    return eb.Task(**arguments | changed)


@dataclass(frozen=True)
class Parts:
    """What a service stands on, built from the smaller blocks in one stack."""

    stack: eb.Stack
    task: TaskHandle
    group: Any
    balancer: BalancerHandle
    target_group: Any
    rule: Any

    @property
    def resources(self) -> dict[str, Any]:
        """All resources of the stack."""
        return Built(self.stack, None).resources

    def service(self, **changed: Any) -> eb.Service:
        """A service over these parts; *changed* are arguments of ``Service``."""
        arguments: dict[str, Any] = {
            "cluster_name": "main",
            "task": self.task,
            "subnet_ids": SUBNETS,
            "security_group": self.group,
            "attachments": (eb.Attachment(target_group=self.target_group, after=self.rule),),
        }
        return eb.Service(**arguments | changed)

    def running(self) -> ServiceHandle:
        """The service itself, in the same stack."""
        return self.stack.add("Web", self.service())

    def new(self, block: eb.Block[Any]) -> dict[str, Any]:
        """The resources that *block* adds to the parts."""
        before = set(self.stack.template.resources)
        self.stack.add("Web", block)
        return {name: body for name, body in self.resources.items() if name not in before}


def parts(task: eb.Task | None = None) -> Parts:
    """A task, its group, a balancer and a target group, each built on its own."""
    stack = new_stack()
    group = stack.add(
        "Web", eb.SecurityGroup(description="tasks", vpc_id=VPC, egress=(https_out(),))
    )
    balancer = stack.add("Web", load_balancer(group))
    target_group = stack.add("Web", eb.TargetGroup(vpc_id=VPC, port=8080))
    rules = ListenerRules(
        listener_arn=balancer.listener_arn,
        feeds=(Feed(target_group=target_group, routes=(eb.Route(),)),),
        host="web.example.com",
    )
    [rule] = stack.add("Web", rules)[""]
    return Parts(
        stack=stack,
        task=stack.add("Web", task or fargate_task()),
        group=group,
        balancer=balancer,
        target_group=target_group,
        rule=rule,
    )


def instance_settings(**changed: Any) -> eb.InstanceSettings:
    """Settings with literals but for the image; *changed* are arguments of ``InstanceSettings``."""
    arguments: dict[str, Any] = {
        "vpc_id": VPC,
        "subnet_ids": SUBNETS,
        "image_id": TOKENS.image_id,
        "instance_type": "m7i.large",
        "min_size": 1,
        "max_size": 4,
    }
    return eb.InstanceSettings(**arguments | changed)


def instances(**changed: Any) -> Built[InstancesHandle]:
    """Instances with a cluster and topics of their own."""
    stack = new_stack()
    cluster = stack.add_resource(ecs.Cluster("Main"))
    key = stack.add("Topics", eb.Key(description="a key"))
    alarms = stack.add("Alarms", eb.AlarmTopic(key=key, subscriptions=()))
    activity = stack.add("Activity", eb.AlarmTopic(key=key, subscriptions=()))
    block = eb.Instances(
        cluster=cluster,
        settings=instance_settings(**changed),
        alarm_topic=alarms,
        activity_topic=activity,
    )
    return Built(stack, stack.add("Web", block))


def https_out() -> eb.Rule:
    """HTTPS to anywhere."""
    return eb.Rule(443, eb.Cidr("0.0.0.0/0"))


def load_balancer(group: Any, **changed: Any) -> eb.LoadBalancer:
    """A balancer before *group* with literals; *changed* are arguments of ``LoadBalancer``."""
    arguments: dict[str, Any] = {
        "vpc_id": VPC,
        "subnet_ids": SUBNETS,
        "certificate_arn": CERTIFICATE,
        "egress": (eb.Rule(8080, eb.Group(eb.get_att(group, "GroupId"), "the tasks")),),
        "access_log_bucket": BUCKET,
    }
    return eb.LoadBalancer(**arguments | changed)


def topic(stack: eb.Stack, id_: str = "Web") -> TopicHandle:
    """A topic with its key, in *stack*."""
    key = stack.add(id_, eb.Key(description="a key"))
    return stack.add(id_, eb.AlarmTopic(key=key, subscriptions=()))
