"""A task definition: the application's container and those beside it, two roles, a log group."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field
from troposphere import ecs

from ecs_blocks import policies
from ecs_blocks.blocks.container import Container, Port
from ecs_blocks.blocks.container_definition import definition, log_options, port_mappings
from ecs_blocks.blocks.environment_file import EnvironmentFile, check_files
from ecs_blocks.blocks.exec_access import Exec
from ecs_blocks.blocks.log_group import LogGroup
from ecs_blocks.blocks.roles import Roles, execution_role, role_arn, task_role
from ecs_blocks.blocks.sidecar import LogRouter, Sidecar
from ecs_blocks.blocks.task_checks import check_containers, check_fargate, check_variables
from ecs_blocks.blocks.task_secret import AnySecret
from ecs_blocks.blocks.task_size import FargateSize, TaskSize
from ecs_blocks.blocks.volume import EbsVolume, Mount, access_to, disks_of, volumes_of
from ecs_blocks.errors import BlockError
from ecs_blocks.naming import nearest
from ecs_blocks.templates.suppress import suppress
from ecs_blocks.values import (
    PARTITION,
    STACK_NAME,
    KeyArn,
    Token,
    Value,
    ref,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.templates.stack import Scope

CONTAINER: Final = "app"
_ECR: Final = re.compile(
    r"([a-z0-9]+)\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)/(.+)"
)
_TAG: Final = re.compile(r"(?:@sha256:[0-9a-f]+|:[A-Za-z0-9_.-]+)+$")


class TaskHandle(Struct, frozen=True, kw_only=True):
    """What a task offers: its resources, and what a service and its alarms ask of it.

    ``execution_role`` and ``role`` are an ``ExistingRole`` where they were given by their ARNs.
    """

    resource: Any
    container: Any
    execution_role: Any
    role: Any
    log_group: Any
    main_port: Port | None
    ports: tuple[Port, ...]
    size: TaskSize
    exec: Exec | None = None
    disks: tuple[EbsVolume, ...] = ()
    sidecars: Mapping[str, Any] = field(default_factory=dict)

    @property
    def arn(self) -> Token[str]:
        """The task definition's revision."""
        return ref(self.resource.title)

    @property
    def role_arn(self) -> Value[str]:
        """What the application acts as."""
        return role_arn(self.role)

    @property
    def execution_role_arn(self) -> Value[str]:
        """What ECS starts the task as."""
        return role_arn(self.execution_role)

    @property
    def port(self) -> int:
        """What the application listens on.

        Raises:
            BlockError: it listens on nothing.
        """
        if self.main_port is None:
            raise BlockError("the task listens on no port; give it one, like port=8080")
        return self.main_port.number

    def port_named(self, name: str) -> Port:
        """One of the task's ports, of whichever container.

        Raises:
            BlockError: there is none of this name.
        """
        by_name = {port.name: port for port in self.ports}
        if name not in by_name:
            way = nearest(name, by_name) or f"; it has {', '.join(by_name) or 'none'}"
            raise BlockError(f"the task has no port {name}{way}")
        return by_name[name]

    def log_options(self, prefix: str) -> dict[str, Any]:
        """Options of the awslogs driver; the stream's name begins with *prefix*."""
        return log_options(self.log_group, prefix)


