"""Why containers do not start or do not stay: the runtime's errors, hosts, health checks, exits."""

from __future__ import annotations

from typing import Final

from ecs_blocks.deploy.ecs.rules import Rule, group, rule
from ecs_blocks.deploy.progress import FailureKind as Kind

_REPEATS: Final = "ECS starts another task; look into it only if this goes on"

_MEMORY: Final = group(
    r"OutOfMemory|out of memory",
    rule(
        r"",
        Kind.OUT_OF_MEMORY,
        "{container} was killed: it took more memory than its limit{memory}",
        "raise the limit (TaskMaxMemory), or let the program take less: a JVM or Node.js has to be "
        "told how much it may take",
    ),
)

_RUNTIME: Final = group(
    r"Cannot(?:Start|Create|Inspect|Stop)Container|"
    r"(?:ContainerRuntime|Docker)(?:Timeout)?Error|HostConfigError|InternalError|exec format",
    rule(
        r"exec format",
        Kind.ARCHITECTURE,
        "the program in {image} is built for another processor than the task's ({platform})",
        "build it with docker buildx build --platform {platform}, or change the task's "
        "architecture",
    ),
    rule(
        r"exec: \\?\"(?P<program>[^\"\\]*)\\?\": .*permission denied",
        Kind.EXIT,
        "{container} cannot start: {program} may not be executed",
        "make it executable in the image (chmod +x), for the user that the task runs as",
    ),
    rule(
        r"exec: \\?\"(?P<program>[^\"\\]*)\\?\": .*(?:not found|no such file)",
        Kind.EXIT,
        "{container} cannot start: {program} is not in the image",
        "correct the command or the entry point (a list of words, not one text), or put it into "
        "the image",
    ),
    rule(
        r"no space left|thin pool",
        Kind.STORAGE,
        "no disk space is left on the instance",
        "replace the instance with one that has a larger volume",
    ),
    rule(
        r"port is already allocated|address already in use",
        Kind.OTHER,
        "{container} cannot start: its host port is taken",
        "use awsvpc, or let ECS choose the host port",
    ),
    rule(
        r"timed out after waiting (?P<time>\w+)",
        Kind.OTHER,
        "{container} did not get on within {time}: {text}",
        "on EC2 the instance is overloaded or its disk slow; on Fargate try again",
    ),
    rule(
        r"CannotStartContainer",
        Kind.OTHER,
        "{container} cannot start: {text}",
        "run the image with the same command by hand",
    ),
    rule("", Kind.OTHER, "{container}: {text}", _REPEATS),
)

_HOST: Final = group(
    r"\bspot\b|host ec2|deregistration|stopped by|maintenance|retirement|assume the role|"
    r"deployment configuration|throttled|rate (?:limit )?exceeded|infrastructure ?health|"
    r"terminated",
    rule(
        r"spot",
        Kind.SPOT,
        "AWS took the Spot capacity back",
        "ECS starts another task; give the service a base on FARGATE or on-demand instances if it "
        "happens often",
    ),
    rule(
        r"assume the role '?(?P<assumed>[^' ]+)",
        Kind.OTHER,
        "ECS may not take on the role {assumed}",
        "let ecs-tasks.amazonaws.com assume it in its trust policy; after a create, IAM takes "
        "about a minute",
    ),
    rule(
        r"deployment configuration",
        Kind.OTHER,
        "ECS may neither start nor stop a task within the deployment's percentages",
        "raise MaximumPercent, or lower MinimumHealthyPercent",
    ),
    rule(
        r"throttled|exceeded",
        Kind.OTHER,
        "AWS throttles what ECS does for this service",
        "it goes on by itself, more slowly",
    ),
    rule(
        r"host ec2|terminated|deregistration",
        Kind.OTHER,
        "the instance under the task went away",
        _REPEATS,
    ),
    rule(
        r"maintenance|retirement|infrastructure",
        Kind.OTHER,
        "AWS moved the task off its hardware",
        _REPEATS,
    ),
    rule(
        r"stopped by",
        Kind.OTHER,
        "somebody stopped the task: {text}",
        "CloudTrail has the caller of StopTask",
    ),
)

_HEALTH: Final = group(
    r"health checks?",
    rule(
        r"ELB health|target-group|\(elb",
        Kind.LOAD_BALANCER_HEALTH,
        "the load balancer's health check failed{health}",
        "{health_hint}",
    ),
    rule(
        r"container health",
        Kind.CONTAINER_HEALTH,
        "the health check of {container} failed",
        "{check_hint}",
    ),
)

FIRST: Final = (_MEMORY, _HEALTH)
RUNNING: Final = (_RUNTIME, _HOST)

EXITS: Final[dict[int, tuple[str, str]]] = {
    0: (
        "ended by itself (exit code 0)",
        "a service's essential container has to keep running: start the program in the "
        "foreground; a job that ends is for ecs-blocks run",
    ),
    126: ("exited 126: its command may not be executed", "make it executable (chmod +x)"),
    127: (
        "exited 127: its command was not found",
        "correct the command or the entry point, or put the program into the image",
    ),
    134: ("aborted itself (SIGABRT, exit code 134)", "the log lines before it say why"),
    137: (
        "was killed (SIGKILL, exit code 137)",
        "either it took too much memory, or it did not end within the stop timeout after SIGTERM: "
        "look at its memory, and let the program handle SIGTERM",
    ),
    139: (
        "crashed (segmentation fault, exit code 139)",
        "a native library that does not fit the image or the processor is the usual cause",
    ),
    143: (
        "was asked to end (SIGTERM, exit code 143)",
        "something else stopped the task; look at what failed first",
    ),
}
"""What an exit code means, after the container's name, and what to do."""

LOG_LINES: Final[tuple[Rule, ...]] = (
    rule(
        r"exec format error",
        Kind.ARCHITECTURE,
        "the program in {image} is built for another processor than the task's ({platform})",
        "build it with docker buildx build --platform {platform}, or change the task's "
        "architecture",
    ),
    rule(
        r"java\.lang\.OutOfMemoryError|heap out of memory|cannot allocate memory",
        Kind.OUT_OF_MEMORY,
        "{container} ran out of memory",
        "raise the limit (TaskMaxMemory) and the program's own (-Xmx, --max-old-space-size)",
    ),
    rule(
        r"read-only file ?system|EROFS",
        Kind.EXIT,
        "",
        "the container's file system is read-only: let the program write to /tmp, or to a volume",
    ),
    rule(
        r"not authorized to perform: (?P<action>[\w-]+:\w+)",
        Kind.EXIT,
        "",
        "give the task role {action}: the application uses that role, not the execution role",
    ),
    rule(
        r"could not translate host name|name or service not known|getaddrinfo|ENOTFOUND|"
        r"unknownhostexception|temporary failure in name resolution",
        Kind.EXIT,
        "",
        "a host name does not resolve: check the name in environment.yaml and the VPC's DNS",
    ),
    rule(
        r"connection timed out|connect timeout|ETIMEDOUT|connection refused|ECONNREFUSED|"
        r"could not connect to server",
        Kind.EXIT,
        "",
        "something that the program needs does not answer: let the task's egress and the other "
        "side's security group allow it",
    ),
    rule(
        r"address already in use|EADDRINUSE",
        Kind.EXIT,
        "",
        "two processes of the task listen on the same port",
    ),
    rule(
        r"permission denied|EACCES",
        Kind.EXIT,
        "",
        "the user that the container runs as may not do this: check the owner of files in the "
        "image, and ports below 1024",
    ),
)
"""What a container's last lines say of why it ended; an empty summary keeps that of the exit."""
