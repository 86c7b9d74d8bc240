"""Images that run are marked, in repositories whose rules spare what is marked.

Trap 28: what runs in a quiet environment is among the last images of its prefix no more, and goes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec import structs

from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.marking import MAX_TAG, Mark, Marked, mark_stack, marks_of
from ecs_blocks.deploy.marks_left import marks_left
from ecs_blocks.deploy.place import Access
from tests.deploy.stage import STACK, deploy, place, prepared
from tests.fake_aws import FakeAws, denied, error, expired, reset_before, throttled
from tests.fake_aws.ids import ACCOUNT, REGION
from tests.fake_aws.wire import Killed

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

HOST: Final = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
URL: Final = f"{HOST}/hoge"
HERE: Final = f"{ACCOUNT}.{REGION}.hoge-prod"
MARK: Final = f"deployed-{HERE}.Image"
BEFORE: Final = f"deployed-before-{HERE}.Image"
MEND: Final = (
    "where its rules expire images, this may go, and tasks that start later find none. Mend that, "
    "and deploy the same version once more: nothing but the marks will change"
)


def template(**images: Any) -> dict[str, Any]:
    """Each container in a task definition of its own: ``AppTask`` has ``app``."""
    return {
        "Parameters": {"Image": {"Type": "String"}, "Side": {"Type": "String"}},
        "Resources": {
            f"{name.capitalize()}Task": {
                "Type": "AWS::ECS::TaskDefinition",
                "Properties": {"ContainerDefinitions": [{"Name": name, "Image": image}]},
            }
            for name, image in images.items()
        },
    }


ONE: Final = template(app={"Ref": "Image"})


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as found:
        found.world.ecr.moving["hoge"] = ("latest", "deployed-*")
        yield found


def push(fake: FakeAws, tag: str) -> str:
    """A new image of hoge; as it runs, by its digest."""
    fake.clock.advance(1)
    return f"{URL}@{fake.world.ecr.image('hoge', tag)}"


def at_rest(fake: FakeAws, image: str, what: dict[str, Any] = ONE, **others: str) -> None:
    """Let the stack hoge-prod have these images, and nothing happen to it."""
    become(fake, stack({"Image": image, **others}))
    answer = {"TemplateBody": json.dumps(what)}
    fake.canned("cloudformation", "GetTemplate", answer)


def stack(
    parameters: dict[str, str], *, name: str = STACK, status: str = "UPDATE_COMPLETE", at: int = 1
) -> dict[str, Any]:
    """As DescribeStacks gives it; *at* tells one operation on it from another."""
    return {
        "StackName": name,
        "StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{name}/1",
        "StackStatus": status,
        "CreationTime": f"2026-01-01T00:00:{at:02}Z",
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
        ],
    }


def become(fake: FakeAws, *states: dict[str, Any]) -> None:
    """Let the stack be in these states, one after the other with each look at it."""
    left = list(states)

    def look(_request: object) -> dict[str, Any]:
        return {"Stacks": [left.pop(0) if left[1:] else left[0]]}

    fake.canned("cloudformation", "DescribeStacks", look)


def marked(fake: FakeAws, image: str, what: dict[str, Any] = ONE, **others: str) -> Marked:
    at_rest(fake, image, what, **others)
    return mark_stack(fake.aws(), place(), STACK)


def mark(fake: FakeAws, image: str, what: dict[str, Any] = ONE, **others: str) -> tuple[str, ...]:
    """What was missed."""
    return marked(fake, image, what, **others).missed


def named(fake: FakeAws, name: str, image: str, what: dict[str, Any] = ONE) -> list[Mark]:
    """The marks of a stack of this name."""
    become(fake, stack({"Image": image}, name=name))
    found = read_stack(fake.aws(), name)
    assert found is not None
    return marks_of(place(), found, what)


def holders(fake: FakeAws, repository: str = "hoge") -> dict[str, str]:
    """Which image has each mark, by the tag that it was pushed with."""
    images = fake.world.ecr.repositories[repository].values()
    return {tag: one["tags"][0] for one in images for tag in sorted(one["tags"][1:])}


def test_what_runs_is_marked_and_what_ran_before_it(fake: FakeAws) -> None:
    one, two, three = (push(fake, tag) for tag in ("1", "2", "3"))
    seen = []
    for image in (one, two, two, three, two):  # the same again moves nothing; the last goes back
        assert mark(fake, image) == ()
        seen.append(holders(fake))

    assert seen == [
        {MARK: "1"},
        {MARK: "2", BEFORE: "1"},
        {MARK: "2", BEFORE: "1"},
        {MARK: "3", BEFORE: "2"},
        {MARK: "2", BEFORE: "3"},
    ]


def test_nothing_is_written_where_the_marks_are_right(fake: FakeAws) -> None:
    image = push(fake, "1")
    mark(fake, image)
    fake.calls.clear()
    mark(fake, image)

    assert [one.operation for one in fake.calls] == [
        *("DescribeStacks", "GetTemplate", "DescribeRepositories", "DescribeImages")
    ]


def test_an_image_that_runs_by_its_tag_is_marked_too(fake: FakeAws) -> None:
    push(fake, "1")

    assert mark(fake, f"{URL}:1") == ()
    assert holders(fake) == {MARK: "1"}


@pytest.mark.parametrize(
    "moving",
    [
        pytest.param(None, id="every tag may move"),
        pytest.param((), id="none may"),
        pytest.param(("*",), id="all may, but nobody speaks of marks"),
        pytest.param(("latest", "deployed-hoge"), id="one that begins alike"),
    ],
)
def test_a_repository_that_does_not_ask_for_marks_is_let_be(
    fake: FakeAws, moving: tuple[str, ...] | None
) -> None:
    image = push(fake, "1")
    fake.world.ecr.moving.pop("hoge")
    if moving is not None:
        fake.world.ecr.moving["hoge"] = moving
    fake.calls.clear()

    assert mark(fake, image) == ()
    assert len(fake.calls) == 3
    assert holders(fake) == {}


def test_where_a_pattern_means_tags_that_stay_nothing_is_marked(fake: FakeAws) -> None:
    image = push(fake, "1")
    answer = fake.world.ecr.describe_repositories({"repositoryNames": ["hoge"]})
    answer["repositories"][0]["imageTagMutability"] = "MUTABLE_WITH_EXCLUSION"
    fake.canned("ecr", "DescribeRepositories", answer)

    assert marked(fake, image) == Marked()
    assert holders(fake) == {}


@pytest.mark.parametrize("image", ["public.ecr.aws/hoge:1", "nginx", ""])
def test_other_registries_are_not_asked(fake: FakeAws, image: str) -> None:
    assert mark(fake, image) == ()
    assert {one.service for one in fake.calls} == {"cloudformation"}


def test_the_imitation_on_a_laptop_is_not_asked(fake: FakeAws) -> None:
    here = structs.replace(place(), access=Access(local=True))

    assert mark_stack(fake.aws(), here, STACK) == Marked()
    assert not fake.calls


def test_each_image_of_a_stack_in_one_repository_has_a_mark_of_its_own(fake: FakeAws) -> None:
    what = template(
        app={"Ref": "Image"}, side={"Ref": "Side"}, job={"Ref": "Image"}, old=f"{URL}:3"
    )
    one, two = push(fake, "1"), push(fake, "2")
    push(fake, "3")
    mark(fake, one, what, Side=two)
    mark(fake, two, what, Side=two)

    assert holders(fake) == {
        BEFORE: "1",
        MARK: "2",
        f"deployed-{HERE}.Side": "2",
        f"deployed-{HERE}.OldTask.old": "3",
    }


@pytest.mark.parametrize(
    "host",
    [
        HOST,
        f"999999999999.dkr.ecr.{REGION}.amazonaws.com",
        f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com",
    ],
)
def test_a_name_says_whose_it_is_wherever_the_repository_is(fake: FakeAws, host: str) -> None:
    """Each account and region may have a stack hoge-prod, and replication copies tags."""
    [found] = named(fake, STACK, f"{host}/hoge:1")

    assert (found.tag, found.before) == (MARK, BEFORE)


def test_no_container_has_the_mark_of_what_ran_before_another(fake: FakeAws) -> None:
    what = template(app={"Ref": "Image"}, before=f"{URL}:2")
    what["Resources"]["Image"] = what["Resources"].pop("BeforeTask")
    found = named(fake, STACK, f"{URL}:1", what)

    assert len({tag for one in found for tag in (one.tag, one.before)}) == 4


@pytest.mark.parametrize("length", [1, 60, 77, 78, 79, 128])
def test_the_longest_name_of_a_stack_makes_a_tag_and_none_that_another_has(
    fake: FakeAws, length: int
) -> None:
    tags = set()
    for name in ("a" * length, "a" * (length - 1) + "b", "a" * (length - 1) + "c"):
        [found] = named(fake, name, f"{URL}:1")
        tags |= {found.tag, found.before}

        assert len(found.before) <= MAX_TAG
        assert found.tag.startswith(f"deployed-{ACCOUNT}.{REGION}.{name[:60]}")
    assert len(tags) == 6


def test_a_deploy_that_comes_late_marks_what_the_stack_has_by_now(fake: FakeAws) -> None:
    """Between the look at the stack and the last call a newer deploy was made, and marked."""
    one, two, three = (push(fake, tag) for tag in ("1", "2", "3"))
    for image in (one, three):
        mark(fake, image)
    become(fake, stack({"Image": two}), stack({"Image": three}, at=2))
    found = mark_stack(fake.aws(), place(), STACK)

    assert found == Marked(put=(MARK,))
    assert holders(fake)[MARK] == "3"


@pytest.mark.parametrize(
    "status", ["UPDATE_IN_PROGRESS", "UPDATE_FAILED", "ROLLBACK_COMPLETE", "DELETE_COMPLETE"]
)
def test_a_stack_that_does_not_rest_is_marked_by_whoever_changes_it(
    fake: FakeAws, status: str
) -> None:
    image = push(fake, "1")
    become(fake, stack({"Image": image}, status=status))

    assert mark_stack(fake.aws(), place(), STACK) == Marked()
    assert holders(fake) == {}


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("count", [6, 7], ids=["at the mark of before", "at the other"])
def test_killed_between_the_two_marks_the_next_deploy_of_the_same_goes_on(
    fake: FakeAws,
    count: int,
    after: bool,  # noqa: FBT001 - a row
) -> None:
    zero, one, two = (push(fake, tag) for tag in ("0", "1", "2"))
    mark(fake, zero)
    mark(fake, one)
    fake.kill_at(count, after=after)
    with pytest.raises(Killed):
        mark(fake, two)
    put = len(fake.asked("PutImage"))
    mark(fake, two)

    assert put == 3 + (count == 7) + after
    assert holders(fake) == {MARK: "2", BEFORE: "1"}


_PUT = "the permission ecr:PutImage is missing"
FAULTS: Final = [
    ("PutImage", denied, _PUT),
    ("PutImage", throttled, "ecr:PutImage was not answered (Throttling)"),
    ("PutImage", reset_before, "ecr:PutImage was not answered (no connection)"),
    ("PutImage", error("LimitExceededException", "too many"), "ecr:PutImage was refused: too many"),
    ("DescribeRepositories", throttled, "ecr:DescribeRepositories was not answered (Throttling)"),
    ("DescribeImages", denied, "the permission ecr:DescribeImages is missing"),
    ("BatchGetImage", denied, "the permission ecr:BatchGetImage is missing"),
]


@pytest.mark.parametrize(("operation", "fault", "why"), FAULTS)
def test_a_mark_that_cannot_be_put_is_told_in_one_line(
    fake: FakeAws, operation: str, fault: Any, why: str
) -> None:
    image = push(fake, "1")
    fake.fault(operation, fault)
    said = mark(fake, image)

    assert said == (f"hoge: could not mark what runs: {MARK} ({why}); {MEND}",)
    assert mark(fake, image) == ()
    assert holders(fake) == {MARK: "1"}


def test_an_image_that_cannot_be_marked_leaves_no_other_unmarked(fake: FakeAws) -> None:
    what = template(app={"Ref": "Image"}, side={"Ref": "Side"}, job=f"{URL}:3")
    one = push(fake, "1")
    push(fake, "3")
    gone = f"{URL}@sha256:{'0' * 64}"
    found = marked(fake, gone, what, Side=one)

    side, job = (f"deployed-{HERE}.{name}" for name in ("Side", "JobTask.job"))
    assert found.put == (side, job)
    assert found.missed == (
        f"hoge: could not mark what runs: {MARK} (ECR no longer has it); {MEND}",
    )
    assert holders(fake) == {side: "1", job: "3"}


def test_a_tag_that_does_not_move_is_told(fake: FakeAws) -> None:
    """Somebody else's pattern took the place of ours after we looked."""
    one, two = push(fake, "1"), push(fake, "2")
    mark(fake, one)
    text = "The image tag is immutable."
    fake.fault("PutImage", error("ImageTagAlreadyExistsException", text))
    [said] = mark(fake, two)

    assert f"(ecr:PutImage was refused: {text})" in said


