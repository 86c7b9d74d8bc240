"""What a task needs around it: volumes, a network interface, room to run.

The texts are those of "Amazon ECS stopped task error messages" and "service event messages" in
the ECS Developer Guide, and of real reports.
"""

from __future__ import annotations

from typing import Final

from ecs_blocks.deploy.ecs.rules import group, rule, way_out
from ecs_blocks.deploy.progress import FailureKind as Kind

_STORAGE: Final = group(
    r"\befs\b|mount\.nfs|\bebs\b|CannotCreateVolume|env files|ephemeralstorage|infrastructure role",
    rule(
        r"env files.*(?:denied|forbidden|403)",
        Kind.STORAGE,
        "{role} may not read the environment file in S3",
        "give it s3:GetObject on the file and s3:GetBucketLocation on the bucket",
    ),
    rule(
        r"env files",
        Kind.STORAGE,
        "the environment file cannot be fetched from S3: {text}",
        way_out("s3"),
    ),
    rule(
        r"failed to resolve \"?(?P<host>[\w.-]+)",
        Kind.STORAGE,
        "EFS {host} is not known in this VPC",
        "give the file system a mount target in the task's availability zone, and the VPC DNS "
        "resolution and DNS host names",
    ),
    rule(
        r"access denied by server",
        Kind.STORAGE,
        "EFS refuses the mount",
        "with IAM on: elasticfilesystem:ClientMount and ClientWrite for the task role, and an "
        "access point that the file system's policy allows",
    ),
    rule(
        r"mount\.nfs.*no such file",
        Kind.STORAGE,
        "the directory to mount does not exist on the EFS",
        "create it, or mount an access point that creates its root directory",
    ),
    rule(
        r"ephemeralstorage",
        Kind.STORAGE,
        "the task's disk was not ready in time",
        "ECS starts another task; look into it only if this goes on",
    ),
    rule(
        r"timed? ?out|connection|deadline",
        Kind.STORAGE,
        "the volume could not be mounted in time: {text}",
        "let the file system's security group accept 2049 from the task's, and retry",
    ),
    rule("", Kind.STORAGE, "a volume cannot be made: {text}", "check the task's volumes"),
)

_INTERFACE: Final = group(
    r"network interface|\beni\b|insufficientfreeaddresses|free addresses|network namespace",
    rule(
        r"free ?addresses(?:.*subnet[ '\"]*(?P<subnet>subnet-\w+))?|with public ip",
        Kind.NETWORK,
        "a subnet of the service has no free addresses",
        "free addresses in the subnets (old tasks, unused interfaces), or give the service larger "
        "or more subnets",
    ),
    rule(
        r"limit ?exceeded|interface limit|resource:eni",
        Kind.NETWORK,
        "no more network interfaces are to be had",
        "on EC2 turn ENI trunking on (ecs-blocks account-setup) and replace the instances, or add "
        "instances; on Fargate ask for a higher quota of network interfaces",
    ),
    rule(
        r"tag ?policy|tag the network interface",
        Kind.NETWORK,
        "a tag policy forbids the task's network interface",
        "give the service the tags that the organisation's tag policy asks for, and let it "
        "propagate them",
    ),
    rule(
        r"timed? ?out|timeout",
        Kind.NETWORK,
        "the task's network interface was not ready in time",
        "ECS starts another task; if it goes on, look at the subnet, and on EC2 replace the "
        "instance",
    ),
    rule(
        "",
        Kind.NETWORK,
        "the task's network interface could not be made: {text}",
        "check that the service's subnets and security groups exist and are of one VPC",
    ),
)

_CAPACITY: Final = group(
    r"capacity is unavailable|unable to place|reached the limit|above your limit|"
    r"insufficient(?:instance)?capacity|container instances were found|resource:(?:cpu|mem)",
    rule(
        r"reached the limit|above your limit|quota",
        Kind.NO_CAPACITY,
        "the account's Fargate quota is used up",
        "ask for more in Service Quotas (Fargate: vCPU resource count), or run fewer tasks",
    ),
    rule(
        r"capacity is unavailable|insufficient(?:instance)?capacity",
        Kind.NO_CAPACITY,
        "AWS has no capacity for this task in these subnets now",
        "wait, give the service subnets in more availability zones, or a strategy with FARGATE "
        "beside FARGATE_SPOT",
    ),
    rule(
        r"no container instances were found in your (?P<place>cluster|capacity provider)",
        Kind.NO_CAPACITY,
        "there are no instances in the {place}",
        "look at the Auto Scaling group's activity: its size, vCPU quota, launch template",
    ),
    rule(
        r"insufficient (?P<what>memory|cpu)|resource:(?P<resource>memory|cpu)",
        Kind.NO_CAPACITY,
        "no instance has enough {what}{resource} left for the task",
        "let the Auto Scaling group grow, or ask for less (TaskMemory, TaskCpu); while deploying, "
        "old and new tasks run side by side",
    ),
    rule(
        r"already using a port",
        Kind.NO_CAPACITY,
        "every instance already uses the task's host port",
        "use awsvpc or a dynamic host port, or add an instance",
    ),
    rule(
        r"missing an attribute",
        Kind.NO_CAPACITY,
        "no instance has an attribute that the task needs",
        "compare the architecture, network mode, volumes and log driver of the task with what the "
        "instances offer, and their subnets with the service's",
    ),
    rule(
        r"encountered error [\"']?AGENT",
        Kind.NO_CAPACITY,
        "the ECS agent of the only fitting instance is not connected",
        "replace that instance",
    ),
    rule(
        r"reason: internal error",
        Kind.NO_CAPACITY,
        "Fargate does not run in the availability zone of one of the service's subnets",
        "give the service subnets in other availability zones",
    ),
    rule(
        "",
        Kind.NO_CAPACITY,
        "no task could be placed: {text}",
        "look at the cluster's capacity and the service's placement constraints",
    ),
)

PLACING: Final = (_STORAGE, _INTERFACE, _CAPACITY)
