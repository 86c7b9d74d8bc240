"""Records kept and found again, in a folder and in a bucket alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.records.record import encoded
from ecs_blocks.deploy.records.store import RecordStore, open_store
from ecs_blocks.environment.deploy_settings import DeploySettings
from tests.deploy.records.examples import ACCOUNT, at, record

if TYPE_CHECKING:
    from pathlib import Path

    from tests.deploy.records.services import Services

FIRST = "prod/hoge/2026-11-23T014903Z-89a028f9"


@pytest.fixture(params=["a folder", "a bucket", "a bucket with a prefix"])
def store(request: pytest.FixtureRequest, services: Services, tmp_path: Path) -> RecordStore:
    records = {
        "a folder": "some/records",
        "a bucket": "s3://records",
        "a bucket with a prefix": "s3://records/of/deploys/",
    }[request.param]
    return open_store(DeploySettings(records=records), services.aws(), ACCOUNT, tmp_path)


def ids(store: RecordStore, **which: int) -> list[str]:
    return [entry.id for entry in store.entries("hoge", "prod", **which)]


def test_a_record_is_found_as_it_was_written(store: RecordStore) -> None:
    kept = store.write(record())

    assert kept.warning == ""
    assert kept.place.endswith(f"/{FIRST}.json")
    assert store.read("hoge", "prod", record().id) == record()


def test_entries_are_newest_first_and_numbered(store: RecordStore) -> None:
    for minute in (10, 30, 20):
        store.write(at(minute))
    entries = store.entries("hoge", "prod")

    assert [(entry.number, entry.when[14:16]) for entry in entries] == [
        (1, "30"),
        (2, "20"),
        (3, "10"),
    ]
    assert ids(store, limit=2) == [at(30).id, at(20).id]


def test_an_entry_says_what_the_list_shows(store: RecordStore) -> None:
    store.write(record(code=Exit.ROLLED_BACK, verified=False, root_cause="the task exited 1"))
    [entry] = store.entries("hoge", "prod")

    assert (entry.number, entry.id, entry.when) == (1, record().id, "2026-11-23T01:49:03Z")
    assert (entry.exit_code, entry.result, entry.verified) == (10, "rolled back", False)
    assert (entry.commit, entry.dirty, entry.branch) == ("4ca8" * 10, False, "main")
    assert (entry.who, entry.images) == (record().who, record().images)
    assert (entry.root_cause, entry.duration_s) == ("the task exited 1", 251.3)
    assert entry.content == record().content


def test_apps_and_environments_are_apart(store: RecordStore) -> None:
    for app, environment in (("hoge", "dev"), ("hoge-api", "prod"), ("fuga", "prod")):
        store.write(record(app=app, environment=environment))

    assert ids(store) == []
    assert len(store.entries("hoge", "dev")) == 1


def test_the_same_operation_has_one_record(store: RecordStore) -> None:
    first = store.write(record(code=Exit.INTERRUPTED, verified=False))
    later = store.write(at(59, operation="eb-1111-2222"))
    [entry] = store.entries("hoge", "prod")

    assert later.place == first.place
    assert (entry.result, entry.id) == ("done", at(59, operation="eb-1111-2222").id)


@pytest.mark.parametrize("code", [Exit.STILL_RUNNING, Exit.INTERRUPTED, Exit.TERMINATED])
def test_who_stopped_watching_does_not_replace_who_saw_the_end(
    store: RecordStore, code: Exit
) -> None:
    store.write(record(code=Exit.ROLLED_BACK))
    store.write(record(code=code))

    assert [entry.result for entry in store.entries("hoge", "prod")] == ["rolled back"]


def test_who_saw_the_end_last_is_right(store: RecordStore) -> None:
    store.write(record(verified=False))
    store.write(record())

    assert [entry.verified for entry in store.entries("hoge", "prod")] == [True]


def test_of_two_that_stopped_watching_the_later_one_is_kept(store: RecordStore) -> None:
    store.write(record(code=Exit.INTERRUPTED))
    store.write(record(code=Exit.STILL_RUNNING))

    assert [entry.result for entry in store.entries("hoge", "prod")] == ["still running"]


@pytest.mark.parametrize("code", [Exit.DONE, Exit.INTERRUPTED])
def test_a_damaged_record_of_the_same_operation_is_mended(store: RecordStore, code: Exit) -> None:
    store.shelf.add("prod/hoge", FIRST.rpartition("/")[2], b"half of a")
    kept = store.write(record(code=code))

    assert kept.warning == ""
    assert store.read("hoge", "prod", "1") == record(code=code)


def test_operations_whose_marks_are_the_same_by_chance_are_apart(store: RecordStore) -> None:
    one, other = (at(10, operation="operation-3334"), at(20, operation="operation-104703"))
    store.write(one)
    store.write(other)

    assert one.id[-8:] == other.id[-8:]
    assert ids(store) == [other.id, one.id]


def test_what_is_there_is_not_added_again(store: RecordStore) -> None:
    added = [store.shelf.add("prod/hoge", "name", content) for content in (b"first", b"second")]

    assert added == [True, False]
    assert store.shelf.load("prod/hoge", "name") == b"first"


def test_a_record_that_cannot_be_read_is_a_line_of_the_list(store: RecordStore) -> None:
    store.write(at(10))
    store.shelf.add("prod/hoge", "2026-11-24T000000Z-00000000", b"{}")
    broken, good = store.entries("hoge", "prod")

    assert (broken.number, broken.id) == (1, "2026-11-24T00:00:00Z-00000000")
    assert "2026-11-24T000000Z-00000000.json: this is not a record: " in broken.problem
    assert (good.number, good.problem) == (2, "")


def test_what_else_lies_there_is_passed_over(store: RecordStore) -> None:
    for name in ("notes", "2026-11-24", "2026-11-24T000000Z-00000000 copy", ".2026"):
        store.shelf.add("prod/hoge", name, b"")

    assert ids(store) == []


@pytest.mark.parametrize(
    ("which", "minute"),
    [
        ("1", 40),
        ("2", 30),
        ("4", 10),
        (at(10).id, 10),
        (at(10).id.replace(":", ""), 10),
        (at(10).id[-8:], 10),
    ],
)
def test_a_deploy_is_named_in_many_ways(store: RecordStore, which: str, minute: int) -> None:
    store.write(at(10))
    store.write(at(20))
    store.write(at(30))
    store.write(at(40, code=Exit.ROLLED_BACK, verified=False))

    assert store.read("hoge", "prod", which) == (
        at(minute) if minute != 40 else at(40, code=Exit.ROLLED_BACK, verified=False)
    )


NEWEST = f"the newest is {at(10).id}\n  give an id like it, or a number (1 is the newest)"


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        ("0", "there is no deploy 0 of hoge in prod; there are 1 (the newest) to 1"),
        ("2", "there is no deploy 2 of hoge in prod; there are 1 (the newest) to 1"),
        ("", f"there is no one deploy  of hoge in prod; {NEWEST}"),
        ("nxt", f"there is no one deploy nxt of hoge in prod; {NEWEST}"),
        ("../../x", f"there is no one deploy ../../x of hoge in prod; {NEWEST}"),
        ("²", f"there is no one deploy ² of hoge in prod; {NEWEST}"),
    ],
)
def test_a_name_of_no_deploy_is_refused(store: RecordStore, which: str, expected: str) -> None:
    store.write(at(10))
    with pytest.raises(DeployError) as refused:
        store.read("hoge", "prod", which)

    assert (refused.value.code, str(refused.value)) == (Exit.INPUT, expected)


@pytest.mark.parametrize("which", ["1", at(10).id])
def test_where_there_is_no_record_that_is_said(store: RecordStore, which: str) -> None:
    with pytest.raises(DeployError, match=r"^there is no record of a deploy of hoge in prod$"):
        store.read("hoge", "prod", which)


@pytest.mark.parametrize(("app", "environment"), [("../x", "prod"), ("hoge", ""), ("a/b", "prod")])
def test_nothing_outside_is_reached_by_a_name(
    store: RecordStore, app: str, environment: str
) -> None:
    with pytest.raises(DeployError, match="these are no names of an app"):
        store.entries(app, environment)


def test_a_million_bytes_come_back(store: RecordStore) -> None:
    large = record(template_text="日本\n" * 140_000)
    store.write(large)

    assert len(encoded(large)) > 1_000_000
    assert store.read("hoge", "prod", "1") == large
