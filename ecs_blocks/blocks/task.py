"""A task definition with one container, its two roles and its log group."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field
from troposphere import ecs, iam

from ecs_blocks import policies
from ecs_blocks.blocks.log_group import LogGroup
from ecs_blocks.blocks.task_secret import AnySecret, Secret, SsmParameter
from ecs_blocks.blocks.task_size import TaskSize
from ecs_blocks.errors import BlockError
from ecs_blocks.values import (
    PARTITION,
    REGION,
    STACK_NAME,
    KeyArn,
    Token,
    Value,
    as_text,
    get_att,
    ref,
    text,
)

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

CONTAINER: Final = "app"
_ECR: Final = re.compile(
    r"([a-z0-9]+)\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)/(.+)"
)


class TaskHandle(Struct, frozen=True, kw_only=True):
    """What a task offers: its resources, and what a service and its alarms ask of it."""

    resource: Any
    container: Any
    execution_role: Any
    role: Any
    log_group: Any
    port: int
    size: TaskSize

    @property
    def arn(self) -> Token[str]:
        """The task definition's revision."""
        return ref(self.resource.title)


class Task(Struct, frozen=True, kw_only=True):
    """A task definition with one container, by the rules that pass every audit.

    Attributes:
        image: repository with tag or digest.
        images: the repositories that may be pulled; the execution role reads these and no others.
        size: ``Ec2Size`` or ``FargateSize``.
        port: the container listens here.
        log_retention_days: when log lines go.
        log_key_arn: the key that encrypts them.
        variables: environment variables, by name; plain settings only.
        secrets: variables whose value ECS reads from Parameter Store or Secrets Manager.
        user: who the process is; by default nobody in particular, and not root.
        tmp_mib: size of the writable ``/tmp`` in memory; the rest of the file system is read-only.
        stop_timeout_s: between SIGTERM and SIGKILL, at most 120 on Fargate.
        task_policies: inline policies (``policies.policy(...)``) of the application itself.
    """

    image: Value[str]
    images: tuple[str, ...]
    size: TaskSize
    port: int
    log_retention_days: Value[int]
    log_key_arn: Value[KeyArn]
    variables: Mapping[str, Value[str]] = field(default_factory=dict)
    secrets: Mapping[str, AnySecret] = field(default_factory=dict)
    user: str = "1000:1000"
    tmp_mib: int = 64
    stop_timeout_s: int = 30
    task_policies: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        both = sorted(set(self.variables) & set(self.secrets))
        if both:
            raise BlockError(f"{', '.join(both)}: a variable and a secret of the same name")
        for name, secret in self.secrets.items():
            if not isinstance(secret, (SsmParameter, Secret)):
                raise BlockError(
                    f"the secret {name} has to be eb.SsmParameter(...) or eb.Secret(...), not "
                    f"{type(secret).__name__}"
                )
        for name, value in self.variables.items():
            if value is None:
                raise BlockError(f'the variable {name} is None; write "" for an empty one')
        if not isinstance(self.port, int):
            raise BlockError(f"port is a whole number like 8080, not {type(self.port).__name__}")
        if not 1 <= self.port <= 65535:
            raise BlockError(f"port {self.port} is not between 1 and 65535")
        if not 2 <= self.stop_timeout_s <= 120:
            raise BlockError(f"stop_timeout_s is {self.stop_timeout_s}; allowed: 2 to 120")

    def build(self, scope: Scope) -> TaskHandle:
        """Add log group, roles and task definition."""
        log_group = scope.build(
            LogGroup(
                name=text("/ecs/", STACK_NAME),
                retention_days=self.log_retention_days,
                key_arn=self.log_key_arn,
            )
        )
        execution_role = scope.add(self._execution_role(scope.id("ExecutionRole"), log_group))
        role = iam.Role(
            scope.id("TaskRole"),
            Description="what the application itself may do",
            AssumeRolePolicyDocument=policies.trust("ecs-tasks", source="ecs"),
        )
        if self.task_policies:
            role.Policies = list(self.task_policies)
        scope.add(role)
        container = self._container(log_group)
        resource = scope.add(
            ecs.TaskDefinition(
                scope.id("TaskDefinition"),
                # the revision before has to stay, or there is nothing to go back to (trap 8)
                DeletionPolicy="Retain",
                UpdateReplacePolicy="Retain",
                Family=STACK_NAME,
                NetworkMode="awsvpc",
                RuntimePlatform=ecs.RuntimePlatform(
                    CpuArchitecture=self.size.architecture, OperatingSystemFamily="LINUX"
                ),
                ExecutionRoleArn=get_att(execution_role, "Arn"),
                TaskRoleArn=get_att(role, "Arn"),
                ContainerDefinitions=[container],
                **self.size.of_task(),
            )
        )
        return TaskHandle(
            resource=resource,
            container=container,
            execution_role=execution_role,
            role=role,
            log_group=log_group,
            port=self.port,
            size=self.size,
        )

    def _execution_role(self, title: str, log_group: Any) -> Any:
        granted = [policies.policy("Logs", policies.write_logs(log_group))]
        repositories = [arn for image in self.images if (arn := repository_arn(image)) is not None]
        if repositories:
            granted.append(policies.policy("Pull", policies.pull_images(repositories)))
            granted.append(policies.policy("LogInToEcr", policies.log_in_to_ecr()))
        names = [s.name for s in self.secrets.values() if isinstance(s, SsmParameter)]
        if names:
            granted.append(policies.policy("Parameters", policies.read_parameters(names)))
        arns = [s.arn for s in self.secrets.values() if isinstance(s, Secret)]
        if arns:
            granted.append(policies.policy("Secrets", policies.read_secrets(arns)))
        keys = [s.key_arn for s in self.secrets.values() if s.key_arn is not None]
        if keys:
            granted.append(policies.policy("Decrypt", policies.decrypt(keys)))
        return iam.Role(
            title,
            Description="what ECS needs to start the task: image, secrets, logs",
            AssumeRolePolicyDocument=policies.trust("ecs-tasks", source="ecs"),
            Policies=granted,
        )

    def _container(self, log_group: Any) -> Any:
        container = ecs.ContainerDefinition(
            Name=CONTAINER,
            Image=self.image,
            Essential=True,
            **self.size.of_container(),
            PortMappings=[ecs.PortMapping(Name=CONTAINER, ContainerPort=self.port, Protocol="tcp")],
            User=self.user,
            Privileged=False,
            ReadonlyRootFilesystem=True,
            LinuxParameters=ecs.LinuxParameters(
                InitProcessEnabled=True,
                Capabilities=ecs.KernelCapabilities(Drop=["ALL"]),
                Tmpfs=[
                    ecs.Tmpfs(
                        ContainerPath="/tmp",  # noqa: S108 - the container's own
                        Size=self.tmp_mib,
                        # Docker's noexec would stop the JVM's libraries, which unpack code here
                        MountOptions=["rw", "exec", "nosuid", "nodev"],
                    )
                ],
            ),
            StopTimeout=self.stop_timeout_s,
            LogConfiguration=ecs.LogConfiguration(
                LogDriver="awslogs",
                Options={
                    "awslogs-group": ref(log_group.title),
                    "awslogs-region": REGION,
                    "awslogs-stream-prefix": CONTAINER,
                    # a blocked log must not block the application (trap 22)
                    "mode": "non-blocking",
                    "max-buffer-size": "25m",
                },
            ),
        )
        if self.variables:
            container.Environment = [
                ecs.Environment(Name=name, Value=as_text(value))
                for name, value in self.variables.items()
            ]
        if self.secrets:
            container.Secrets = [
                ecs.Secret(Name=name, ValueFrom=secret.value_from())
                for name, secret in self.secrets.items()
            ]
        return container


def repository_arn(image: str) -> Value[str] | None:
    """The ARN of an ECR repository by its URL; None where the registry is not ECR."""
    found = _ECR.fullmatch(image)
    if found is None:
        return None
    account, region, name = found.groups()
    return text("arn:", PARTITION, f":ecr:{region}:{account}:repository/{name}")
