"""Whoever opens a shell in a production container should leave a trace.

ECS Exec writes what was typed and what came back only where the cluster says so. ``Logging:
DEFAULT``, which is also what holds when nothing is written, sends it to the log of the container,
between the lines of the application, and to nowhere where the container has no awslogs driver.
``NONE`` keeps nothing.

Set ``Configuration.ExecuteCommandConfiguration`` to ``Logging: OVERRIDE`` with a
``LogConfiguration`` that names a log group or a bucket of its own. Do it even where no service has
exec turned on today: it is turned on in an incident, when nobody thinks of this.

Source: Amazon ECS API Reference, ExecuteCommandConfiguration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template

if TYPE_CHECKING:
    from collections.abc import Iterator

_BASE: Final = "Configuration.ExecuteCommandConfiguration"
_DESTINATIONS: Final = ("CloudWatchLogGroupName", "S3BucketName")


def _judge(cluster: Resource, _template: Template) -> Iterator[Fault]:
    if not cluster.get(_BASE):
        yield Fault(_BASE, "sessions of ECS Exec have no log of their own")
        return
    logging = cluster.get(f"{_BASE}.Logging", "DEFAULT")
    if logging != "OVERRIDE":
        yield Fault(f"{_BASE}.Logging", f"{logging} gives ECS Exec sessions no log of their own")
        return
    destination = f"{_BASE}.LogConfiguration"
    if not any(cluster.raw(f"{destination}.{key}") for key in _DESTINATIONS):
        yield Fault(destination, "OVERRIDE names neither a log group nor a bucket")


CHECK = Check(
    id="EB103",
    title="ECS Exec sessions are not logged",
    types=("AWS::ECS::Cluster",),
    severity=Severity.WARNING,
    fix="set ExecuteCommandConfiguration to Logging: OVERRIDE with a log group or bucket",
    judge=_judge,
)
