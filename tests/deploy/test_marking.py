"""Images that run are marked, in repositories whose rules spare what is marked.

Trap 28: what runs in a quiet environment is among the last images of its prefix no more, and goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec import structs

from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.marking import MAX_TAG, mark_images, mark_stack, marks_of
from ecs_blocks.deploy.place import Access
from tests.deploy.stage import deploy, place, prepared
from tests.fake_aws import FakeAws, denied, error, expired, reset_before, throttled
from tests.fake_aws.ids import ACCOUNT, REGION
from tests.fake_aws.wire import Killed

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST: Final = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
URL: Final = f"{HOST}/hoge"
MARK: Final = "deployed-hoge-prod.Image"
BEFORE: Final = f"{MARK}.before"
MEND: Final = (
    "where its rules expire images, this one may go, and tasks that start later find none. Mend "
    "that, and deploy the same version once more: nothing but the mark will change"
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


def mark(fake: FakeAws, image: str, what: dict[str, Any] = ONE, **others: str) -> tuple[str, ...]:
    return mark_images(fake.aws(), place(), what, {"Image": image, **others})


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

    assert [one.operation for one in fake.calls] == ["DescribeRepositories", "DescribeImages"]


def test_an_image_that_runs_by_its_tag_is_marked_too(fake: FakeAws) -> None:
    push(fake, "1")

    assert mark(fake, f"{URL}:1") == ()
    assert holders(fake) == {MARK: "1"}


@pytest.mark.parametrize(
    ("moving", "asked"),
    [
        pytest.param(None, 1, id="every tag may move"),
        pytest.param((), 1, id="none may"),
        pytest.param(("*",), 1, id="all may, but nobody speaks of marks"),
        pytest.param(("latest", "deployed-hoge"), 1, id="one that begins alike"),
    ],
)
def test_a_repository_that_does_not_ask_for_marks_is_let_be(
    fake: FakeAws, moving: tuple[str, ...] | None, asked: int
) -> None:
    image = push(fake, "1")
    fake.world.ecr.moving.pop("hoge")
    if moving is not None:
        fake.world.ecr.moving["hoge"] = moving
    fake.calls.clear()

    assert mark(fake, image) == ()
    assert len(fake.calls) == asked
    assert holders(fake) == {}


@pytest.mark.parametrize("image", ["public.ecr.aws/hoge:1", "nginx", ""])
def test_other_registries_are_not_asked(fake: FakeAws, image: str) -> None:
    assert mark(fake, image) == ()
    assert not fake.calls


def test_the_imitation_on_a_laptop_is_not_asked(fake: FakeAws) -> None:
    here = structs.replace(place(), access=Access(local=True))

    assert mark_images(fake.aws(), here, ONE, {"Image": f"{URL}:1"}) == ()
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
        "deployed-hoge-prod.Side": "2",
        "deployed-hoge-prod.OldTask.old": "3",
    }


def test_a_registry_elsewhere_has_marks_that_say_whose_they_are() -> None:
    """Two accounts may each have a stack hoge-prod."""
    there = f"999999999999.dkr.ecr.{REGION}.amazonaws.com/hoge:1"
    [mine] = marks_of(place(), ONE, {"Image": f"{URL}:1"})
    [others] = marks_of(place(), ONE, {"Image": there})

    assert (mine.tag, mine.before) == (MARK, BEFORE)
    assert others.tag == f"deployed-{ACCOUNT}.{REGION}.hoge-prod.Image"


@pytest.mark.parametrize("length", [1, 100, 105, 106, 107, 128])
def test_the_longest_name_of_a_stack_makes_a_tag_and_none_that_another_has(length: int) -> None:
    tags = set()
    for name in ("a" * length, "a" * (length - 1) + "b", "a" * (length - 1)):
        here = structs.replace(place(), stack_name=name)
        [found] = marks_of(here, ONE, {"Image": f"{URL}:1"})
        tags |= {found.tag, found.before}

        assert len(found.before) <= MAX_TAG
        assert found.tag.startswith(f"deployed-{name[:90]}")
    assert len(tags) == 6


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("count", [4, 5], ids=["at the mark of before", "at the other"])
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

    assert put == 3 + (count == 5) + after
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

    assert said == (f"hoge: that its image runs could not be marked ({why}); {MEND}",)
    assert mark(fake, image) == ()
    assert holders(fake) == {MARK: "1"}


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
def test_a_repository_whose_settings_may_not_be_read_is_let_be(fake: FakeAws, fault: Any) -> None:
    """A registry in another account lets who only pulls read no more than images."""
    image = push(fake, "1")
    fake.fault("DescribeRepositories", fault)

    assert mark(fake, image) == ()
    assert holders(fake) == {}


def test_a_stack_that_is_known_by_its_id_is_marked_from_what_it_has(fake: FakeAws) -> None:
    """``attach`` has no template of its own."""
    image = push(fake, "1")
    what = template(app={"Ref": "Name"}) | {"Parameters": {"Name": {"Type": "String"}}}
    outcome = deploy(fake, prepared(image, what))

    assert outcome.code is Exit.DONE
    assert mark_stack(fake.aws(), place(), outcome.stack_id) == ()
    assert holders(fake) == {"deployed-hoge-prod.Name": "1"}


def test_a_stack_that_cannot_be_read_is_told(fake: FakeAws) -> None:
    outcome = deploy(fake)
    fake.fault("GetTemplate", denied)
    [said] = mark_stack(fake.aws(), place(), outcome.stack_id)

    assert said.startswith("whether its images are marked is not known: reading the template of")
