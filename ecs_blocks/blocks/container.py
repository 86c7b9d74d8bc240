"""How a container runs, beside its image: its user, its checks, its limits, what it mounts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal

from msgspec import Struct, field
from troposphere import ecs

from ecs_blocks.blocks.environment_file import EnvironmentFile
from ecs_blocks.blocks.exec_access import Exec
from ecs_blocks.blocks.limits import check_at_least, check_one_of, check_port, check_within
from ecs_blocks.blocks.volume import Mount
from ecs_blocks.errors import BlockError

Condition = Literal["START", "COMPLETE", "SUCCESS", "HEALTHY"]

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,255}")
_PORT_NAME: Final = re.compile(r"[a-z0-9_][a-z0-9_-]{0,63}")
_MAX_CODES: Final = 50
_LIMITS: Final = (
    *("core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc"),
    *("rss", "rtprio", "rttime", "sigpending", "stack"),
)
"""What ECS can set. Source: Amazon ECS API Reference, ``Ulimit``."""
_UNLIMITED: Final = -1
_TUPLES: Final = {
    "ulimits": 'eb.Ulimit("nofile", 65536)',
    "mounts": 'eb.Mount(volume, "/data")',
    "ports": 'eb.Port(9090, "metrics")',
    "environment_files": "eb.EnvironmentFile(…)",
}


class Port(Struct, frozen=True):
    """A port that a container listens on.

    Attributes:
        number: 1 to 65535. Below 1024 a container cannot listen as it is by default, not root and
            without capabilities (aws/containers-roadmap issue 1721): let it listen on 8080, say;
            the balancer's port is another.
        name: by which Service Connect finds it.
        app_protocol: what is spoken there. Service Connect retries and measures requests where it
            knows; None is plain TCP.
        protocol: ``udp`` for datagrams. A port for both is two of the same number, to which no
            load balancer can lead.
    """

    number: int
    name: str = "app"
    app_protocol: Literal["http", "http2", "grpc"] | None = None
    protocol: Literal["tcp", "udp"] = "tcp"

    def __post_init__(self) -> None:
        check_port(self.number)
        if not _PORT_NAME.fullmatch(self.name):
            raise BlockError(
                f"{self.name!r} cannot be a port's name: at most 64 lower case letters, digits, "
                "hyphens and underscores"
            )
        if self.protocol == "udp" and self.app_protocol is not None:
            raise BlockError(f"{self.app_protocol} is spoken by TCP, not by UDP; leave one out")

    def mapping(self) -> Any:
        """As the container definition has it."""
        mapping = ecs.PortMapping(Name=self.name, ContainerPort=self.number, Protocol=self.protocol)
        if self.app_protocol is not None:
            mapping.AppProtocol = self.app_protocol
        return mapping


class HealthCheck(Struct, frozen=True):
    """A command inside the container that ends with 0 while all is well.

    Attributes:
        command: words are run as they are, one text by the image's shell.
        interval_s: between two checks, 5 to 300.
        timeout_s: how long one may take, 2 to 60.
        retries: how many fail before the container is unhealthy, 1 to 10.
        start_period_s: how long failures do not count after the start, at most 300.

    What it runs has to be in the image: ``curl`` often is not. An essential container that is
    unhealthy ends its task, and a deploy waits until new tasks are healthy.
    """

    command: tuple[str, ...] | str
    interval_s: int = 30
    timeout_s: int = 5
    retries: int = 3
    start_period_s: int = 0

    def __post_init__(self) -> None:
        if not self.command:
            raise BlockError("a health check needs a command")
        for name, low, high in (
            ("interval_s", 5, 300),
            ("timeout_s", 2, 60),
            ("retries", 1, 10),
            ("start_period_s", 0, 300),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise BlockError(f"{name} of a health check is {value}; allowed: {low} to {high}")

    def resource(self) -> Any:
        """As the container definition has it."""
        words = self.command
        command = ["CMD-SHELL", words] if isinstance(words, str) else ["CMD", *words]
        return ecs.HealthCheck(
            Command=command,
            Interval=self.interval_s,
            Timeout=self.timeout_s,
            Retries=self.retries,
            StartPeriod=self.start_period_s,
        )


class Restart(Struct, frozen=True, kw_only=True):
    """Start a container again that ended, without replacing the task around it.

    Attributes:
        ignored_exit_codes: with one of these it has ended for good.
        attempt_period_s: it has to have run for so long, 60 to 1800, to be started again.
    """

    ignored_exit_codes: tuple[int, ...] = ()
    attempt_period_s: int = 300

    def __post_init__(self) -> None:
        check_within("attempt_period_s", self.attempt_period_s, 60, 1800)
        for code in self.ignored_exit_codes:
            check_within("an ignored exit code", code, 0, 255)
        if len(self.ignored_exit_codes) > _MAX_CODES:
            raise BlockError(f"at most {_MAX_CODES} exit codes can be ignored")

    def resource(self) -> Any:
        """As the container definition has it."""
        policy = ecs.RestartPolicy(Enabled=True, RestartAttemptPeriod=self.attempt_period_s)
        if self.ignored_exit_codes:
            policy.IgnoredExitCodes = list(self.ignored_exit_codes)
        return policy


class Ulimit(Struct, frozen=True):
    """A limit of the kernel's for the container: ``Ulimit("nofile", 65536)``.

    Fargate sets ``nofile`` to 65535 by itself, and lets no other be set. -1 is no limit at all.
    """

    name: str
    soft: int
    hard: int | None = None

    def __post_init__(self) -> None:
        check_one_of("the limit", self.name, _LIMITS)
        for value in (self.soft, self.hard):
            check_at_least(f"the limit {self.name}", value, _UNLIMITED)
        hard = self.hard
        if hard not in (None, _UNLIMITED) and not 0 <= self.soft <= hard:
            raise BlockError(
                f"the limit {self.name} of {self.soft} is above its hard limit of {hard}, which "
                "no process can pass"
            )

    def resource(self) -> Any:
        """As the container definition has it; the hard limit is the soft one unless said."""
        hard = self.soft if self.hard is None else self.hard
        return ecs.Ulimit(Name=self.name, SoftLimit=self.soft, HardLimit=hard)


class Container(Struct, frozen=True, kw_only=True):
    """How a container runs, beside its image. The defaults pass every audit.

    Attributes:
        user: who the process is; by default nobody in particular, and not root.
        tmp_mib: size of the writable ``/tmp`` in memory; the rest of the file system is read-only.
        stop_timeout_s: between SIGTERM and SIGKILL, 2 and more, on Fargate 120 at most. It is the
            time in which what was begun has to end, when a task is replaced or scaled in (trap 26).
        entry_point: what is started instead of the image's entry point.
        command: the words that it is started with, instead of the image's.
        health_check: how it is known to be well; by default as long as it runs.
        restart: start it again where it stands; by default ECS replaces the task.
        ulimits: limits of the kernel's.
        mounts: volumes and where they are.
        after: containers to wait for: ``{"proxy": "HEALTHY"}``.
        ports: further ports, beside the task's own.
        exec: lets a shell be opened in it (ECS Exec); by default it cannot be (trap 35).
        environment_files: files of variables in S3; the execution role may read these.
        version_consistency: whether all tasks of a deployment run the image that its tag was at
            the beginning; with ``disabled`` each takes what the tag is when it starts.
    """

    user: str = "1000:1000"
    tmp_mib: int = 64
    stop_timeout_s: int = 30
    entry_point: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    health_check: HealthCheck | None = None
    restart: Restart | None = None
    ulimits: tuple[Ulimit, ...] = ()
    mounts: tuple[Mount, ...] = ()
    after: Mapping[str, Condition] = field(default_factory=dict)
    ports: tuple[Port, ...] = ()
    exec: Exec | None = None
    environment_files: tuple[EnvironmentFile, ...] = ()
    version_consistency: Literal["enabled", "disabled"] = "enabled"

    def __post_init__(self) -> None:
        check_at_least("stop_timeout_s", self.stop_timeout_s, 2)
        check_at_least("tmp_mib", self.tmp_mib, 1)
        for word in ("entry_point", "command"):
            if isinstance(getattr(self, word), str):
                raise BlockError(f'{word} is a tuple of words, like ("./worker", "--verbose")')
        for word, example in _TUPLES.items():
            if not isinstance(getattr(self, word), tuple):
                raise BlockError(f"{word} is a tuple, like ({example},)")
        paths = [mount.path for mount in self.all_mounts()]
        twice = sorted({path for path in paths if paths.count(path) > 1})
        if twice:
            raise BlockError(f"{', '.join(twice)}: two volumes are mounted at one path")

    @property
    def is_root(self) -> bool:
        """Whether the process is root."""
        return self.user.partition(":")[0] in ("0", "root")

    def all_mounts(self) -> tuple[Mount, ...]:
        """What is mounted, with what ECS Exec needs."""
        return (*self.mounts, *(() if self.exec is None else self.exec.mounts()))

    def properties(self) -> dict[str, Any]:
        """The container definition's part of it."""
        found: dict[str, Any] = {
            "User": self.user,
            "Privileged": False,
            "ReadonlyRootFilesystem": True,
            "LinuxParameters": ecs.LinuxParameters(
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
            "StopTimeout": self.stop_timeout_s,
        }
        if self.entry_point:
            found["EntryPoint"] = list(self.entry_point)
        if self.command:
            found["Command"] = list(self.command)
        if self.health_check is not None:
            found["HealthCheck"] = self.health_check.resource()
        if self.restart is not None:
            found["RestartPolicy"] = self.restart.resource()
        if self.ulimits:
            found["Ulimits"] = [limit.resource() for limit in self.ulimits]
        if self.environment_files:
            found["EnvironmentFiles"] = [one.resource() for one in self.environment_files]
        if self.version_consistency != "enabled":
            found["VersionConsistency"] = self.version_consistency
        if mounts := self.all_mounts():
            found["MountPoints"] = [mount.resource() for mount in mounts]
        if self.after:
            found["DependsOn"] = [
                ecs.ContainerDependency(ContainerName=name, Condition=condition)
                for name, condition in self.after.items()
            ]
        return found


def check_container_name(name: str) -> None:
    """Refuse a name that ECS does not take.

    Raises:
        BlockError: it is empty, long, or has other characters.
    """
    if not _NAME.fullmatch(name):
        raise BlockError(
            f"{name!r} cannot be a container's name: letters, digits, hyphens and underscores"
        )
