"""What records and the registry tell: how long it took, who it was, where it served before."""

from __future__ import annotations

import copy
import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.live.history import Records
from ecs_blocks.deploy.records.shelf import Folder
from ecs_blocks.deploy.records.store import RecordStore
from ecs_blocks.templates.text import to_yaml
from tests.deploy.live.stage import SCALED, reviewed, sentences, target_of
from tests.deploy.records.examples import at, record
from tests.deploy.stage import STACK, deploy, prepared
from tests.fake_aws import FakeAws, denied

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

REPOSITORY: Final = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/hoge"
ELSEWHERE: Final = "999999999999.dkr.ecr.us-east-1.amazonaws.com/hoge"
TEMPLATE: Final[dict[str, Any]] = copy.deepcopy(SCALED)
TEMPLATE["Resources"]["Task"]["Properties"]["ContainerDefinitions"][0]["Image"] = {"Ref": "Name"}


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as found:
        found.ecs.cluster()
        found.world.ecr.image("hoge", "1.8.2")
        deploy(found, prepared(f"{REPOSITORY}:1.8.2", TEMPLATE))
        found.clock.advance(3600)
        found.calls.clear()
        yield found


def keep(folder: Path, *records: Any) -> None:
    store = RecordStore(Folder(folder))
    for one in records:
        assert not store.write(one).warning


def durations(*seconds: float, code: Exit = Exit.DONE) -> list[Any]:
    """Deploys that took so long, the last one newest."""
    return [at(n, duration_s=one, code=code) for n, one in enumerate(seconds, 1)]


@pytest.mark.parametrize(
    ("records", "fact"),
    [
        (durations(250, 350), "a deploy takes about 4 to 6 min (the last two: 4m10s to 5m50s)"),
        (
            durations(900, 250, 260, 270, 280, 350),
            "a deploy takes about 4 to 6 min (the last five: 4m10s to 5m50s)",
        ),
        (durations(40), "a deploy takes less than 1 min (the last one: 40s)"),
        (
            [*durations(250), *durations(0, 400, code=Exit.ROLLED_BACK)[1:]],
            "a deploy takes about 4 to 5 min (the last one: 4m10s); the last one that failed had "
            "gone back after 6m40s",
        ),
        (
            durations(400, code=Exit.ROLLED_BACK),
            "the last one that failed had gone back after 6m40s",
        ),
    ],
)
def test_how_long_it_takes(fake: FakeAws, tmp_path: Path, records: list[Any], fact: str) -> None:
    keep(tmp_path, *records)

    assert fact in reviewed(fake, target_of(f"{REPOSITORY}:1.8.2", TEMPLATE), tmp_path).facts


def test_records_that_cannot_be_read_are_unknown(fake: FakeAws, tmp_path: Path) -> None:
    (tmp_path / "prod").write_text("no folder")

    review = reviewed(fake, target_of(f"{REPOSITORY}:1.8.2", TEMPLATE), tmp_path)

    assert any(one.startswith("how long a deploy takes: ") for one in review.unknowns)


def test_who_began_the_last_operation(fake: FakeAws, tmp_path: Path) -> None:
    token = fake.stack(STACK).operations[-1].token
    keep(tmp_path, record(operation=token))

    review = reviewed(fake, target_of(f"{REPOSITORY}:1.8.2", TEMPLATE), tmp_path)

    assert (
        "the last operation by deployer/ci, a creation 1 h ago, ended as CREATE_COMPLETE in 19s: "
        "Service 12s, Log 2s, Task 2s" in review.facts
    )


def staged(digest: str, template: Any = TEMPLATE, **given: Any) -> Any:
    """A deploy to stg of an image, in an account of its own."""
    return record(
        environment="stg",
        images={"Name": f"{ELSEWHERE}@{digest}"},
        template=template,
        template_text=to_yaml(template),
        when=dt.datetime(2026, 11, 22, 23, 0, tzinfo=dt.UTC),
        **given,
    )


OTHER: Final = f"sha256:{'9c' * 32}"


