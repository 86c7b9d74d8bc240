"""A plan that was kept, carried out later: its template is the plan's own, and has a place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec import structs

from ecs_blocks.deploy.deployment import Deployment
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.plan import load, save
from ecs_blocks.deploy.reviving import of_plan
from ecs_blocks.deploy.ui import Waits
from ecs_blocks.environment.deploy_settings import DeploySettings
from tests.deploy.stage import STACK, TEMPLATE, Person, deploy, place, prepared
from tests.fake_aws import FakeAws

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.plan import Plan

pytestmark = pytest.mark.slow

LARGE: Final[dict[str, Any]] = {**TEMPLATE, "Metadata": {"Note": "x" * 51_200}}
BUCKET: Final = "example-templates"


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    """A stack whose creation failed."""
    with FakeAws() as found:
        found.world.s3.bucket(BUCKET)
        found.script.resource_fails("Topic", "no")
        deploy(found)
        found.script.mended("Topic")
        found.calls.clear()
        yield found


def here(**settings: Any) -> Place:
    return structs.replace(place(), settings=DeploySettings(**settings))


def kept(fake: FakeAws, folder: Path, template: Mapping[str, Any]) -> Plan:
    """The plan to make it again, as another process finds it."""
    file = folder / "plan.json"
    save(Deployment(fake.aws(), prepared("two", template), Person(), Waits()).plan(), file)
    return load(file)


@pytest.mark.slow
@pytest.mark.parametrize("template", [TEMPLATE, LARGE], ids=["small", "large"])
def test_a_stack_is_made_again_from_a_plan_of_any_size(
    fake: FakeAws, tmp_path: Path, template: dict[str, Any]
) -> None:
    plan = kept(fake, tmp_path, template)
    what = of_plan(fake.aws(), here(template_bucket=BUCKET), plan, prepared().identity)
    outcome = deploy(fake, what, plan=plan)

    [asked] = fake.asked("CreateChangeSet")
    assert outcome.code is Exit.DONE, outcome
    assert ("TemplateURL" in asked) is (template is LARGE)
    assert fake.stack(STACK).definition.parameters == {"Name": "two"}
    assert dict(what.target.rendered.template) == template
    assert what.target.rendered.parameters == {"Name": "two"}


@pytest.mark.parametrize("change", [{"changes": ()}, {"role_arn": "arn:aws:iam::1:role/admin"}])
def test_a_plan_to_make_it_again_is_refused_where_it_shows_or_has_something_else(
    fake: FakeAws, tmp_path: Path, change: dict[str, Any]
) -> None:
    plan = kept(fake, tmp_path, dict(TEMPLATE))
    if "role_arn" in change:
        change = {"content": structs.replace(plan.content, **change)}
    plan = structs.replace(plan, **change)
    what = of_plan(fake.aws(), here(), plan, prepared().identity)
    with pytest.raises(DeployError, match=r"the plan file was changed|the plan has other settings"):
        deploy(fake, what, plan=plan)

    assert fake.asked("DeleteStack") == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "nothing",
        "Resources: []",
        "Resources: {A: 1}",
        "Resources: {}\nParameters: 3",
        "Resources: {}\nParameters: {Name: 3}",
    ],
)
def test_a_plan_without_a_template_is_refused(fake: FakeAws, tmp_path: Path, text: str) -> None:
    plan = kept(fake, tmp_path, dict(TEMPLATE))
    plan = structs.replace(plan, content=structs.replace(plan.content, template=text))
    with pytest.raises(DeployError, match="the plan's template is no template"):
        of_plan(fake.aws(), here(), plan, prepared().identity)


@pytest.mark.parametrize("forged", [{"environment": "dev"}, {"app": "fuga"}], ids=str)
def test_a_plan_that_calls_its_stack_another_is_refused_before_anybody_is_asked(
    fake: FakeAws, tmp_path: Path, forged: dict[str, str]
) -> None:
    plan = structs.replace(kept(fake, tmp_path, dict(TEMPLATE)), **forged)
    with pytest.raises(DeployError, match="the plan says that it is of") as error:
        of_plan(fake.aws(), here(), plan, prepared().identity)

    assert error.value.message.endswith("; hoge-prod is hoge in prod")


def test_without_a_place_for_its_template_nothing_is_deleted(fake: FakeAws, tmp_path: Path) -> None:
    plan = kept(fake, tmp_path, LARGE)
    with pytest.raises(DeployError, match="none is named") as error:
        of_plan(fake.aws(), here(), plan, prepared().identity)

    assert error.value.code is Exit.REJECTED
    assert fake.asked("DeleteStack") == []


def test_a_plan_with_a_change_set_needs_no_bucket_any_more(tmp_path: Path) -> None:
    with FakeAws() as fake:
        fake.world.s3.bucket(BUCKET)
        found = prepared("two", LARGE)
        url = {"TemplateURL": "https://s3.ap-northeast-1.amazonaws.com/example-templates/t.yaml"}
        fake.world.s3.buckets[BUCKET].objects["t.yaml"] = found.target.text.encode()
        file = tmp_path / "plan.json"
        what = structs.replace(found, body=url)
        save(Deployment(fake.aws(), what, Person(), Waits()).plan(), file)
        plan = load(file)
        outcome = deploy(fake, of_plan(fake.aws(), here(), plan, found.identity), plan=plan)

        assert outcome.code is Exit.DONE
        assert fake.asked("PutObject") == []


def test_a_plan_of_an_earlier_version_may_tell_more_than_is_read(
    fake: FakeAws, tmp_path: Path
) -> None:
    plan = kept(fake, tmp_path, TEMPLATE)
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"made_at": ""}))

    assert load(file) == plan
