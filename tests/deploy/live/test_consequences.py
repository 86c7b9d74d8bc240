"""What somebody who approves a plan is told that it leads to."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec import structs

from ecs_blocks.deploy.cloudformation.changes import Change
from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.deployment import Deployment
from ecs_blocks.deploy.live import consequences
from ecs_blocks.deploy.live.consequences import differing, with_consequences
from ecs_blocks.deploy.plan import load, save
from ecs_blocks.deploy.show.plan_view import plan_view
from ecs_blocks.deploy.ui import Waits
from ecs_blocks.review.model import Action, Replacement, ResourceChange
from tests.deploy.stage import STACK, TEMPLATE, Person, deploy, deployed, prepared
from tests.deploy.test_service_deploy import TEMPLATE as WITH_SERVICE
from tests.fake_aws import FakeAws, changed, denied

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ecs_blocks.deploy.plan import Plan
    from ecs_blocks.deploy.planning import Prepared

pytestmark = pytest.mark.slow


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as found:
        yield found


def planned(fake: FakeAws, what: Prepared) -> Plan:
    return Deployment(fake.aws(), what, Person(), Waits()).plan()


def told(plan: Plan) -> list[tuple[str, str]]:
    return [(one.weight.value, one.text) for one in plan.consequences]


def named(fifo: str) -> dict[str, Any]:
    template: dict[str, Any] = copy.deepcopy(dict(TEMPLATE))
    template["Resources"]["Queue"]["Properties"]["QueueName"] = fifo
    return template


def test_a_rollout_is_told_in_words(fake: FakeAws) -> None:
    fake.ecs.cluster()
    deploy(fake, prepared("1.8.2", WITH_SERVICE))

    plan = planned(fake, prepared("1.8.3", WITH_SERVICE))

    [(weight, text)] = told(plan)
    assert weight == "calm"
    assert text.startswith("Service: rolling, 2→2 tasks, peak 4, no downtime expected; image 1.8.2")


def test_what_needs_approval_comes_first(fake: FakeAws) -> None:
    deploy(fake, prepared("zero", named("one")))

    plan = planned(fake, prepared("one", named("two")))

    assert [weight for weight, _ in told(plan)] == ["approval", "notice", "notice"]
    assert told(plan)[0][1].startswith("Queue: ")


def test_of_a_new_stack_only_what_the_list_does_not_say(fake: FakeAws) -> None:
    template = copy.deepcopy(dict(TEMPLATE))
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}
    template["Resources"]["Group"] = {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {"GroupDescription": "all", "SecurityGroupIngress": [rule]},
    }

    assert told(planned(fake, prepared())) == []
    [(weight, text)] = told(planned(fake, prepared("one", template)))
    assert (weight, "0.0.0.0/0" in text or "internet" in text) == ("approval", True), text


def test_nothing_to_do_leads_to_nothing(fake: FakeAws) -> None:
    deployed(fake)

    assert told(planned(fake, prepared("zero"))) == []
    assert fake.asked("GetTemplate") == []


def test_it_takes_one_call_more(fake: FakeAws) -> None:
    deployed(fake)

    deploy(fake)

    assert len(fake.asked("GetTemplate")) == 1


@pytest.mark.parametrize("kind", [denied])
def test_a_template_that_is_not_told_stops_nothing(fake: FakeAws, kind: Any) -> None:
    deployed(fake)
    fake.fault("GetTemplate", kind, times=None)
    person = Person()

    outcome = deploy(fake, prepared("one"), person)

    [plan] = person.plans
    assert outcome.code == 0
    assert plan.consequences == ()
    assert plan.warnings[0].startswith("what this leads to cannot be told: reading the template of")


def test_a_fault_in_the_words_stops_nothing(fake: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise KeyError("word")

    deployed(fake)
    monkeypatch.setattr(consequences, "review_pair", broken)
    person = Person()

    outcome = deploy(fake, prepared("one"), person)

    assert outcome.code == 0
    assert person.plans[0].warnings == (
        "what this leads to cannot be told, by a fault of ecs_blocks: KeyError('word')",
    )


HIDDEN: Final[dict[str, Any]] = {
    **TEMPLATE,
    "Parameters": {"Name": {"Type": "String", "NoEcho": True}},
}


def test_a_noecho_value_is_in_no_consequence(fake: FakeAws) -> None:
    deploy(fake, prepared("hunter2-old", HIDDEN))
    plan = planned(fake, prepared("hunter2-new", HIDDEN))

    assert [one.logical_id for one in plan.changes] == ["Topic"]
    assert "hunter2" not in str(plan.consequences)


def test_a_kept_plan_is_told_anew(fake: FakeAws, tmp_path: Path) -> None:
    """What a file says of it may have been changed, as whoever approves it could not see."""
    deployed(fake)
    plan = planned(fake, prepared("one"))
    save(plan, tmp_path / "plan")
    text = json.loads((tmp_path / "plan").read_text())
    assert text["consequences"][0]["text"] == "Topic: DisplayName zero → one"

    text["consequences"] = []
    (tmp_path / "plan").write_text(json.dumps(text))
    aws = fake.aws()
    again = with_consequences(
        aws, prepared("one").target, load(tmp_path / "plan"), read_stack(aws, STACK)
    )

    assert again.consequences == plan.consequences


def ours(
    name: str = "Queue",
    action: Action = Action.MODIFY,
    replacement: Replacement = Replacement.NO,
    kind: str = "AWS::SQS::Queue",
) -> ResourceChange:
    return ResourceChange(logical_id=name, type=kind, action=action, replacement=replacement)


def theirs(
    name: str = "Queue",
    action: str = "Modify",
    replacement: str = "False",
    kind: str = "AWS::SQS::Queue",
    **more: Any,
) -> Change:
    return Change(action, name, kind, replacement=replacement, **more)


TASK: Final = "AWS::ECS::TaskDefinition"


@pytest.mark.parametrize(
    ("mine", "other", "said"),
    [
        (ours(), theirs(), None),
        (ours(replacement=Replacement.YES), theirs(replacement="True"), None),
        (ours(replacement=Replacement.MAYBE), theirs(replacement="Conditional"), None),
        (ours(), theirs(replacement="Conditional"), None),
        (
            ours(),
            theirs(replacement="True"),
            "approval: Queue is replaced, by CloudFormation's change set; the review expected that "
            "it is not, and CloudFormation's word counts",
        ),
        (
            ours(replacement=Replacement.MAYBE),
            theirs(replacement="True"),
            "approval: Queue is replaced, by CloudFormation's change set; the review expected that "
            "this is decided during the deploy, and CloudFormation's word counts",
        ),
        (
            ours(replacement=Replacement.YES),
            theirs(),
            "notice: Queue is not replaced, by CloudFormation's change set; the review expected "
            "that it is replaced, and CloudFormation's word counts",
        ),
        (
            None,
            theirs(action="Remove", replacement=""),
            "approval: Queue is removed, by CloudFormation's change set; the review expected no "
            "change of it, and CloudFormation's word counts",
        ),
        (
            ours(action=Action.ADD),
            theirs(action="Remove", replacement=""),
            "approval: Queue is removed, by CloudFormation's change set; the review expected that "
            "it is added, and CloudFormation's word counts",
        ),
        (None, theirs(), None),
        (
            None,
            theirs(replacement="True"),
            "approval: Queue is replaced, by CloudFormation's change set; the review expected no "
            "change of it, and CloudFormation's word counts",
        ),
        (ours(), None, None),
        (
            ours(replacement=Replacement.YES),
            None,
            "notice: CloudFormation leaves Queue as it is: it is not replaced",
        ),
        (
            ours(replacement=Replacement.YES),
            theirs(replacement="True", follows=("Topic.Name",)),
            "notice: CloudFormation leaves Queue as it is: it is not replaced",
        ),
        (ours(kind=TASK), theirs(replacement="True", kind=TASK), None),
        (None, theirs(replacement="True", path=("Child",)), None),
    ],
)
def test_where_cloudformation_says_otherwise_its_word_counts(
    mine: ResourceChange | None, other: Change | None, said: str | None
) -> None:
    found = list(differing(filter(None, [mine]), filter(None, [other])))

    assert [f"{one.weight.value}: {one.text}" for one in found] == ([said] if said else [])


def test_the_difference_is_told_with_the_plan(fake: FakeAws) -> None:
    deployed(fake)

    def otherwise(answer: dict[str, Any]) -> dict[str, Any]:
        for one in answer.get("Changes", ()):
            one["ResourceChange"]["Replacement"] = "True"
        return answer

    fake.fault("DescribeChangeSet", changed(otherwise), times=None)

    plan = planned(fake, prepared("one"))

    assert told(plan)[0][1].startswith("Topic is replaced, by CloudFormation's change set; ")


def test_on_eighty_columns(fake: FakeAws) -> None:
    fake.ecs.cluster()
    deploy(fake, prepared("1.8.2", WITH_SERVICE))
    template = copy.deepcopy(WITH_SERVICE)
    template["Resources"]["Service"]["Properties"]["DeploymentConfiguration"] |= {
        "MinimumHealthyPercent": 0,
        "MaximumPercent": 100,
    }
    plan = structs.replace(planned(fake, prepared("1.8.3", template)), made_by="ci")

    view = plan_view(plan, columns=80)

    assert max(map(len, view.splitlines())) <= 80
    heading = view.splitlines().index("WHAT IT LEADS TO")
    assert view.splitlines()[heading + 1 : heading + 5] == [
        "!! Service: rolling, 2→2 tasks, peak 2, downtime: the old tasks stop before the",
        "   new ones start (minimum 0 %); image 1.8.2 → 1.8.3; old tasks have 30 s to",
        "   stop",
        "     app: image public.ecr.aws/hoge:1.8.2 → public.ecr.aws/hoge:1.8.3",
    ]
