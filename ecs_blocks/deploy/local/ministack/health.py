"""Health checks of target groups, done: MiniStack says that every target is healthy.

With Docker, each target is asked as its group says. A deployment is complete when its tasks are
healthy, as ECS has it, and a task that is not after the grace period is stopped and counts as
failed. How often is simpler than in AWS: every half second, and one answer is enough.
"""

# ruff: noqa: SLF001 - MiniStack is extended from inside
# MiniStack is not there where types are checked.
# mypy: disable-error-code="import-not-found,no-any-return"

from __future__ import annotations

import http.client
import threading
import time
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from ministack.core.responses import request_scope
from ministack.services import alb, ecs

from ecs_blocks.deploy.local.ministack.containers import HOST, published

if TYPE_CHECKING:
    from collections.abc import Iterator

INTERVAL_S: Final = 0.5
FIRST_S: Final = 5
"""How long a new target counts as starting rather than unhealthy."""

_record_healthy: Final = ecs._record_service_task_healthy
_failing: Final[dict[tuple[str, str, int], str]] = {}
"""What is wrong with a target, by group, address and port; empty for one that is healthy."""


def install() -> None:
    """Check, and let what MiniStack says and does depend on it."""
    alb._describe_target_health = _describe
    ecs._record_service_task_healthy = _after_start
    threading.Thread(target=_check_all, daemon=True).start()


def _check_all() -> None:
    while True:
        time.sleep(INTERVAL_S)
        for (account, region, key), service in ecs._services.all_items():
            if service["status"] == "ACTIVE" and service.get("loadBalancers") and published:
                with request_scope(account, region):
                    _check(key, service)


def _check(key: str, service: Any) -> None:
    cluster = key.partition("/")[0]
    for task, group, address, port in _targets(service):
        wrong = _asked(alb._tgs[group], published[address, port])
        _failing[group, address, port] = wrong
        if not wrong and not task.get("_startup_stable"):
            _record_healthy(key, task)
        elif wrong and _age_s(task) > float(
            service.get("healthCheckGracePeriodSeconds") or FIRST_S
        ):
            reason = f"Task failed ELB health checks in (target-group {group})"
            if ecs._mark_task_stopped(task["taskArn"], task, reason, "ServiceSchedulerInitiated"):
                ecs._cleanup_task_resources(task, ecs._get_docker())
                ecs._record_service_task_failure(task)
    ecs._complete_service_deployment(cluster, key)


def _targets(service: Any) -> Iterator[tuple[Any, str, str, int]]:
    """Each running task of *service* that has a container, with its place in a target group."""
    for balancer in service.get("loadBalancers", []):
        group, port = balancer.get("targetGroupArn", ""), int(balancer.get("containerPort", 80))
        for task in list(ecs._tasks.values()):
            address = ecs._task_ip(task) or ""
            if (
                task.get("group") == f"service:{service['serviceName']}"
                and task.get("clusterArn") == service["clusterArn"]
                and task.get("lastStatus") == "RUNNING"
                and (address, port) in published
                and group in alb._tgs
            ):
                yield task, group, address, port


def _after_start(key: str, task: Any) -> None:
    """MiniStack counts a task as healthy when it has run for a second; a target has to answer."""
    service = ecs._services.get(key)
    if service and not any(own is task for own, *_ in _targets(service)):
        _record_healthy(key, task)


def _age_s(task: Any) -> float:
    return time.time() - float(ecs._ts_to_epoch(task.get("startedAt")) or time.time())


def _asked(group: Any, port: int) -> str:
    """What is wrong with a target, in AWS's words, or nothing."""
    timeout_s = float(group.get("HealthCheckTimeoutSeconds") or 5)
    connection = http.client.HTTPConnection(HOST, port, timeout=timeout_s)
    try:
        if group.get("HealthCheckProtocol", "HTTP") != "HTTP":  # that it listens has to do
            connection.connect()
            return ""
        connection.request("GET", group.get("HealthCheckPath") or "/")
        status = connection.getresponse().status
    except TimeoutError:
        return "Request timed out"
    except (OSError, http.client.HTTPException):
        return "Health checks failed"
    finally:
        connection.close()
    if _matches(status, str((group.get("Matcher") or {}).get("HttpCode") or "200")):
        return ""
    return f"Health checks failed with these codes: [{status}]"


def _matches(status: int, matcher: str) -> bool:
    for part in matcher.split(","):
        first, _, last = part.strip().partition("-")
        if int(first) <= status <= int(last or first):
            return True
    return False


def _describe(parameters: Any) -> Any:
    group = alb._p(parameters, "TargetGroupArn")
    if group not in alb._tgs:
        return alb._error("TargetGroupNotFound", f"Target group '{group}' not found.")
    wanted = {target["Id"] for target in alb._parse_targets_param(parameters)}
    members = []
    for target in alb._targets.get(group, []):
        port = int(target.get("Port") or alb._tgs[group].get("Port") or 80)
        if not wanted or target["Id"] in wanted:
            place = f"<Target><Id>{target['Id']}</Id><Port>{port}</Port></Target>"
            health = _health(group, str(target["Id"]), port)
            members.append(f"<member>{place}<TargetHealth>{health}</TargetHealth></member>")
    described = f"<TargetHealthDescriptions>{''.join(members)}</TargetHealthDescriptions>"
    return alb._xml(200, "DescribeTargetHealth", described)


def _health(group: str, address: str, port: int) -> str:
    wrong = _failing.get((group, address, port))
    if (address, port) not in published or wrong == "":
        return "<State>healthy</State>"
    if wrong is None:
        return "<State>initial</State><Reason>Elb.InitialHealthChecking</Reason>"
    reason = "Target.Timeout" if "timed out" in wrong else "Target.FailedHealthChecks"
    if "codes" in wrong:
        reason = "Target.ResponseCodeMismatch"
    return (
        f"<State>unhealthy</State><Reason>{reason}</Reason>"
        f"<Description>{escape(wrong)}</Description>"
    )