def test_credentials_that_are_over_are_told(fake: FakeAws) -> None:
    image = push(fake, "1")
    fake.fault("DescribeRepositories", expired)
    [said] = mark(fake, image)

    assert "AWS does not accept the credentials" in said


def test_an_image_that_is_gone_already_is_told(fake: FakeAws) -> None:
    image = push(fake, "1")
    fake.world.ecr.repositories["hoge"].clear()
    [said] = mark(fake, image)

    assert "(ECR no longer has it)" in said


@pytest.mark.parametrize("fault", [denied, error("RepositoryNotFoundException", "no")])
def test_another_accounts_repository_whose_settings_may_not_be_read_is_let_be(
    fake: FakeAws, fault: Any
) -> None:
    """A registry in another account lets who only pulls read no more than images."""
    image = push(fake, "1").replace(ACCOUNT, "999999999999")
    fake.fault("DescribeRepositories", fault)

    assert marked(fake, image) == Marked()
    assert holders(fake) == {}


def test_in_ones_own_account_a_permission_that_is_missing_is_told(fake: FakeAws) -> None:
    image = push(fake, "1")
    fake.fault("DescribeRepositories", denied)
    [said] = mark(fake, image)

    assert "(the permission ecr:DescribeRepositories is missing)" in said


def test_a_stack_that_is_known_by_its_id_is_marked_from_what_it_has(fake: FakeAws) -> None:
    """``attach`` has no template of its own."""
    image = push(fake, "1")
    what = template(app={"Ref": "Name"}) | {"Parameters": {"Name": {"Type": "String"}}}
    outcome = deploy(fake, prepared(image, what))

    assert outcome.code is Exit.DONE
    assert mark_stack(fake.aws(), place(), outcome.stack_id).put == (f"deployed-{HERE}.Name",)
    assert holders(fake) == {f"deployed-{HERE}.Name": "1"}


