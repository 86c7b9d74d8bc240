"""What is asked of ECS and of the load balancer about one service.

Only DescribeServices has to succeed; its errors are the caller's. All else is evidence that one can
do without: it is noted, and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from botocore import exceptions, xform_name
from botocore.parsers import ResponseParserError
from msgspec import Struct, structs

from ecs_blocks.deploy.calls import ERRORS, code_of, is_denied
from ecs_blocks.deploy.ecs.names import cluster_in, last, target_group_of
from ecs_blocks.deploy.ecs.state import Rollout, State, rollout, state
from ecs_blocks.deploy.progress import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ecs_blocks.deploy.aws import Aws

_UNSUPPORTED: Final = frozenset(
    {"UnsupportedFeatureException", "UnknownOperationException", "InvalidAction", "NotImplemented"}
)
TARGET_HEALTH: Final = "elasticloadbalancing:DescribeTargetHealth"
DEFINITION: Final = "ecs:DescribeTaskDefinition"
_CLIENTS: Final = {"ecs": "ecs", "elasticloadbalancing": "elbv2"}
OVER: Final = frozenset({"SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"})
"""How a service deployment ends."""

_EMPTY: Final = "an answer without a service and without a word on it"
_FAILURES: Final = 3
_REST_S: Final = 60.0
_PAGES: Final = 5
_BATCH: Final = 100
_ROLLOUTS: Final = 20
_NO_SETTING: Final = frozenset(
    {
        "serviceRevisionArn",
        "createdAt",
        "containerImages",
        "guardDutyEnabled",
        "resolvedConfiguration",
        "ecsManagedResources",
    }
)
"""What two service revisions of one configuration may have otherwise: ECS finds it out anew.