@pytest.mark.parametrize(
    ("template", "digest", "given", "fact"),
    [
        (TEMPLATE, "", {}, "stg verified this image, with the same template, 3 h ago"),
        (SCALED, "", {}, "stg verified this image, with another template, 3 h ago"),
        (
            TEMPLATE,
            "",
            {"failed_tasks": 0},
            "stg verified this image, with the same template, 3 h ago, 0 failed tasks",
        ),
        (
            TEMPLATE,
            "",
            {"failed_tasks": 1},
            "stg verified this image, with the same template, 3 h ago, 1 failed task",
        ),
        (
            TEMPLATE,
            OTHER,
            {},
            "stg has not run this image; what it verified last is from 3 h ago",
        ),
        (TEMPLATE, "", {"verified": False}, None),
        (TEMPLATE, "", {"code": Exit.ROLLED_BACK}, None),
    ],
)
def test_where_the_same_has_served(
    fake: FakeAws,
    tmp_path: Path,
    template: Any,
    digest: str,
    given: dict[str, Any],
    fact: str | None,
) -> None:
    image = fake.world.ecr.image("hoge", "1.8.3")
    keep(tmp_path, staged(digest or image, template, **given))

    review = reviewed(fake, target_of(f"{REPOSITORY}:1.8.3", TEMPLATE), tmp_path, beside=("stg",))

    assert [one for one in review.facts if one.startswith("stg")] == ([fact] if fact else [])


def test_environments_whose_records_are_elsewhere_are_not_guessed(
    fake: FakeAws, tmp_path: Path
) -> None:
    target = target_of(f"{REPOSITORY}:1.8.2", TEMPLATE)

    assert ("whether it has served in dev, stg: the records are in another place") in reviewed(
        fake, target, tmp_path, elsewhere=("dev", "stg")
    ).unknowns


def test_an_image_tells_its_age_and_size(fake: FakeAws, tmp_path: Path) -> None:
    digest = fake.world.ecr.image("hoge", "1.8.3")
    fake.clock.advance(7200)

    review = reviewed(fake, target_of(f"{REPOSITORY}:1.8.3", TEMPLATE), tmp_path)

    assert (f"image hoge@{digest[:19]}… was pushed 2 h ago, is tagged 1.8.3, has 50 MB") in [
        one.partition(" (")[0] for one in review.facts
    ]


NEW, OLD = "3fa9c1d2" * 5, "0b5e7a11" * 5


def said(commit: str) -> dict[str, str]:
    return {"org.opencontainers.image.revision": commit} if commit else {}


@pytest.mark.parametrize(
    ("push", "by"), [("image", "annotations"), ("image", "labels"), ("single", "labels")]
)
@pytest.mark.parametrize(
    ("commit", "was", "told"),
    [
        (NEW, NEW, "was built from commit 3fa9c1d23fa9, as the one that runs, "),
        (NEW, OLD, "was built from commit 3fa9c1d23fa9 (the one that runs from 0b5e7a110b5e), "),
        (NEW, "", "was built from commit 3fa9c1d23fa9, "),
        ("", OLD, ""),
    ],
)
def test_an_image_tells_its_commit(
    fake: FakeAws, tmp_path: Path, commit: str, was: str, told: str, push: str, by: str
) -> None:
    pushed = getattr(fake.world.ecr, push)
    running = pushed("hoge", "1.8.2", **{by: said(was)})
    fake.stack(STACK).definition.parameters["Name"] = f"{REPOSITORY}@{running}"
    digest = pushed("hoge", "1.8.3", **{by: said(commit)})

    review = reviewed(fake, target_of(f"{REPOSITORY}:1.8.3", TEMPLATE), tmp_path)

    assert (
        f"image hoge@{digest[:19]}… was pushed just now, {told}is tagged 1.8.3, has 50 MB (the one "
        "that runs has 50 MB)" in review.facts
    )
    assert [one for one in review.unknowns if "image" in one or "commit" in one] == []


