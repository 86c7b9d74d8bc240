"""Whether Fargate has room for the deploy: by the account's quota, and CloudWatch's figure."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.deploy.live.stage import SCALED, changed, reviewed, service, target_of
from tests.deploy.stage import deploy, prepared
from tests.fake_aws import FakeAws, denied

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ecs_blocks.review.model import StackReview

pytestmark = pytest.mark.slow

ON_DEMAND: Final = "L-3032A538"
ROW: Final = "vCPU of Fargate On-Demand in the Region, while it rolls"


def on_fargate(template: dict[str, Any]) -> None:
    template["Resources"]["Task"]["Properties"] |= {
        "RequiresCompatibilities": ["FARGATE"],
        "Cpu": "1024",
        "Memory": "2048",
    }
    template["Resources"]["Service"]["Properties"]["LaunchType"] = "FARGATE"


def blue_green(template: dict[str, Any]) -> None:
    on_fargate(template)
    configuration = {"Strategy": "BLUE_GREEN"}
    template["Resources"]["Service"]["Properties"]["DeploymentConfiguration"] = configuration


def two(template: dict[str, Any]) -> None:
    on_fargate(template)
    template["Resources"]["Service"]["Properties"]["DesiredCount"] = 2


TEMPLATE: Final = changed(on_fargate)


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    """Two tasks of one vCPU run."""
    with FakeAws() as found:
        found.ecs.cluster()
        deploy(found, prepared("1.8.2", TEMPLATE))
        found.ecs.scale(service(found), 2)
        found.clock.advance(3600)
        found.calls.clear()
        yield found


def account(fake: FakeAws, limit: float, *used: float) -> None:
    """A quota, and what was used in the last minutes, the newest last."""
    quota = {"QuotaCode": ON_DEMAND, "ServiceCode": "fargate", "Value": limit}
    now = fake.clock.aws_time()
    points = [
        {"Timestamp": (now - dt.timedelta(minutes=age)).timestamp(), "Maximum": one}
        for age, one in enumerate(reversed(used), 1)
    ]
    fake.canned("service-quotas", "GetServiceQuota", {"Quota": quota})
    fake.canned("cloudwatch", "GetMetricStatistics", {"Label": "x", "Datapoints": points})


def rows(review: StackReview) -> list[tuple[int, int, int]]:
    return [(one.before, one.used, one.limit) for one in review.headroom if one.name == ROW]


def told(review: StackReview) -> list[str]:
    return [
        f"{one.weight}: {one.text}; {one.details[0]}"
        for one in review.consequences
        if "has no room" in one.text
    ]


def test_the_room_is_a_row_and_no_consequence_where_it_does(fake: FakeAws, tmp_path: Path) -> None:
    """Two more vCPU beside those that run; what is used is the newest figure, rounded up."""
    account(fake, 64, 60, 17.25)

    review = reviewed(fake, target_of("1.8.3", TEMPLATE), tmp_path)

    assert rows(review) == [(18, 20, 64)]
    assert told(review) == []


FULL: Final = (
    "Fargate On-Demand has no room for all of it: {} of 6 vCPU are used, and Service would take 2 "
    "more"
)
SLOWER: Final = "the tasks are exchanged a few at a time, which takes longer"
STUCK: Final = "new tasks cannot start, and the deploy waits for them"


@pytest.mark.parametrize(
    ("template", "used", "expected"),
    [
        (TEMPLATE, 4, []),
        # one task at a time
        (TEMPLATE, 5, [f"notice: {FULL.format(5)}; {SLOWER}"]),
        (TEMPLATE, 5.5, [f"approval: {FULL.format(5.5)}; {STUCK}"]),
        # all new tasks have to run before one old one stops
        (changed(blue_green), 5, [f"approval: {FULL.format(5)}; {STUCK}"]),
    ],
)
def test_a_deploy_that_does_not_fit(
    fake: FakeAws, tmp_path: Path, template: Any, used: float, expected: list[str]
) -> None:
    account(fake, 6, used)

    assert told(reviewed(fake, target_of("1.8.3", template), tmp_path)) == expected


def test_the_first_deploy_in_a_new_account(tmp_path: Path) -> None:
    """CloudWatch has no figure, and a new account may have a very small quota."""
    with FakeAws() as fake:
        fake.ecs.cluster()
        account(fake, 1)
        review = reviewed(fake, target_of("1.8.2", changed(two)), tmp_path)

    assert rows(review) == []
    assert told(review) == [
        "approval: Fargate On-Demand has no room for all of it: the quota is 1 vCPU, and Service "
        f"would take 2 more; {STUCK}"
    ]
    assert (
        "how many vCPU Fargate On-Demand takes now: CloudWatch has no figure of it"
        in review.unknowns
    )


@pytest.mark.parametrize(
    ("operation", "unknown"),
    [
        (
            "GetServiceQuota",
            "how many vCPU Fargate On-Demand may take: the permission "
            "servicequotas:GetServiceQuota is missing",
        ),
        (
            "GetMetricStatistics",
            "how many vCPU Fargate On-Demand takes now: the permission "
            "cloudwatch:GetMetricStatistics is missing",
        ),
    ],
)
def test_what_may_not_be_read_is_unknown(
    fake: FakeAws, tmp_path: Path, operation: str, unknown: str
) -> None:
    account(fake, 6, 5)
    fake.fault(operation, denied, times=None)

    review = reviewed(fake, target_of("1.8.3", TEMPLATE), tmp_path)

    assert unknown in review.unknowns
    assert (rows(review), told(review)) == ([], [])


def test_what_is_asked_for_is_the_account_s_usage(fake: FakeAws, tmp_path: Path) -> None:
    account(fake, 6, 1)

    reviewed(fake, target_of("1.8.3", TEMPLATE), tmp_path)

    [quota], [asked] = fake.asked("GetServiceQuota"), fake.asked("GetMetricStatistics")
    dimensions = {one["Name"]: one["Value"] for one in asked["Dimensions"]}
    assert quota == {"ServiceCode": "fargate", "QuotaCode": ON_DEMAND}
    assert (asked["Namespace"], asked["MetricName"]) == ("AWS/Usage", "ResourceCount")
    assert dimensions == {
        "Service": "Fargate",
        "Type": "Resource",
        "Resource": "vCPU",
        "Class": "Standard/OnDemand",
    }


@pytest.mark.parametrize(("name", "template"), [("1.8.2", TEMPLATE), ("1.8.3", SCALED)])
def test_nothing_is_asked_where_nothing_more_runs_on_fargate(
    fake: FakeAws, tmp_path: Path, name: str, template: Any
) -> None:
    reviewed(fake, target_of(name, template), tmp_path)

    assert fake.asked("GetServiceQuota") == []
