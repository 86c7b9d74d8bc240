"""Ask ECS for a session with a container, and say in words why there is none.

Source: Amazon ECS API Reference, ExecuteCommand; Developer Guide, "Troubleshoot Amazon ECS Exec".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from botocore.credentials import ReadOnlyCredentials
from msgspec import Struct

from ecs_blocks.deploy.calls import ERRORS, code_of, explained, is_denied, is_passing, text_of
from ecs_blocks.deploy.ecs.names import last
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.execute.tasks import Chosen

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.place import Place

_REFUSED: Final = frozenset({"ClientException", "InvalidParameterException"})
_IDLE_MIN: Final = 20
"""After so long without a key a session ends by itself; nobody can change that."""


class Session(Struct, frozen=True):
    """A session that ECS began, and all that Session Manager's plugin needs for it.

    ``response`` holds the token that opens it, ``credentials`` are those of who opens it: neither
    is printed nor logged, and ``repr`` and ``str`` do not tell them. ``target`` is
    ``ecs:<cluster>_<task>_<id of the container>``.
    """

    response: Mapping[str, str]
    credentials: ReadOnlyCredentials
    region: str
    target: str
    endpoint_url: str

    def __repr__(self) -> str:
        """Where it leads, and not what opens it."""
        return f"Session({self.target})"


class Entrance(Struct, frozen=True, kw_only=True):
    """Where the command runs: a container of a task, and the id that it has in its machine."""

    cluster: str
    chosen: Chosen
    container: str
    runtime_id: str
    role: str

    @property
    def target(self) -> str:
        """What Session Manager calls it."""
        return f"ecs:{last(self.cluster)}_{self.chosen.task_id}_{self.runtime_id}"


def begin(aws: Aws, place: Place, entrance: Entrance, command: str) -> Session:
    """Let ECS begin *command* (one text, as a shell takes it) in the container.

    It is asked once: each time that it arrives ECS begins one.

    Raises:
        DeployError: ECS refuses (exit 15, or 14 without the permission), did not answer, or the
            credentials could not be renewed.
    """
    client = aws.calling_once("ecs")
    credentials = aws.credentials()
    try:
        answer = client.execute_command(
            cluster=entrance.cluster,
            task=entrance.chosen.arn,
            container=entrance.container,
            command=command,
            interactive=True,  # ECS knows nothing else
        )
    except ERRORS as error:
        raise _refused(error, place, entrance) from error
    session = answer["session"]
    return Session(
        response={
            "SessionId": str(session["sessionId"]),
            "TokenValue": str(session["tokenValue"]),
            "StreamUrl": str(session["streamUrl"]),
        },
        credentials=credentials,
        region=aws.region,
        target=entrance.target,
        endpoint_url=str(aws.client("ssm").meta.endpoint_url),
    )


def _refused(error: Exception, place: Place, entrance: Entrance) -> DeployError:
    where = f"{entrance.container} of task {entrance.chosen.task_id}"
    doing = f"opening a session with {where}"
    if code_of(error) == "TargetNotConnectedException":
        return DeployError(
            Exit.REJECTED,
            f"ECS does not reach its agent in {where}: {text_of(error)}",
            _causes(place, entrance),
        )
    if is_denied(error):
        policy = place.access.command("account-setup", "--env", place.environment, "--exec-policy")
        found = explained(error, doing)
        return DeployError(
            found.code, found.message, f"this is what you need for it, in IAM: {policy}"
        )
    if code_of(error) in _REFUSED:
        return DeployError(Exit.REJECTED, f"{doing}: {text_of(error)}", _causes(place, entrance))
    found = explained(error, doing)
    if is_passing(error):
        again = (
            "run the same command again; a session that began unseen ends by itself after "
            f"{_IDLE_MIN} minutes"
        )
        return DeployError(found.code, found.message, again)
    return found


def _causes(place: Place, entrance: Entrance) -> str:
    """What it may be, the likeliest first.

    Whether the caller may use the cluster's key is not among it: ECS does not ask, the plugin does.
    """
    role = f"the task's role {entrance.role}" if entrance.role else "the task, which has no role,"
    endpoint = f"ssmmessages.{place.region}.{place.pseudo['AWS::URLSuffix']}"
    causes = (
        "the task has just started: run the same command again in a minute",
        f"{role} may not open channels: it needs ssmmessages:CreateControlChannel, "
        "CreateDataChannel, OpenControlChannel and OpenDataChannel, which exec=eb.Exec(…) allows",
        f"its subnets have no way to {endpoint}, port 443: a NAT gateway, "
        "or an endpoint in the VPC that lets the task's security group in",
        "the cluster encrypts sessions under a key: the role needs kms:Decrypt with it",
    )
    return "\n  ".join(f"{number}. {one}" for number, one in enumerate(causes, 1))
