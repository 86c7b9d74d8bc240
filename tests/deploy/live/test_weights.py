"""Traffic that ECS shifted, and a change of the rule by which it did: told, and refused."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.deploy.errors import DeployError, Exit
from tests.deploy.live.stage import changed, reviewed, sentences, target_of
from tests.deploy.stage import deploy, prepared
from tests.deploy.test_service_deploy import TEMPLATE
from tests.fake_aws import FakeAws, denied

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

ELB: Final = "AWS::ElasticLoadBalancingV2"
LISTENER: Final = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/shared/1/2"


def forward(one: int, two: int) -> list[dict[str, Any]]:
    weights = (("One", one), ("Two", two))
    groups = [{"TargetGroupArn": {"Ref": name}, "Weight": weight} for name, weight in weights]
    return [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]


SHIFTED: Final = copy.deepcopy(TEMPLATE)
"""A service that shifts its traffic by Rule."""
SHIFTED["Resources"] |= {
    "One": {"Type": f"{ELB}::TargetGroup", "Properties": {"Port": 80}},
    "Two": {"Type": f"{ELB}::TargetGroup", "Properties": {"Port": 80}},
    "Rule": {
        "Type": f"{ELB}::ListenerRule",
        "Properties": {
            "ListenerArn": LISTENER,
            "Priority": 5,
            "Conditions": [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a"]}}],
            "Actions": forward(100, 0),
        },
    },
}
SHIFTED["Resources"]["Service"]["Properties"] |= {
    "DeploymentConfiguration": {"Strategy": "BLUE_GREEN"},
    "LoadBalancers": [
        {
            "ContainerName": "app",
            "ContainerPort": 8080,
            "TargetGroupArn": {"Ref": "One"},
            "AdvancedConfiguration": {
                "AlternateTargetGroupArn": {"Ref": "Two"},
                "ProductionListenerRule": {"Ref": "Rule"},
                "RoleArn": "arn:aws:iam::123456789012:role/shift",
            },
        }
    ],
}


def other_path(template: dict[str, Any]) -> None:
    [condition] = template["Resources"]["Rule"]["Properties"]["Conditions"]
    condition["PathPatternConfig"]["Values"] = ["/b"]


OTHER_PATH: Final = changed(other_path, SHIFTED)


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as found:
        found.ecs.cluster()
        deploy(found, prepared("1.8.2", SHIFTED))
        yield found


def shift(fake: FakeAws) -> None:
    """Move the weights, as ECS does with a deployment."""
    [rule] = fake.world.elb.rules.values()
    groups = rule["Actions"][0]["ForwardConfig"]["TargetGroups"]
    for group in groups:
        group["Weight"] = 100 - group["Weight"]


def test_a_new_version_leaves_the_weights_alone(fake: FakeAws) -> None:
    shift(fake)

    assert deploy(fake, prepared("1.8.3", SHIFTED)).code is Exit.DONE
    [rule] = fake.world.elb.rules.values()
    assert [one["Weight"] for one in rule["Actions"][0]["ForwardConfig"]["TargetGroups"]] == [
        0,
        100,
    ]


def test_a_change_of_the_rule_is_refused_before_anything_changes(fake: FakeAws) -> None:
    shift(fake)
    fake.calls.clear()

    with pytest.raises(DeployError) as refused:
        deploy(fake, prepared("1.8.2", OTHER_PATH))

    assert refused.value.code is Exit.REJECTED
    assert "Rule: this deploy changes it, and so writes its weights again" in str(refused.value)
    assert "CreateChangeSet" not in fake.operations


def test_once_the_tasks_are_in_the_first_target_group_it_goes_through(fake: FakeAws) -> None:
    shift(fake)
    shift(fake)

    assert deploy(fake, prepared("1.8.2", OTHER_PATH)).code is Exit.DONE


def test_a_review_against_what_runs_says_the_same(fake: FakeAws, tmp_path: Path) -> None:
    target = target_of("1.8.2", OTHER_PATH)
    stays = [one for one in sentences(reviewed(fake, target, tmp_path)) if "weights" in one]
    shift(fake)
    moved = [one for one in sentences(reviewed(fake, target, tmp_path)) if "weights" in one]

    assert stays == [
        "calm: Rule: this deploy writes its weights as they are: requests stay where the tasks "
        "of Service are"
    ]
    assert moved == [
        "approval: the deploy would be refused: Rule: this deploy changes it, and so writes its "
        "weights again: all to One; now it is all to Two, where the tasks of Service are: "
        "requests would go to a target group without tasks"
    ]


def test_weights_that_may_not_be_read_stay_an_open_question(fake: FakeAws, tmp_path: Path) -> None:
    fake.fault("DescribeRules", denied, times=None)

    review = reviewed(fake, target_of("1.8.2", OTHER_PATH), tmp_path)

    assert any("as in the template, One 100 and Two 0" in one for one in sentences(review))
    assert any("which target group has the tasks of Service" in one for one in review.unknowns)
