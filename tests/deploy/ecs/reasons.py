"""What AWS really says where anything else fails; and what each text means."""

from __future__ import annotations

from typing import Final

from ecs_blocks.deploy.progress import FailureKind as Kind
from tests.deploy.ecs.fetch_reasons import FETCHING, INIT, START, TIMEOUT, Row

EFS: Final = f"{INIT}failed to invoke EFS utils commands to set up EFS volumes: stderr: "
ENV: Final = f"{INIT}failed to download env files: file download command: non empty error stream: "
EC2: Final = "Unexpected EC2 error while attempting to "

REASONS: Final[tuple[Row, ...]] = (
    *FETCHING,
    # storage
    (
        f'{EFS}Failed to resolve "fs-1.efs.x.amazonaws.com" - check that your file system ID is '
        "correct",
        Kind.STORAGE,
        "EFS fs-1.efs.x.amazonaws.com is not known",
        "mount target",
    ),
    (
        f"{EFS}b'mount.nfs4: access denied by server while mounting 127.0.0.1:/' : unsuccessful",
        Kind.STORAGE,
        "EFS refuses the mount",
        "elasticfilesystem:ClientMount",
    ),
    (
        f"{EFS}b'mount.nfs4: mounting fs-1:/grafana failed, reason given by server: No such file "
        "or directory' : unsuccessful EFS utils command execution; code: 32",
        Kind.STORAGE,
        "does not exist on the EFS",
        "access point",
    ),
    (f"{EFS}mount.nfs4: Connection reset by peer", Kind.STORAGE, "in time", "2049"),
    (f"{ENV}{TIMEOUT}", Kind.STORAGE, "environment file cannot be fetched", "for s3"),
    (f"{ENV}AccessDenied: Access Denied", Kind.STORAGE, "may not read", "s3:GetObject"),
    (
        "Timeout waiting for EphemeralStorage provisioning to complete.",
        Kind.STORAGE,
        "disk was not ready",
        "ECS starts another",
    ),
    # the network interface
    (
        "Timeout waiting for network interface provisioning to complete.",
        Kind.NETWORK,
        "was not ready in time",
        "subnet",
    ),
    (
        f"{EC2}Create Network Interface with public IP assignment enabled in subnet 'subnet-1'",
        Kind.NETWORK,
        "no free addresses",
        "more subnets",
    ),
    (
        f"{EC2}Create Network Interface in subnet '': InsufficientFreeAddressesInSubnet",
        Kind.NETWORK,
        "no free addresses",
        "larger",
    ),
    (
        f"{EC2}tag the network interface: TagPolicyViolation",
        Kind.NETWORK,
        "a tag policy",
        "propagate",
    ),
    (
        f"{INIT}failed to configure ENI: failed to setup regular eni: netplugin failed",
        Kind.NETWORK,
        "could not be made",
        "subnets and security groups",
    ),
    # memory, the runtime, the host
    (
        "OutOfMemoryError: Container killed due to memory usage",
        Kind.OUT_OF_MEMORY,
        "app was killed: it took more memory than its limit of 990 MiB",
        "TaskMaxMemory",
    ),
    (
        "CannotStartContainerError: API error (500): Cannot start container 54b6: [8] "
        'System error: exec: "node index.js -t": executable file not found in $PATH',
        Kind.EXIT,
        "node index.js -t is not in the image",
        "a list of words",
    ),
    (
        f"{START}failed to create shim task: OCI runtime create failed: runc create failed: unable "
        'to start container process: exec: "/entrypoint.sh": permission denied: unknown',
        Kind.EXIT,
        "/entrypoint.sh may not be executed",
        "chmod +x",
    ),
    (
        f"{START}exec /app/server: exec format error",
        Kind.ARCHITECTURE,
        "another processor",
        "--platform linux/amd64",
    ),
    (
        f"{START}driver failed programming external connectivity: Bind for 0.0.0.0:80 failed: port "
        "is already allocated",
        Kind.OTHER,
        "its host port is taken",
        "awsvpc",
    ),
    (
        "ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 1m",
        Kind.OTHER,
        "did not get on within 1m",
        "overloaded",
    ),
    (
        "CannotCreateContainerError: API error (500): devmapper: Thin Pool has 4350 free blocks",
        Kind.STORAGE,
        "no disk space is left on the instance",
        "larger volume",
    ),
    ("Your Spot Task was interrupted.", Kind.SPOT, "Spot capacity", "base on FARGATE"),
    ("Host EC2 (instance i-0abc) terminated.", Kind.OTHER, "went away", "another task"),
    ("Container instance deregistration forced by user", Kind.OTHER, "went away", "another task"),
    ("Task stopped by user", Kind.OTHER, "somebody stopped the task", "CloudTrail"),
    (
        "ECS is performing maintenance on the underlying infrastructure hosting the task.",
        Kind.OTHER,
        "off its hardware",
        "another task",
    ),
    (
        "Capacity is unavailable at this time. Please try again later or in a different "
        "availability zone",
        Kind.NO_CAPACITY,
        "AWS has no capacity",
        "more availability zones",
    ),
    # health checks
    (
        "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-west-2:1:"
        "targetgroup/spot-efs/555a47e25c5a1850)",
        Kind.LOAD_BALANCER_HEALTH,
        "the load balancer's health check failed",
        "listen on 0.0.0.0, port 8080",
    ),
    (
        "Task failed container health checks",
        Kind.CONTAINER_HEALTH,
        "the health check of app failed",
        "startPeriod",
    ),
    ("Rate exceeded", Kind.OTHER, "AWS throttles", "by itself"),
    ("Something that AWS says only next year", Kind.OTHER, "only next year", ""),
)
