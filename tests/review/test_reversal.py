"""Whether one can go back, and what stands against it."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.review.model import Reversal
from ecs_blocks.review.reversal import story
from tests.review.impact.stage import container, stack, subject, task, web
from tests.review.stacks import body, side

NEW = task(container(Image="repo/hoge:1.8.3"))
RETAIN = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
REVERSIBLE, BY_HAND, IRREVERSIBLE = Reversal


BLUE_GREEN: dict[str, Any] = {"DeploymentConfiguration": {"Strategy": "BLUE_GREEN"}}
INSTANCES = task(RequiresCompatibilities=["EC2"])
FARGATE = task(RequiresCompatibilities=["FARGATE"])
ON_FARGATE: dict[str, Any] = {
    "CapacityProviderStrategy": [{"CapacityProvider": "FARGATE", "Weight": 1}]
}


def table(*, protected: bool) -> dict[str, Any]:
    recovery = {"PointInTimeRecoveryEnabled": protected}
    return {"It": body("DynamoDB::Table", PointInTimeRecoverySpecification=recovery)}


def subscribed(to: str, protocol: str = "email") -> dict[str, Any]:
    return {"It": body("SNS::Subscription", Protocol=protocol, Endpoint=to)}


def expiring(days: int) -> dict[str, Any]:
    rule = {"Status": "Enabled", "ExpirationInDays": days}
    return body("S3::Bucket", LifecycleConfiguration={"Rules": [rule]})


@pytest.mark.parametrize(
    ("before", "after", "reversal", "reasons"),
    [
        (stack(web()), stack(web(), NEW), REVERSIBLE, []),
        (
            stack(web()),
            stack(web(**BLUE_GREEN)),
            BY_HAND,
            [
                "Web: going back is refused as it stands: it is deployed by BLUE_GREEN, and the "
                "template says no strategy any more: ECS keeps the old one, without the second "
                "target group that it needs; write Strategy: ROLLING, with "
                "eb.Rolling(explicit=True)"
            ],
        ),
        (
            stack(web(), INSTANCES),
            stack(web(**ON_FARGATE), FARGATE),
            BY_HAND,
            [
                "Web: going back is refused as it stands: its task is for instances now, and the "
                "template says no capacity provider strategy any more: ECS keeps FARGATE, and "
                "refuses the task; write an empty one, with eb.ClusterDefault(explicit=True)"
            ],
        ),
        (
            # the deploy fails, so nothing is lost
            {"It": body("SQS::Queue")},
            {"It": body("SNS::Topic")},
            REVERSIBLE,
            [],
        ),
        (
            table(protected=True),
            table(protected=False),
            IRREVERSIBLE,
            ["It: the states that it could be restored to do not come back"],
        ),
        (table(protected=False), table(protected=True), REVERSIBLE, []),
        (
            {"It": body("RDS::DBCluster", BackupRetentionPeriod=14)},
            {"It": body("RDS::DBCluster", BackupRetentionPeriod=7)},
            IRREVERSIBLE,
            ["It: backups older than 7 days do not come back"],
        ),
        (
            subscribed("a@example.com"),
            subscribed("b@example.com"),
            BY_HAND,
            ["It is replaced: to go back, a@example.com has to confirm again"],
        ),
        (subscribed("arn:a", "sqs"), subscribed("arn:b", "sqs"), REVERSIBLE, []),
        (
            {"It": body("SQS::Queue")},
            {},
            IRREVERSIBLE,
            ["It is deleted: what was in it does not come back (the messages in it)"],
        ),
        (
            {"It": body("DynamoDB::Table", TableName="a")},
            {"It": body("DynamoDB::Table", TableName="b")},
            IRREVERSIBLE,
            ["It is replaced: what was in it does not come back (all items)"],
        ),
        (
            {"It": {**body("Logs::LogGroup", LogGroupName="/ecs/a"), **RETAIN}},
            {},
            BY_HAND,
            [
                "It: it leaves the stack and stays in the account with the name /ecs/a: import it "
                "to go back"
            ],
        ),
        (
            {"It": {**body("RDS::DBInstance"), "DeletionPolicy": "Snapshot"}},
            {},
            BY_HAND,
            ["It is deleted: restore it from the snapshot to go back"],
        ),
        (
            {"It": body("S3::Bucket")},
            {},
            BY_HAND,
            ["It is deleted: where it is not empty it stays in the account: import it to go back"],
        ),
        (
            {"It": body("KMS::Key")},
            {},
            BY_HAND,
            [
                "It is deleted: to go back, cancel the deletion of the old one in KMS while it "
                "still can be"
            ],
        ),
        (
            {"It": body("EC2::EIP")},
            {},
            IRREVERSIBLE,
            ["It is deleted: its IP address does not come back"],
        ),
        (
            {"It": body("ElasticLoadBalancingV2::LoadBalancer", Scheme="internal")},
            {"It": body("ElasticLoadBalancingV2::LoadBalancer", Scheme="internet-facing")},
            BY_HAND,
            [
                "It is replaced: going back gives yet another DNS name and addresses, not the old "
                "one"
            ],
        ),
        (
            {"It": body("Logs::LogGroup", RetentionInDays=365)},
            {"It": body("Logs::LogGroup", RetentionInDays=30)},
            IRREVERSIBLE,
            ["It: logs older than 30 days do not come back"],
        ),
        (
            {"It": body("Logs::LogGroup", RetentionInDays=30)},
            {"It": body("Logs::LogGroup", RetentionInDays=365)},
            REVERSIBLE,
            [],
        ),
        (
            {"It": expiring(365)},
            {"It": expiring(30)},
            IRREVERSIBLE,
            ["It: objects that its lifecycle rules delete do not come back"],
        ),
        ({"It": expiring(30)}, {"It": expiring(365)}, REVERSIBLE, []),
        (
            {},
            {"It": {**body("Logs::LogGroup", LogGroupName="/ecs/a"), **RETAIN}},
            REVERSIBLE,
            [
                "going back leaves It in the account; deploying this again then fails, for its "
                "name /ecs/a is taken: import it"
            ],
        ),
        (
            {},
            {"It": body("SQS::Queue")},
            REVERSIBLE,
            ["going back deletes It with the messages in it by then"],
        ),
        ({"It": body("CloudWatch::Alarm")}, {}, REVERSIBLE, []),
        (None, stack(web()), REVERSIBLE, []),
        (stack(web()), None, REVERSIBLE, []),
    ],
)
def test_story(
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    reversal: Reversal,
    reasons: list[str],
) -> None:
    found = story(subject(before, after))

    assert (found.reversal, list(found.reasons)) == (reversal, reasons)


def test_a_step_before_the_deploy_is_not_rolled_back() -> None:
    metadata = {"ecs_blocks": {"before_deploy": [{"name": "Migrate", "service": "Web"}]}}
    sides = (side(stack(web(), one), Metadata=metadata) for one in (task(), NEW))
    found = story(subject(*sides))

    assert found.reversal is Reversal.BY_HAND
    assert found.reasons == (
        "the step Migrate runs before the deploy: what it changes, as in a database, is not rolled "
        "back",
    )


def test_blue_green_goes_back_in_seconds() -> None:
    configuration = {"Strategy": "BLUE_GREEN", "BakeTimeInMinutes": 10}
    service = web(DeploymentConfiguration=configuration)
    found = story(subject(stack(service), stack(service, NEW)))

    assert found.reversal is Reversal.REVERSIBLE
    assert found.reasons == (
        "Web: for 10 min after the traffic has moved, the old tasks stand ready: going back takes "
        "seconds",
    )


@pytest.mark.parametrize(
    "more",
    [
        {"Tags": [{"Key": "a", "Value": "b"}]},
        {"HealthCheckGracePeriodSeconds": 60},
        {"EnableECSManagedTags": True},
    ],
)
def test_where_no_task_changes_there_is_no_quick_way_back(more: dict[str, Any]) -> None:
    configuration = {"Strategy": "BLUE_GREEN", "BakeTimeInMinutes": 10}
    old, new = (web(DeploymentConfiguration=configuration, **one) for one in ({}, more))

    assert story(subject(stack(old), stack(new))).reasons == ()


def test_the_first_deployment_by_blue_green_leaves_no_quick_way_back() -> None:
    configuration = {"Strategy": "BLUE_GREEN", "BakeTimeInMinutes": 10}
    found = story(subject(stack(web()), stack(web(DeploymentConfiguration=configuration))))

    assert not any("takes seconds" in one for one in found.reasons)


def test_the_worst_comes_first() -> None:
    before = {"Log": {**body("Logs::LogGroup"), **RETAIN}, "Queue": body("SQS::Queue")}
    found = story(subject(before, {}))

    assert found.reversal is Reversal.IRREVERSIBLE
    assert [one.partition(" ")[0] for one in found.reasons] == ["Queue", "Log:"]