def test_no_manifest_is_read_twice(fake: FakeAws, tmp_path: Path) -> None:
    running = fake.world.ecr.image("hoge", "1.8.2", labels=said(OLD))
    fake.stack(STACK).definition.parameters["Name"] = f"{REPOSITORY}@{running}"
    fake.world.ecr.image("hoge", "1.8.3", labels=said(NEW))

    reviewed(fake, target_of(f"{REPOSITORY}:1.8.3", TEMPLATE), tmp_path)

    # both indexes, and the first image in each
    read = [str(one["imageIds"]) for one in fake.asked("BatchGetImage")]
    assert len(read) == len(set(read)) == 4
    assert len(fake.asked("GetDownloadUrlForLayer")) == 2


URL = "ecr:GetDownloadUrlForLayer"


@pytest.mark.parametrize(
    ("push", "permission", "told"),
    [
        ("image", "ecr:BatchGetImage", "hoge:1.8.3's architecture: not checked"),
        ("image", URL, "which commit hoge@{} was built from"),
        ("single", URL, "hoge:1.8.3's architecture: not checked"),
    ],
)
def test_a_permission_that_is_missing_is_told_once(
    fake: FakeAws, tmp_path: Path, push: str, permission: str, told: str
) -> None:
    digest = getattr(fake.world.ecr, push)("hoge", "1.8.3", labels=said(NEW))
    fake.fault(permission.partition(":")[2], denied, times=None)

    review = reviewed(fake, target_of(f"{REPOSITORY}:1.8.3", TEMPLATE), tmp_path)

    assert [one for one in review.unknowns if permission in one] == [
        f"{told.format(f'{digest[:19]}…')}: the permission {permission} is missing"
    ]


def test_the_image_that_runs_is_no_change(fake: FakeAws, tmp_path: Path) -> None:
    """A tag that was put on the same image: nothing would be deployed."""
    [digest] = fake.world.ecr.repositories["hoge"]
    fake.world.ecr.repositories["hoge"][digest]["tags"].append("stable")
    fake.stack(STACK).definition.parameters["Name"] = f"{REPOSITORY}@{digest}"

    review = reviewed(fake, target_of(f"{REPOSITORY}:stable", TEMPLATE), tmp_path)

    assert (sentences(review), review.parameters) == ([], ())
    assert "hoge:stable: the same image as was deployed last" in review.facts


@pytest.mark.parametrize(
    ("tag", "architectures", "said"),
    [
        ("1.8.4", (), "hoge:1.8.4: there is no such image in account 123456789012"),
        ("1.8.3", ("arm64",), "hoge:1.8.3: it is built for linux/arm64, but Task runs on"),
    ],
)
def test_an_image_that_would_not_run_stops_it(
    fake: FakeAws, tmp_path: Path, tag: str, architectures: tuple[str, ...], said: str
) -> None:
    template = copy.deepcopy(TEMPLATE)
    template["Resources"]["Task"]["Properties"]["RuntimePlatform"] = {"CpuArchitecture": "X86_64"}
    fake.canned("ecr", "DescribePullThroughCacheRules", {"pullThroughCacheRules": []})
    if architectures:
        fake.world.ecr.image("hoge", tag, architectures=architectures)

    first = sentences(reviewed(fake, target_of(f"{REPOSITORY}:{tag}", template), tmp_path))[0]

    assert first.startswith(f"approval: the deploy would be refused: {said}")


def test_what_ecr_refuses_is_unknown(fake: FakeAws, tmp_path: Path) -> None:
    fake.fault("DescribeImages", denied, times=None)

    review = reviewed(fake, target_of(f"{REPOSITORY}:1.8.2", TEMPLATE), tmp_path)

    assert any("ecr:DescribeImages is missing" in one for one in review.unknowns)


def test_only_the_newest_records_are_read(tmp_path: Path) -> None:
    keep(tmp_path, *durations(*range(100, 120)))
    records = Records(store=RecordStore(Folder(tmp_path)))

    newest = records.newest("hoge", "prod")

    assert isinstance(newest, list)
    assert len(newest) == 10