Source: API reference, ServiceRevision.
"""
_HEALTH: Final = {"unhealthy.draining": "draining", "unavailable": "unhealthy", "unused": "initial"}


class UnknownCluster(exceptions.BotoCoreError):  # type: ignore[misc] # botocore has no types
    """Nobody says in which cluster the service is: then its absence could not be told either."""

    fmt = "its ARN is of the old format, which does not name the cluster, and the stack does not"


class _Known(Struct, frozen=True):
    """A service deployment, the task definition that it brings, and the id that is of both kinds.

    The number of a service revision is that of the deployment in DescribeServices.
    """

    task_definition: str
    age: float
    deployment_id: str

    def is_meant(self, now: State, wanted: str | None) -> bool:
        """Whether it brings *wanted*, whatever that is for None, as the deployment of *now*."""
        is_wanted = wanted in (None, self.task_definition)
        return is_wanted and now.deployment_id in ("", self.deployment_id)


class _Revision(Struct, frozen=True):
    """A service revision: its task definition, its one image, and all that is set in it."""

    task_definition: str
    image: str
    settings: Mapping[str, Any]


class Reader:
    """Reads one service, in *cluster* where its ARN is of the old format and names none.

    ``notes`` says what could not be read, by the permission that it needs; ``denied`` are those
    permissions that are missing, and ``unanswered`` those whose last call got no answer, for
    whatever reason.
    """

    def __init__(self, aws: Aws, service_arn: str, cluster: str = "") -> None:
        self._aws = aws
        self._arn = service_arn
        self._cluster = cluster_in(service_arn) or cluster
        self._definitions: dict[str, Mapping[str, Any] | None] = {}
        self._revisions: dict[str, _Revision] = {}
        self._known: dict[str, _Known] = {}
        self._ended: dict[str, Rollout] = {}
        self._failed: dict[str, int] = {}
        self._rests: dict[str, float] = {}
        self._is_gone = False
        self.notes: dict[str, str] = {}
        self.denied: set[str] = set()
        self.unanswered: set[str] = set()

    def state(self) -> State | None:
        """The service, or None where ECS says that it does not exist.

        Raises:
            UnknownCluster: ECS cannot be asked for it.
            ClientError: or another of ERRORS: AWS did not answer, or not to us.
        """
        if not self._cluster:
            raise UnknownCluster
        try:
            answer = self._aws.client("ecs").describe_services(
                cluster=self._cluster, services=[self._arn]
            )
        except exceptions.ClientError as error:
            if code_of(error) != "ClusterNotFoundException":
                raise
            answer = {"failures": [{"reason": "MISSING"}]}
        services = answer.get("services") or ()
        if not services and not answer.get("failures"):
            raise ResponseParserError(_EMPTY)
        self._is_gone = not services or services[0].get("status") == "INACTIVE"
        return state(services[0]) if services else None

    def rollout(self, now: State, wanted: str | None) -> Rollout | None:
        """The newest service deployment that brings *wanted*; of any, if that is None."""
        is_known = any(one.is_meant(now, wanted) for one in self._known.values())
        if not is_known or (now.current_rollout and now.current_rollout not in self._known):
            self._list_rollouts()
        arns = [arn for arn, one in self._known.items() if one.is_meant(now, wanted)]
        if not arns:
            return None
        arn = max(arns, key=lambda one: self._known[one].age)
        if arn in self._ended:
            return self._ended[arn]
        answer = self._optional(
            "ecs:DescribeServiceDeployments",
            serviceDeploymentArns=[arn],
        )
        described = (answer or {}).get("serviceDeployments") or ()
        if not described:
            return None
        names = {one: found.task_definition for one, found in self._revisions.items()}
        images = {one: found.image for one, found in self._revisions.items()}
        found = rollout(described[0], names, images)
        back_to = _went_back_to(described[0])
        if back_to:
            self._read_revisions([back_to])
            found = structs.replace(found, is_again=self._is_again(described[0], back_to))
        if found.status in OVER and (not back_to or back_to in self._revisions):
            self._ended[arn] = found
        return found

    def _is_again(self, described: Mapping[str, Any], back_to: str) -> bool:
        """Whether a service deployment brought what it went back to."""
        target = str((described.get("targetServiceRevision") or {}).get("arn", ""))
        known = self._revisions
        if target not in known or back_to not in known:
            return False
        return known[target].settings == known[back_to].settings

    def _list_rollouts(self) -> None:
        answer = self._optional(
            "ecs:ListServiceDeployments",
            cluster=self._cluster,
            service=self._arn,
            maxResults=_ROLLOUTS,
        )
        listed = (answer or {}).get("serviceDeployments") or ()
        self._read_revisions([str(one.get("targetServiceRevisionArn", "")) for one in listed])
        for one in listed:
            revision = str(one.get("targetServiceRevisionArn", ""))
            if revision in self._revisions:
                created = one.get("createdAt")
                age = created.timestamp() if created else 0.0
                arn = str(one.get("serviceDeploymentArn", ""))
                definition = self._revisions[revision].task_definition
                self._known[arn] = _Known(definition, age, f"ecs-svc/{last(revision)}")

    def _read_revisions(self, arns: Sequence[str]) -> None:
        new = [arn for arn in dict.fromkeys(arns) if arn and arn not in self._revisions]
        if not new:
            return
        answer = self._optional(
            "ecs:DescribeServiceRevisions",
            serviceRevisionArns=new[:_ROLLOUTS],
        )
        for one in (answer or {}).get("serviceRevisions") or ():
            images = list(one.get("containerImages") or ())
            image = str(images[0].get("image", "")) if len(images) == 1 else ""
            arn = str(one.get("serviceRevisionArn", ""))
            settings = {key: value for key, value in one.items() if key not in _NO_SETTING}
            self._revisions[arn] = _Revision(str(one.get("taskDefinition", "")), image, settings)

    def stopped_tasks(self, family: str, seen: set[str]) -> list[Mapping[str, Any]]:
        """The stopped tasks that are not yet among *seen* (ARNs); those that vanished get there."""
        arns = [arn for arn in self._stopped_arns(family) if arn not in seen]
        tasks: list[Mapping[str, Any]] = []
        for first in range(0, len(arns), _BATCH):
            answer = self._optional(
                "ecs:DescribeTasks",
                cluster=self._cluster,
                tasks=arns[first : first + _BATCH],
            )
            tasks += (answer or {}).get("tasks") or ()
            gone = [str(one.get("arn", "")) for one in (answer or {}).get("failures") or ()]
            seen.update(gone)
            if gone:
                many = f"{len(gone)} stopped tasks were" if len(gone) > 1 else "a stopped task was"
                self.notes["missing"] = f"{many} gone before ECS could say why"
        return sorted(tasks, key=_stopped_at)

    def _stopped_arns(self, family: str) -> Iterator[str]:
        # ECS lists no tasks of a service that a rollback has deleted, but still those of its family
        by = {"family": family} if self._is_gone else {"serviceName": last(self._arn)}
        token: dict[str, str] = {}
        for _ in range(_PAGES):
            answer = self._optional(
                "ecs:ListTasks",
                cluster=self._cluster,
                desiredStatus="STOPPED",
                **by,
                **token,
            )
            yield from (answer or {}).get("taskArns") or ()
            if not answer or not answer.get("nextToken"):
                return
            token = {"nextToken": str(answer["nextToken"])}

    def definition(self, arn: str) -> Mapping[str, Any] | None:
        """A task definition, asked for once; None where it cannot be read."""
        if self._definitions.get(arn) is None:
            self._definitions[arn] = self.fresh_definition(arn)
        return self._definitions[arn]

    def fresh_definition(self, arn: str) -> Mapping[str, Any] | None:
        """A task definition as it is now; None where it cannot be read."""
        answer = self._optional(DEFINITION, taskDefinition=arn)
        return (answer or {}).get("taskDefinition")

    def targets(self, groups: Sequence[str]) -> tuple[Target, ...]:
        """The health of each target group that could be asked."""
        found = []
        for group in groups:
            answer = self._optional(TARGET_HEALTH, TargetGroupArn=group)
            if answer is not None:
                found.append(_target(group, answer.get("TargetHealthDescriptions") or ()))
        return tuple(found)

    def _optional(self, permission: str, /, **arguments: Any) -> Mapping[str, Any] | None:
        """The answer to the call that needs *permission*, or None."""
        now_s = self._aws.clock.now_s()
        if now_s < self._rests.get(permission, 0.0):
            return None
        prefix, _, operation = permission.partition(":")
        call: Callable[..., Mapping[str, Any]] = getattr(
            self._aws.client(_CLIENTS[prefix]), xform_name(operation)
        )
        try:
            answer = call(**arguments)
        except (*ERRORS, KeyError) as error:  # KeyError: botocore's, of a proxy's page as XML
            self._note(permission, error, now_s)
            self.unanswered.add(permission)
            return None
        self._failed.pop(permission, None)
        self.notes.pop(permission, None)
        self.unanswered.discard(permission)
        return answer

    def _note(self, permission: str, error: Exception, now_s: float) -> None:
        if is_denied(error):
            self.denied.add(permission)
            self.notes[permission] = f"permission {permission} is missing"
            self._rests[permission] = float("inf")
        elif code_of(error) in _UNSUPPORTED:
            self._rests[permission] = float("inf")
        else:
            self._failed[permission] = self._failed.get(permission, 0) + 1
            if self._failed[permission] >= _FAILURES:
                self._rests[permission] = now_s + _REST_S
                self.notes[permission] = f"{permission} gets no answer"


def _went_back_to(described: Mapping[str, Any]) -> str:
    """The service revision to which ECS went, or goes, back; empty where it does not."""
    return str((described.get("rollback") or {}).get("serviceRevisionArn") or "")


def _stopped_at(task: Mapping[str, Any]) -> float:
    at = task.get("stoppedAt") or task.get("stoppingAt")
    return float(at.timestamp()) if at else 0.0


def _target(group: str, descriptions: Sequence[Mapping[str, Any]]) -> Target:
    count = {"healthy": 0, "unhealthy": 0, "initial": 0, "draining": 0}
    reason = ""
    for one in descriptions:
        health = one.get("TargetHealth") or {}
        told = str(health.get("State", ""))
        name = _HEALTH.get(told, told)
        count[name] = count.get(name, 0) + 1
        if name == "unhealthy" or told == "unused":
            reason = reason or str(health.get("Description") or health.get("Reason") or "")
    return Target(
        target_group_of(group),
        count["healthy"],
        count["unhealthy"],
        count["initial"],
        count["draining"],
        reason,
    )
