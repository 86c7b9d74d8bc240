"""What ECS, CloudWatch Logs and the load balancer know, as a test sets it up and changes it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from ecs_blocks.deploy.clock import Clock
from tests.deploy.ecs.tasks import BEGUN, CLUSTER, GROUP, SERVICE, definition, ecs_arn, revision_arn

if TYPE_CHECKING:
    from collections.abc import Callable


class Refusal(Exception):  # noqa: N818 - AWS refuses
    """An error of AWS: its code, its words, its status; ``raw`` is what something else answers."""

    def __init__(
        self, code: str, message: str = "", status: int = 400, raw: str | None = None
    ) -> None:
        super().__init__(code)
        self.raw = raw
        self.code = code
        self.message = message
        self.status = status


DENIED = Refusal("AccessDeniedException", "User: x is not authorized to perform: this")
THROTTLED = Refusal("ThrottlingException", "Rate exceeded")
BROKEN = Refusal("ServerException", "", 500)
PROXY = Refusal("", status=200, raw="<html><body>Please log in</body></html>")
EMPTY = Refusal("", status=500, raw="")


class VirtualClock(Clock):
    """Time that passes only when somebody sleeps; what was planned for it happens then."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._plan: list[tuple[float, Callable[[], None]]] = []

    def begin(self) -> None:
        """Forget the plans of the test before; an hour later, whoever rests is awake again."""
        self._plan.clear()
        self._seconds += 3600

    def now_s(self) -> float:
        return self._seconds

    def sleep(self, seconds: float) -> None:
        self._seconds += seconds
        while self._plan and self._plan[0][0] <= self._seconds:
            self._plan.pop(0)[1]()

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Let *act* happen in so many seconds."""
        self._plan.append((self._seconds + seconds, act))
        self._plan.sort(key=lambda one: one[0])


def time(at_s: float) -> dt.datetime:
    return BEGUN + dt.timedelta(seconds=at_s)


def deployment(number: int, running: int, desired: int = 2, **more: Any) -> dict[str, Any]:
    """A deployment of the revision *number*; its id is ``ecs-svc/`` and that number."""
    return {
        "id": f"ecs-svc/{number}",
        "status": "PRIMARY",
        "taskDefinition": revision_arn(number),
        "desiredCount": desired,
        "runningCount": running,
        "pendingCount": 0,
        "failedTasks": 0,
        "createdAt": time(0),
        "rolloutState": "IN_PROGRESS",
        **more,
    }


OLD: dict[str, Any] = {"status": "ACTIVE", "rolloutState": "COMPLETED", "createdAt": time(-9000)}


def service(*deployments: dict[str, Any], **more: Any) -> dict[str, Any]:
    running = sum(one["runningCount"] for one in deployments)
    return {
        "serviceArn": SERVICE,
        "serviceName": "hoge",
        "clusterArn": CLUSTER,
        "status": "ACTIVE",
        "desiredCount": 2,
        "runningCount": running,
        "pendingCount": 0,
        "deploymentController": {"type": "ECS"},
        "deployments": list(deployments),
        "loadBalancers": [{"targetGroupArn": GROUP, "containerName": "app", "containerPort": 8080}],
        "events": [],
        **more,
    }


def rollout(number: int, status: str = "IN_PROGRESS", **more: Any) -> dict[str, Any]:
    """A service deployment of the revision *number*; breaker limit 10."""
    return {
        "serviceDeploymentArn": ecs_arn(f"service-deployment/default/hoge/d{number}"),
        "serviceArn": SERVICE,
        "status": status,
        "createdAt": time(number - 42),
        "targetServiceRevision": {
            "arn": ecs_arn(f"service-revision/default/hoge/{number}"),
            "requestedTaskCount": 2,
            "runningTaskCount": 0,
            "pendingTaskCount": 0,
        },
        "deploymentCircuitBreaker": {"status": "MONITORING", "failureCount": 0, "threshold": 10},
        **more,
    }


def event(message: str, at_s: float = 1) -> dict[str, Any]:
    return {"id": f"{at_s}{len(message)}", "createdAt": time(at_s), "message": message}


class World:
    """The state, and what goes wrong: ``refuse[operation]`` is raised each time or once each."""

    def __init__(self) -> None:
        self.service: dict[str, Any] | None = service(deployment(42, 0), deployment(41, 2, **OLD))
        self.rollouts: list[dict[str, Any]] | None = None
        self.tasks: list[dict[str, Any]] = []
        self.other_arns: list[str] = []
        self.settings: dict[str, dict[str, Any]] = {}
        """Of a service revision, by its number: what else it says."""
        self.definitions = {revision_arn(n): definition(number=n) for n in (41, 42, 43)}
        self.health: dict[str, list[tuple[str, str]]] = {GROUP: [("healthy", "")] * 2}
        self.logs: dict[str, list[str]] = {}
        self.empty_pages = 0
        self.refuse: dict[str, Refusal | list[Refusal]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def count(self, operation: str) -> int:
        return sum(name == operation for name, _ in self.calls)

    def answer(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        self.calls.append((operation, asked))
        refusal = self.refuse.get(operation)
        if isinstance(refusal, list):
            refusal = refusal.pop(0) if refusal else None
        if refusal:
            raise refusal
        act: Callable[[dict[str, Any]], dict[str, Any]] = getattr(self, f"_{operation}")
        return act(asked)

    def _DescribeServices(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's
        if self.service is None:
            return {
                "services": [],
                "failures": [{"arn": asked["services"][0], "reason": "MISSING"}],
            }
        return {"services": [self.service], "failures": []}

    def _ListServiceDeployments(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        assert asked["service"] == SERVICE
        if self.rollouts is None:
            raise Refusal("UnsupportedFeatureException")
        keys = ("serviceDeploymentArn", "serviceArn", "status", "createdAt")
        return {
            "serviceDeployments": [
                {
                    **{key: one[key] for key in keys},
                    "targetServiceRevisionArn": one["targetServiceRevision"]["arn"],
                }
                for one in self.rollouts
            ]
        }

    def _DescribeServiceDeployments(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        wanted = asked["serviceDeploymentArns"]
        found = [one for one in self.rollouts or () if one["serviceDeploymentArn"] in wanted]
        return {"serviceDeployments": found, "failures": []}

    def _DescribeServiceRevisions(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {
            "serviceRevisions": [
                {
                    "serviceRevisionArn": arn,
                    "taskDefinition": revision_arn(int(arn.rpartition("/")[2])),
                    "containerImages": [{"containerName": "app", "image": "hoge:1.8.3@sha256:9c"}],
                    **self.settings.get(arn.rpartition("/")[2], {}),
                }
                for arn in asked["serviceRevisionArns"]
            ]
        }

    def _ListTasks(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        assert asked["desiredStatus"] == "STOPPED"
        if self.service is None and "serviceName" in asked:
            raise Refusal("ServiceNotFoundException")
        arns = [one["taskArn"] for one in self.tasks] + self.other_arns
        first = int(asked.get("nextToken", "0"))
        more = {"nextToken": str(first + 100)} if len(arns) > first + 100 else {}
        return {"taskArns": arns[first : first + 100], **more}

    def _DescribeTasks(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        known = {one["taskArn"]: one for one in self.tasks}
        wanted = asked["tasks"]
        assert len(wanted) <= 100
        gone = [{"arn": arn, "reason": "MISSING"} for arn in wanted if arn not in known]
        return {"tasks": [known[arn] for arn in wanted if arn in known], "failures": gone}

    def _DescribeTaskDefinition(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"taskDefinition": self.definitions[asked["taskDefinition"]]}

    def _DescribeTargetHealth(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"targets": self.health.get(asked["TargetGroupArn"], [])}

    def _GetLogEvents(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        stream = f"{asked['logGroupName']}:{asked['logStreamName']}"
        if stream not in self.logs:
            raise Refusal("ResourceNotFoundException", "The specified log stream does not exist.")
        assert asked["startFromHead"] is False
        page = int(asked.get("nextToken", "b/0")[2:])
        lines = self.logs[stream][-asked["limit"] :] if page >= self.empty_pages else []
        events = [{"timestamp": n, "message": line} for n, line in enumerate(lines)]
        return {"events": events, "nextBackwardToken": f"b/{page + 1}", "nextForwardToken": "f/1"}
