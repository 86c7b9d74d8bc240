"""A metric exists only with the dimensions that it is published with, all of them and no more.

``HTTPCode_ELB_5XX_Count`` is counted by the load balancer and knows no target group;
``HealthyHostCount`` has both, and none for the target group alone; ``RunningTaskCount`` exists per
service and not per cluster. With another combination CloudWatch finds no data, and the alarm
stays silent.

Use one of the combinations in the message.

Source: CloudWatch User Guide, "Supported metrics for resource tags for telemetry"; the lists of
metrics in the user guides of the services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.facts.metric_names import METRICS
from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.metrics_used import USERS, dimensions_of, metrics_used
from ecs_blocks.checks.views.parts import Part, each, text

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(user: Resource, _template: Template) -> Iterator[Fault]:
    yield from each(metrics_used(user), _metric)


def _metric(metric: Part) -> Iterator[Fault]:
    if metric.raw("MetricName") is None:
        return
    name = text(metric.get("MetricName"))
    known = METRICS.get(text(metric.get("Namespace")), {}).get(name, frozenset())
    given = frozenset(one for one, _, _ in dimensions_of(metric))
    if known and given not in known:
        options = sorted((", ".join(sorted(one)) for one in known), key=len)
        said = ", ".join(sorted(given)) or "no dimensions"
        yield Fault(
            metric.at("Dimensions"),
            f"{name} is not published for {said}; it is for: {' | '.join(options)}",
        )


CHECK = Check(
    id="EB704",
    title="metric does not exist with these dimensions",
    types=USERS,
    severity=Severity.WARNING,
    fix="give exactly the dimensions that the metric is published with",
    judge=_judge,
)