def test_a_stack_that_cannot_be_read_is_told(fake: FakeAws) -> None:
    outcome = deploy(fake)
    fake.fault("GetTemplate", denied)
    [said] = mark_stack(fake.aws(), place(), outcome.stack_id).missed

    assert said.startswith("whether its images are marked is not known: reading the template of")


def left(fake: FakeAws, image: str, profile: str = "") -> tuple[str, ...]:
    at_rest(fake, image)
    found = read_stack(fake.aws(), STACK)
    assert found is not None
    where = structs.replace(place(), access=Access(profile=profile))
    return marks_left(fake.aws(), where, found, ONE)


def test_a_deletion_names_the_marks_that_stay_and_how_to_take_them_away(fake: FakeAws) -> None:
    one, two = push(fake, "1"), push(fake, "2")
    assert left(fake, one) == ()
    for image in (one, two):
        mark(fake, image)
    found = left(fake, two, "the ops")

    end = (
        f"--registry-id {ACCOUNT} --repository-name hoge "
        f"--image-ids imageTag={MARK} imageTag={BEFORE}"
    )
    who = f"--region {REGION} --profile 'the ops'"
    assert found[0].startswith("These tags stay in ECR")
    assert found[2:] == (
        f"  aws ecr describe-images {end} --query 'imageDetails[].imageTags' {who}",
        f"  aws ecr batch-delete-image {end} {who}",
    )


@pytest.mark.parametrize("fault", [denied, throttled, expired])
def test_a_deletion_goes_on_where_ecr_does_not_answer(fake: FakeAws, fault: Any) -> None:
    image = push(fake, "1")
    mark(fake, image)
    fake.fault("BatchGetImage", fault, times=None)

    assert left(fake, image) == ()