class Task(Struct, frozen=True, kw_only=True):
    """A task definition, by the rules that pass every audit.

    Attributes:
        image: repository with tag or digest.
        images: the repositories that may be pulled; the execution role reads these, and those of
            the sidecars, and no others.
        size: ``Ec2Size`` or ``FargateSize``.
        port: the container listens here; a ``Port`` says what is spoken there, None is a worker.
        log_retention_days: when log lines go.
        log_key_arn: the key that encrypts them.
        variables: environment variables, by name; plain settings only.
        secrets: variables whose value ECS reads from Parameter Store or Secrets Manager.
        task_policies: inline policies (``policies.policy(...)``) of the application itself.
        container: how it runs: user, command, health check, limits, mounts, ECS Exec.
        sidecars: the containers beside it.
        roles: what it acts as, and is started as; made here, unless they are given by their ARNs.
    """

    image: Value[str]
    images: tuple[str, ...]
    size: TaskSize
    port: int | Port | None = None
    log_retention_days: Value[int]
    log_key_arn: Value[KeyArn]
    variables: Mapping[str, Value[str]] = field(default_factory=dict)
    secrets: Mapping[str, AnySecret] = field(default_factory=dict)
    task_policies: tuple[Any, ...] = ()
    container: Container = field(default_factory=Container)
    sidecars: tuple[Sidecar, ...] = ()
    roles: Roles = Roles()

    def __post_init__(self) -> None:
        check_variables("", self.variables, self.secrets)
        for sidecar in self.sidecars:
            check_variables(f"{sidecar.name}: ", sidecar.variables, sidecar.secrets)
        check_containers(
            (CONTAINER, self.container, True),
            *((one.name, one.container, one.essential) for one in self.sidecars),
            ports=(self.main_port,),
        )
        if isinstance(self.size, FargateSize):
            check_fargate(self._containers())
        check_files(self._files())
        self.roles.check(self.task_policies)

    @property
    def main_port(self) -> Port | None:
        """The port, however it was given.

        Raises:
            BlockError: it cannot be one.
        """
        if self.port is None or isinstance(self.port, Port):
            return self.port
        return Port(self.port)

    def build(self, scope: Scope) -> TaskHandle:
        """Add log group, roles and task definition."""
        log_group = scope.build(
            LogGroup(
                name=text("/ecs/", STACK_NAME),
                retention_days=self.log_retention_days,
                key_arn=self.log_key_arn,
            )
        )
        execution = self.roles.execution or scope.add(self._execution_role(scope, log_group))
        role = self.roles.task or scope.add(task_role(scope.id("TaskRole"), self._granted()))
        container = self._container(log_group)
        sidecars = {one.name: _sidecar(one, log_group) for one in self.sidecars}
        resource = ecs.TaskDefinition(
            scope.id("TaskDefinition"),
            # the revision before has to stay, or there is nothing to go back to (trap 8)
            DeletionPolicy="Retain",
            UpdateReplacePolicy="Retain",
            Family=STACK_NAME,
            NetworkMode="awsvpc",
            RuntimePlatform=ecs.RuntimePlatform(
                CpuArchitecture=self.size.architecture, OperatingSystemFamily="LINUX"
            ),
            ExecutionRoleArn=role_arn(execution),
            TaskRoleArn=role_arn(role),
            ContainerDefinitions=[container, *sidecars.values()],
            **self.size.of_task(),
        )
        if volumes := volumes_of(self._mounts()):
            resource.Volumes = volumes
        if self._routers() and not self._others_are_root():
            suppress(resource, "EB303", reason="FireLens runs its router as root, and only so")
        return TaskHandle(
            resource=scope.add(resource),
            container=container,
            execution_role=execution,
            role=role,
            log_group=log_group,
            main_port=self.main_port,
            ports=(*self._ports(), *(p for one in self.sidecars for p in one.container.ports)),
            size=self.size,
            exec=self.container.exec,
            disks=disks_of(self._mounts()),
            sidecars=sidecars,
        )

    def _mounts(self) -> tuple[Mount, ...]:
        return tuple(mount for one in self._containers() for mount in one.all_mounts())

    def _containers(self) -> tuple[Container, ...]:
        return (self.container, *(one.container for one in self.sidecars))

    def _secrets(self) -> tuple[AnySecret, ...]:
        beside = (secret for one in self.sidecars for secret in one.all_secrets())
        return (*self.secrets.values(), *beside)

    def _files(self) -> tuple[EnvironmentFile, ...]:
        return tuple(file for one in self._containers() for file in one.environment_files)

    def _granted(self) -> list[Any]:
        granted = list(self.task_policies)
        if statements := access_to(self._mounts()):
            granted.append(policies.policy("Volumes", *statements))
        if self.container.exec is not None:
            granted.append(self.container.exec.policy())
        return granted

    def _execution_role(self, scope: Scope, log_group: Any) -> Any:
        return execution_role(
            scope.id("ExecutionRole"),
            log_group,
            repositories=list(self._repositories()),
            secrets=self._secrets(),
            files=self._files(),
        )

    def _repositories(self) -> Iterator[Value[str]]:
        beside = (_TAG.sub("", s.image) for s in self.sidecars if isinstance(s.image, str))
        for image in dict.fromkeys([*self.images, *beside]):
            if (found := repository_arn(image)) is not None:
                yield found

    def _routers(self) -> list[LogRouter]:
        return [one for one in self.sidecars if isinstance(one, LogRouter)]

    def _others_are_root(self) -> bool:
        others = (s.container for s in self.sidecars if not isinstance(s, LogRouter))
        return any(one.is_root for one in (self.container, *others))

    def _ports(self) -> tuple[Port, ...]:
        main = self.main_port
        return (*(() if main is None else (main,)), *self.container.ports)

    def _container(self, log_group: Any) -> Any:
        routers = self._routers()
        return definition(
            log_group,
            Name=CONTAINER,
            Image=self.image,
            Essential=True,
            **self.size.of_container(),
            **port_mappings(self._ports()),
            **self.container.properties(),
            **({"LogConfiguration": routers[0].log_configuration()} if routers else {}),
            variables=self.variables,
            secrets=self.secrets,
        )


def _sidecar(one: Sidecar, log_group: Any) -> Any:
    return definition(
        log_group,
        Name=one.name,
        Image=one.image,
        Essential=one.essential,
        Cpu=one.cpu,
        Memory=one.memory_mib,
        **port_mappings(one.container.ports),
        **one.container.properties(),
        **one.properties(),
        variables=one.variables,
        secrets=one.secrets,
    )


def repository_arn(image: str) -> Value[str] | None:
    """The ARN of an ECR repository by its URL; None where the registry is not ECR."""
    found = _ECR.fullmatch(image)
    if found is None:
        return None
    account, region, name = found.groups()
    return text("arn:", PARTITION, f":ecr:{region}:{account}:repository/{name}")
