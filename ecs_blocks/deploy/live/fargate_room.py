"""Whether Fargate has room for what a deploy takes in addition while it rolls.

Sources: AWS General Reference, AWS Fargate endpoints and quotas; Amazon ECS Developer Guide, "AWS
Fargate usage metrics" (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/
monitoring-fargate-usage.html). Both are of the account in one Region.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Final

from ecs_blocks.deploy.live.asking import Told, Unknown, unknown
from ecs_blocks.deploy.live.blocking import blocked, noticed
from ecs_blocks.deploy.preflight.ask import ask
from ecs_blocks.deploy.preflight.finding import Gap
from ecs_blocks.review.impact.fargate_peak import ON_DEMAND, SPOT, more_on_fargate
from ecs_blocks.review.impact.phrases import figure, listed
from ecs_blocks.review.impact.subject import subject_of
from ecs_blocks.review.model import Headroom

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.review.impact.fargate_peak import More
    from ecs_blocks.review.model import ResourceChange
    from ecs_blocks.review.side import Pair

_QUOTAS: Final = {ON_DEMAND: "L-3032A538", SPOT: "L-36FBB829"}
_CLASSES: Final = {ON_DEMAND: "Standard/OnDemand", SPOT: "Standard/Spot"}
_WORDS: Final = {ON_DEMAND: "Fargate On-Demand", SPOT: "Fargate Spot"}
_LOOKS_BACK: Final = dt.timedelta(minutes=15)
_PERIOD_S: Final = 60
_SOURCE: Final = "https://docs.aws.amazon.com/general/latest/gr/ecs-service.html"
_HINT: Final = "ask for more: the console's Service Quotas, AWS Fargate"


def fargate_room(
    aws: Aws, pair: Pair, changes: Iterable[ResourceChange], now: dt.datetime
) -> Iterator[Headroom | Told]:
    """How much of each quota is used at the peak of the deploy, and what is said where it is full.

    *pair* tells how many tasks run; *changes* are those between its sides.

    Raises:
        DeployError: the credentials are over.
    """
    found = list(more_on_fargate(subject_of(pair, changes)))
    for one in found:
        if one.unknown:
            yield Unknown(f"whether Fargate has room for {one.logical_id}: {one.unknown}")
    for provider, words in _WORDS.items():
        mine = [one for one in found if one.provider == provider and one.vcpu]
        if not mine:
            continue
        limit, used = _quota(aws, provider), _used(aws, provider, now)
        if isinstance(limit, Gap):
            yield unknown(f"how many vCPU {words} may take", limit)
        elif isinstance(used, Gap):
            yield unknown(f"how many vCPU {words} takes now", used)
            yield from _judged(words, mine, limit, None)
        else:
            more = sum(one.vcpu for one in mine)
            yield Headroom(
                name=f"vCPU of {words} in the Region, while it rolls",
                used=math.ceil(used + more),
                limit=math.floor(limit),
                before=math.ceil(used),
                source=_SOURCE,
            )
            yield from _judged(words, mine, limit, used)


def _judged(words: str, mine: list[More], limit: float, used: float | None) -> Iterator[Told]:
    """What is said where *limit* does not do; where it is not known what is *used*, for it all."""
    more = sum(one.vcpu for one in mine)
    if (used or 0) + more <= limit:
        return
    there = f"the quota is {figure(limit)} vCPU"
    if used is not None:
        there = f"{figure(used)} of {figure(limit)} vCPU are used"
    names = listed(one.logical_id for one in mine)
    text = f"{words} has no room for all of it: {there}, and {names} would take {figure(more)} more"
    room = limit - (used or 0)
    if sum(one.needed for one in mine) > room or any(one.step > room for one in mine):
        yield blocked(text, "new tasks cannot start, and the deploy waits for them", _HINT)
    else:
        yield noticed(text, "the tasks are exchanged a few at a time, which takes longer", _HINT)


def _quota(aws: Aws, provider: str) -> float | Gap:
    answer = ask(
        "servicequotas:GetServiceQuota",
        aws.client("service-quotas").get_service_quota,
        ServiceCode="fargate",
        QuotaCode=_QUOTAS[provider],
    )
    if isinstance(answer, Gap):
        return answer
    value = answer.get("Quota", {}).get("Value")
    return Gap("Service Quotas gives no number") if value is None else float(value)


def _used(aws: Aws, provider: str, now: dt.datetime) -> float | Gap:
    """What runs now, of the whole account, by CloudWatch's last figure."""
    dimensions = {
        "Service": "Fargate",
        "Type": "Resource",
        "Resource": "vCPU",
        "Class": _CLASSES[provider],
    }
    answer = ask(
        "cloudwatch:GetMetricStatistics",
        aws.client("cloudwatch").get_metric_statistics,
        Namespace="AWS/Usage",
        MetricName="ResourceCount",
        Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
        StartTime=now - _LOOKS_BACK,
        EndTime=now,
        Period=_PERIOD_S,
        Statistics=["Maximum"],
    )
    if isinstance(answer, Gap):
        return answer
    points = sorted(answer.get("Datapoints", ()), key=lambda one: one["Timestamp"])
    return float(points[-1]["Maximum"]) if points else Gap("CloudWatch has no figure of it")
