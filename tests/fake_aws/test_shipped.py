"""The shipped stacks deploy on the fake, roll out a new image, and go back when it crashes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.fake_aws import FakeAws
from tests.fake_aws.cloudformation.templates import read
from tests.fake_aws.examples import client, parameters
from tests.project import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

GOLDEN: Final = REPOSITORY / "tests" / "golden"
REPOSITORY_URL: Final = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/hoge-image"
CAPABILITIES: Final = ["CAPABILITY_IAM"]


def values(fake: FakeAws, app: str) -> dict[str, str]:
    """The parameters of an app in prod, its lookups resolved."""
    content = json.loads((GOLDEN / app / "prod.json").read_text(encoding="utf-8"))
    found: dict[str, str] = dict(content["Parameters"])
    for name, lookup in content.get("lookups", {}).items():
        if "StackOutput" in lookup:
            outputs = fake.stack(lookup["StackOutput"]["StackName"]).outputs
            wanted = lookup["StackOutput"]["OutputName"]
            found[name] = next(x["OutputValue"] for x in outputs if x["OutputKey"] == wanted)
        elif name == "Image":
            found[name] = f"{REPOSITORY_URL}:1"
    return found


def template(app: str) -> str:
    return (GOLDEN / app / "template.yaml").read_text(encoding="utf-8")


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as fake:
        for body in read(template("cluster"))["Parameters"].values():
            if "SSM" in body["Type"]:
                fake.world.ssm.values[str(body.get("Default"))] = "ami-1"
        given = values(fake, "cluster")
        for name, value in given.items():
            if value.startswith("/aws/"):
                fake.world.ssm.values[value] = f"ami-{name}"
        fake.deployed("cluster-prod", template("cluster"), given)
        fake.deployed("hoge-prod", template("hoge"), values(fake, "hoge"))
        yield fake


def changes(fake: FakeAws) -> list[dict[str, Any]]:
    """The changes of a deploy of the next image, which is then executed."""
    given = parameters(**{**values(fake, "hoge"), "Image": f"{REPOSITORY_URL}:2"})
    aws = client(fake)
    change_set = aws.create_change_set(
        StackName="hoge-prod",
        ChangeSetName="next",
        TemplateBody=template("hoge"),
        Parameters=given,
        Capabilities=CAPABILITIES,
    )["Id"]
    fake.clock.sleep(5)
    found = aws.describe_change_set(ChangeSetName=change_set, IncludePropertyValues=True)
    aws.execute_change_set(ChangeSetName=change_set)
    fake.clock.sleep(600)
    return [one["ResourceChange"] for one in found["Changes"]]


def test_a_new_image_is_a_new_revision_and_a_rollout(fake: FakeAws) -> None:
    found = changes(fake)

    assert [(x["LogicalResourceId"], x["Replacement"], x.get("PolicyAction")) for x in found] == [
        ("HogeTaskDefinition", "True", "ReplaceAndRetain"),
        ("HogeService", "False", None),
    ]
    assert fake.stack("hoge-prod").status == "UPDATE_COMPLETE"
    assert fake.summary()["services"]["hoge-prod-HogeService"] == {
        "desired": 1,
        "running": 1,
        "images": [f"{REPOSITORY_URL}:2"],
        "rollout": "COMPLETED",
    }


def test_an_image_that_crashes_leaves_the_old_one_serving(fake: FakeAws) -> None:
    fake.script.tasks_fail(logs=["boom"])
    before = fake.summary()
    changes(fake)

    assert fake.stack("hoge-prod").status == "UPDATE_ROLLBACK_COMPLETE"
    assert fake.summary()["services"]["hoge-prod-HogeService"]["images"] == [f"{REPOSITORY_URL}:1"]
    assert before["stacks"]["cluster-prod"] == fake.summary()["stacks"]["cluster-prod"]


def test_two_runs_that_end_the_same_have_the_same_summary(fake: FakeAws) -> None:
    changes(fake)
    with FakeAws() as other:
        other.world.ids.hex(8)  # every id is another one
        other.world.ssm.values |= fake.world.ssm.values
        other.deployed("cluster-prod", template("cluster"), values(other, "cluster"))
        other.deployed("hoge-prod", template("hoge"), values(other, "hoge"))
        changes(other)

        one, two = fake.summary(), other.summary()

        assert one["services"] == two["services"]
        assert one["stacks"]["hoge-prod"]["resources"] == two["stacks"]["hoge-prod"]["resources"]
