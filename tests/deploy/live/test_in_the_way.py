"""What would refuse a deploy, or let it fail; and who else works on the stack."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.deploy.live.blocking import blocked, noticed
from ecs_blocks.environment.deploy_settings import DeploySettings
from tests.deploy.live.stage import (
    SCALED,
    SECRET,
    changed,
    fixed,
    renamed,
    reviewed,
    sentences,
    target_of,
)
from tests.deploy.stage import STACK, deploy, prepared

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fake_aws import FakeAws

pytestmark = pytest.mark.slow


LISTENER: Final = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/shared/1/2"


def shared(template: dict[str, Any]) -> None:
    template["Resources"]["Rule"] = {
        "Type": "AWS::ElasticLoadBalancingV2::ListenerRule",
        "Properties": {"ListenerArn": LISTENER, "Priority": 100, "Actions": [], "Conditions": []},
    }


@pytest.mark.parametrize(
    ("limits", "limit"), [([], 100), ([("90", "x")], 100), ([("120", "")], 120)]
)
def test_the_room_on_a_shared_listener(
    fake: FakeAws, tmp_path: Path, limits: list[tuple[str, str]], limit: int
) -> None:
    """By the account's own quota; an answer that is no number is none."""
    told = [
        {"Name": f"rules-per-application-load-balancer{end}", "Max": most} for most, end in limits
    ]
    rules = [{"RuleArn": f"{n}", "Priority": f"{n}", "IsDefault": n == 0} for n in range(61)]
    fake.canned("elbv2", "DescribeAccountLimits", {"Limits": told})
    fake.canned("elbv2", "DescribeRules", {"Rules": rules})

    review = reviewed(fake, target_of("1.8.2", changed(shared)), tmp_path)

    [found] = [one for one in review.headroom if "shared listener" in one.name]
    assert (found.name, found.before, found.used, found.limit) == (
        "rules of the shared listener app/shared/1/2",
        60,
        61,
        limit,
    )


def reader() -> dict[str, Any]:
    """A stack that imports what hoge exports."""
    value = {"Fn::ImportValue": f"{STACK}-log"}
    return {"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": value}}}}


def test_who_imports_an_export_stops_its_change(fake: FakeAws, tmp_path: Path) -> None:
    target = target_of("1.8.2", changed(renamed))
    alone = sentences(reviewed(fake, target, tmp_path))
    fake.deployed("reader", reader())

    assert alone == ["calm: the export of Log is renamed; no stack imports it"]
    assert sentences(reviewed(fake, target, tmp_path)) == [
        "approval: the export of Log is renamed: the deploy fails, for reader imports it"
    ]


def policy(folder: Path, text: str) -> DeploySettings:
    file = folder / "policy.json"
    file.write_text(text, encoding="utf-8")
    return DeploySettings(stack_policy=str(file))


def test_the_stack_policy_is_judged_here(fake: FakeAws, tmp_path: Path) -> None:
    text = (
        '{"Statement": [{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": '
        '"*"}, {"Effect": "Deny", "Action": "Update:Modify", "Principal": "*", "Resource": '
        '"LogicalResourceId/Service"}]}'
    )
    target = target_of("1.8.3", settings=policy(tmp_path, text))

    review = reviewed(fake, target, tmp_path)

    assert sentences(review)[0] == (
        "approval: the stack policy denies it: Service (AWS::ECS::Service): Update:Modify is "
        "denied by statement 2"
    )
    assert any(one.startswith("the deploy sets stack policy: none") for one in review.facts)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("UPDATE_ROLLBACK_FAILED", "approval: the deploy would be refused: hoge-prod is UPDATE_"),
        ("UPDATE_IN_PROGRESS", "notice: an operation runs on hoge-prod: it is UPDATE_IN_PROGRESS"),
        (
            "DELETE_IN_PROGRESS",
            "approval: hoge-prod is being deleted: a deploy waits for that",
        ),
        ("ROLLBACK_COMPLETE", "notice: hoge-prod is ROLLBACK_COMPLETE: an earlier creation failed"),
    ],
)
def test_a_stack_that_is_not_at_rest(fake: FakeAws, tmp_path: Path, status: str, said: str) -> None:
    fake.stack(STACK).force_status(status)

    found = sentences(reviewed(fake, target_of("1.8.3"), tmp_path))

    assert any(one.startswith(said) for one in found), found


def test_somebody_elses_change_set_is_told(fake: FakeAws, tmp_path: Path) -> None:
    fake.aws().client("cloudformation").create_change_set(
        StackName=STACK,
        ChangeSetName="by-hand",
        Description="more memory",
        TemplateBody=target_of("x", changed(fixed)).text,
        Parameters=[{"ParameterKey": "Name", "ParameterValue": "x"}],
    )
    fake.clock.advance(7200)

    assert (
        "notice: somebody else's change set is open: by-hand 2 h ago: more memory"
    ) in sentences(reviewed(fake, target_of("1.8.3"), tmp_path))


def test_a_last_operation_that_went_back_says_why(fake: FakeAws, tmp_path: Path) -> None:
    fake.script.tasks_fail(1)
    deploy(fake, prepared("1.8.3", SCALED))

    review = reviewed(fake, target_of("1.8.4"), tmp_path)

    [told] = [one for one in review.consequences if "last operation" in one.text]
    assert told.text.endswith("ended as UPDATE_ROLLBACK_COMPLETE")
    assert told.details[0].startswith("because: Service: UPDATE_FAILED: ")


def with_secret(template: dict[str, Any]) -> None:
    [container] = template["Resources"]["Task"]["Properties"]["ContainerDefinitions"]
    container["Secrets"] = [{"Name": "DB_PASSWORD", "ValueFrom": SECRET}]


@pytest.mark.parametrize(("age_s", "is_told"), [(600, True), (7200, False)])
def test_a_secret_that_changed_since_the_last_deploy(
    fake: FakeAws, tmp_path: Path, age_s: int, *, is_told: bool
) -> None:
    at = fake.clock.aws_time() - dt.timedelta(seconds=age_s)
    fake.canned(
        "secretsmanager",
        "DescribeSecret",
        {
            "ARN": SECRET,
            "Name": "hoge",
            "VersionIdsToStages": {"1": ["AWSCURRENT"]},
            "LastChangedDate": at.timestamp(),
        },
    )

    found = sentences(reviewed(fake, target_of("1.8.3", changed(with_secret)), tmp_path))

    assert any("its secret was changed 10 min ago" in one for one in found) is is_told


def test_a_secret_that_is_missing_would_stop_it(fake: FakeAws, tmp_path: Path) -> None:
    review = reviewed(fake, target_of("1.8.3", changed(with_secret)), tmp_path)

    assert sentences(review)[0] == (
        f"approval: the deploy would be refused: DB_PASSWORD: {SECRET}: there is no such secret; "
        "no task would start"
    )
    assert review.headline.startswith("the deploy would be refused")


def test_each_command_of_a_hint_is_a_line_of_its_own() -> None:
    hint = "deploy cluster first: …\nsay which: …"

    assert blocked("it", hint, "").details == ("deploy cluster first: …", "say which: …")
    assert noticed("it", hint).details == ("deploy cluster first: …", "say which: …")
