"""Both sides of a stack that runs, and what is not known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec import structs

from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.environment.fields import Lookup
from ecs_blocks.review.model import Status
from tests.deploy.live.stage import (
    changed,
    renamed,
    reviewed,
    sentences,
    target_of,
)
from tests.deploy.stage import deploy, prepared
from tests.fake_aws import FakeAws, denied, error, expired

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


HOOKS: Final = "what hooks of CloudFormation will say: only a deploy asks them"


def test_what_runs_already_is_no_change(fake: FakeAws, tmp_path: Path) -> None:
    review = reviewed(fake, target_of("1.8.2"), tmp_path)

    assert (review.status, sentences(review)) == (Status.UNCHANGED, [])


def test_a_new_stack_has_no_side_before(tmp_path: Path) -> None:
    with FakeAws() as fake:
        fake.ecs.cluster()
        review = reviewed(fake, target_of("1.8.3"), tmp_path)

    assert review.status is Status.NEW
    assert review.unknowns[-1] == HOOKS


@pytest.mark.parametrize(
    ("operation", "unknown"),
    [
        ("DescribeServices", "ecs:DescribeServices"),
        ("DescribeStackResourceDrifts", "cloudformation:DescribeStackResourceDrifts"),
        ("ListStackResources", "ListStackResources"),
        ("GetStackPolicy", "GetStackPolicy"),
        ("ListChangeSets", "ListChangeSets"),
        ("DescribeStackEvents", "DescribeStackEvents"),
        ("ListImports", "cloudformation:ListImports"),
    ],
)
def test_what_aws_refuses_is_unknown_with_the_permission(
    fake: FakeAws, tmp_path: Path, operation: str, unknown: str
) -> None:
    fake.fault(operation, denied, times=None)

    review = reviewed(fake, target_of("1.8.3", changed(renamed)), tmp_path)

    assert review.status is Status.CHANGED
    assert any(unknown in one for one in review.unknowns), review.unknowns


def test_the_permission_is_named_as_a_policy_names_it(fake: FakeAws, tmp_path: Path) -> None:
    who, action = "arn:aws:sts::1:assumed-role/ci/ci", "cloudformation:GetStackPolicy"
    text = f"User: {who} is not authorized to perform: {action} on resource: arn:aws:…"
    fake.fault("GetStackPolicy", error("AccessDenied", text, 403), times=None)

    review = reviewed(fake, target_of("1.8.3"), tmp_path)

    assert f"what the stack policy denies: the permission {action} is missing" in review.unknowns


def test_a_template_that_may_not_be_read_is_no_calm_review(fake: FakeAws, tmp_path: Path) -> None:
    fake.fault("GetTemplate", denied, times=None)

    with pytest.raises(DeployError) as raised:
        reviewed(fake, target_of("1.8.3"), tmp_path)

    assert raised.value.code is Exit.CREDENTIALS


def test_credentials_that_are_over_end_it(fake: FakeAws, tmp_path: Path) -> None:
    fake.fault("DescribeServices", expired, times=None)

    with pytest.raises(DeployError) as raised:
        reviewed(fake, target_of("1.8.3"), tmp_path)

    assert raised.value.code is Exit.CREDENTIALS


def hidden(template: dict[str, Any]) -> None:
    template["Parameters"]["Name"]["NoEcho"] = True


def test_a_noecho_value_is_on_neither_side(tmp_path: Path) -> None:
    with FakeAws() as fake:
        fake.ecs.cluster()
        deploy(fake, prepared("hunter2", changed(hidden)))
        review = reviewed(fake, target_of("hunter3", changed(hidden)), tmp_path)

    assert review.status is Status.UNCHANGED
    assert (
        "whether the value of Name changes: CloudFormation does not tell it (NoEcho)"
    ) in review.unknowns
    assert "hunter" not in str(review)


def test_a_value_that_cannot_be_looked_up_is_no_difference(fake: FakeAws, tmp_path: Path) -> None:
    """Nobody knows whether it changes; that the deploy is refused is known."""
    target = target_of("1.8.2")
    place = (("StackName", "gone-prod"), ("OutputName", "Image"))
    lookup = Lookup("StackOutput", place)
    rendered = structs.replace(target.rendered, parameters={}, lookups={"Name": lookup})

    review = reviewed(fake, structs.replace(target, rendered=rendered), tmp_path)

    [first, *_] = review.consequences
    assert (review.parameters, review.changes) == ((), ())
    assert first.text == "the deploy would be refused: not every value is known"
    assert first.details[0] == "Name: the stack gone-prod does not exist"


def described(template: dict[str, Any]) -> None:
    template["Description"] = "Ünïcode, das GetTemplate verdirbt"
    template["Resources"]["Log"]["Properties"]["LogGroupName"] = "/ecs/höge"


def test_what_gettemplate_spoils_is_no_change(fake: FakeAws, tmp_path: Path) -> None:
    text = target_of("1.8.2", changed(described)).text
    fake.canned(
        "cloudformation",
        "GetTemplate",
        {"TemplateBody": text.encode("ascii", "replace").decode()},
    )

    assert reviewed(fake, target_of("1.8.2", changed(described)), tmp_path).changes == ()
