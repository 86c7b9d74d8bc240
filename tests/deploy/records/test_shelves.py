"""What is special to a folder, and to a bucket: rights, faults, pages. No deploy fails by them."""

from __future__ import annotations

import os
import resource
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.records.store import Kept, RecordStore, open_store
from ecs_blocks.environment.deploy_settings import DeploySettings
from tests.deploy.records.examples import ACCOUNT, at, record
from tests.deploy.records.services import Bucket, Services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.deploy.records.services import Fault

NAME = "prod/hoge/2026-11-23T014903Z-89a028f9.json"
NOT_AT = "there is no record of this deploy at"
HERE = "Records under deploy: in platform.yaml"


@pytest.fixture
def folder(services: Services, tmp_path: Path) -> RecordStore:
    return open_store(DeploySettings(), services.aws(), ACCOUNT, tmp_path)


@pytest.fixture
def bucket(services: Services, tmp_path: Path) -> RecordStore:
    settings = DeploySettings(records="s3://records/all")
    return open_store(settings, services.aws(), ACCOUNT, tmp_path)


def files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_a_folder_is_beside_the_stacks_and_not_in_git(folder: RecordStore, tmp_path: Path) -> None:
    kept = folder.write(record())
    records = tmp_path / ".ecs-blocks" / "records"

    assert kept == Kept(str(records / NAME))
    assert files(records) == [".gitignore", NAME]
    assert (records / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_who_wants_records_in_git_empties_gitignore(folder: RecordStore, tmp_path: Path) -> None:
    folder.write(record())
    ignore = tmp_path / ".ecs-blocks" / "records" / ".gitignore"
    ignore.write_text("", encoding="utf-8")
    folder.write(at(10))

    assert ignore.read_text(encoding="utf-8") == ""


def test_a_record_is_for_its_owner_s_eyes_only(folder: RecordStore) -> None:
    folder.write(record())
    kept = folder.write(record(verified=False))

    assert stat.S_IMODE(Path(kept.place).stat().st_mode) == 0o600


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file gets larger than *size* bytes."""
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))


def test_a_file_is_never_half_written(folder: RecordStore, tmp_path: Path) -> None:
    kept = folder.write(record())
    with room_for(100):
        failed = folder.write(record(verified=False))

    assert failed.place == ""
    assert failed.warning.startswith(f"{NOT_AT} {kept.place}: ")
    assert failed.warning.endswith(": File too large")
    assert folder.read("hoge", "prod", "1") == record()
    assert files(tmp_path / ".ecs-blocks" / "records") == [".gitignore", NAME]


def test_what_has_no_end_is_no_record(folder: RecordStore) -> None:
    kept = Path(folder.write(record()).place)
    kept.unlink()
    kept.symlink_to("/dev/zero")
    [entry] = folder.entries("hoge", "prod")

    assert ": this is not a record: " in entry.problem


def test_a_pipe_is_not_waited_for(folder: RecordStore) -> None:
    kept = Path(folder.write(record()).place)
    kept.unlink()
    os.mkfifo(kept)
    [entry] = folder.entries("hoge", "prod")

    assert ": this is not a record: " in entry.problem


def test_a_link_that_somebody_left_leads_to_no_other_file(
    folder: RecordStore, tmp_path: Path
) -> None:
    """Neither in the place of a record, nor under the name that a half-written one once had."""
    kept = Path(folder.write(record()).place)
    other = tmp_path / "other"
    other.write_text("mine")
    kept.unlink()
    kept.symlink_to(other)
    kept.with_name(f".{kept.stem}.{os.getpid()}").symlink_to(other)
    failed = folder.write(record())
    again = folder.write(at(10))

    assert failed.warning.endswith(": it is a link; name the file that it leads to")
    assert again.place
    assert other.read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_a_warning(folder: RecordStore, tmp_path: Path) -> None:
    (tmp_path / ".ecs-blocks").write_text("a file")
    place = tmp_path / ".ecs-blocks" / "records" / NAME
    kept = folder.write(record())

    assert kept.place == ""
    assert kept.warning.startswith(f"{NOT_AT} {place}: ")
    assert kept.warning.endswith(": Not a directory")


def test_the_object_s_name_is_the_environment_s_the_app_s_and_the_id(
    bucket: RecordStore, services: Services
) -> None:
    kept = bucket.write(record())

    assert kept == Kept(f"s3://records/all/{NAME}")
    assert list(services.buckets["records"].objects) == [f"all/{NAME}"]
    assert services.requests == ["GET records/", f"PUT records/all/{NAME}"]


@pytest.mark.parametrize(
    ("records", "name"),
    [
        ("s3://records", NAME),
        ("s3://records/", NAME),
        ("s3://records/of/deploys", f"of/deploys/{NAME}"),
        ("s3://records/of/deploys/", f"of/deploys/{NAME}"),
    ],
)
def test_a_prefix_comes_before_it(
    services: Services, tmp_path: Path, records: str, name: str
) -> None:
    store = open_store(DeploySettings(records=records), services.aws(), ACCOUNT, tmp_path)
    store.write(record())

    assert list(services.buckets["records"].objects) == [name]


def test_all_pages_of_a_bucket_are_read(bucket: RecordStore, services: Services) -> None:
    for minute in range(5):
        bucket.write(at(minute))
    services.page = 2

    assert [e.when[14:16] for e in bucket.entries("hoge", "prod")] == ["04", "03", "02", "01", "00"]


def test_a_write_that_was_done_before_the_connection_broke_is_one_record(
    bucket: RecordStore, services: Services
) -> None:
    services.faults = [("PUT", "reset after")]
    lost = bucket.write(record())
    kept = bucket.write(record())

    assert "could not be reached" in lost.warning
    assert kept == Kept(f"s3://records/all/{NAME}")
    assert list(services.buckets["records"].objects) == [f"all/{NAME}"]


def test_two_processes_that_end_together_write_one_record(
    bucket: RecordStore, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = services.buckets["records"].objects
    names = type(bucket.shelf).names

    def late(shelf: object, group: str) -> list[str]:
        """The other process writes just after this one has looked."""
        found = names(shelf, group)  # type: ignore[arg-type]  # a Bucket, as above
        other = RecordStore(bucket.shelf)
        monkeypatch.setattr(type(bucket.shelf), "names", names)
        other.write(record(who="the other"))
        return found

    monkeypatch.setattr(type(bucket.shelf), "names", late)
    kept = bucket.write(record(code=Exit.INTERRUPTED))

    assert kept == Kept(f"s3://records/all/{NAME}")
    assert list(put) == [f"all/{NAME}"]
    assert bucket.read("hoge", "prod", "1") == record(who="the other")


@pytest.mark.parametrize(
    ("made", "faults", "expected"),
    [
        (
            None,
            [],
            f"reading records: there is no bucket records; make it in account {ACCOUNT}, or "
            f"correct {HERE}",
        ),
        (
            Bucket(owner="999999999999"),
            [],
            "reading records: S3 refuses access to the bucket records: AccessDenied it is; it has "
            f"to belong to account {ACCOUNT} and allow this to your role; it is {HERE}",
        ),
        (
            Bucket(allows=frozenset({"GET"})),
            [],
            "writing the record: S3 refuses access to the bucket records: AccessDenied it is; it "
            f"has to belong to account {ACCOUNT} and allow this to your role; it is {HERE}",
        ),
        (Bucket(), [("GET", "reset")], "reading records: AWS could not be reached: "),
        (Bucket(), [("PUT", "500")], "writing the record: AWS could not be reached: "),
        (
            Bucket(),
            [("PUT", "ExpiredToken")],
            "writing the record: AWS does not accept the credentials: ",
        ),
    ],
)
def test_a_bucket_that_does_not_take_it_is_a_warning(
    bucket: RecordStore,
    services: Services,
    made: Bucket | None,
    faults: list[tuple[str, Fault]],
    expected: str,
) -> None:
    services.buckets = {"records": made} if made else {}
    services.faults = list(faults)
    kept = bucket.write(record())

    assert kept.place == ""
    assert kept.warning.startswith(f"{NOT_AT} s3://records/all/{NAME}: {expected}")
    assert "\n" not in kept.warning


@pytest.mark.parametrize(
    ("fault", "code"),
    [("reset", Exit.STILL_RUNNING), ("ExpiredToken", Exit.CREDENTIALS), ("403", Exit.REJECTED)],
)
def test_a_list_that_cannot_be_had_is_an_error_and_not_an_empty_list(
    bucket: RecordStore, services: Services, fault: Fault, code: Exit
) -> None:
    bucket.write(record())
    services.faults = [("GET", fault)]
    with pytest.raises(DeployError) as refused:
        bucket.entries("hoge", "prod")

    assert refused.value.code == code


def test_a_record_that_is_deleted_meanwhile_is_a_line_of_the_list(
    bucket: RecordStore, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket.write(record())
    names = bucket.shelf.names("prod/hoge")
    services.buckets["records"].objects.clear()
    monkeypatch.setattr(type(bucket.shelf), "names", lambda *_: names)
    [entry] = bucket.entries("hoge", "prod")

    assert entry.id == record().id
    assert entry.problem == f"reading s3://records/all/{NAME}: NoSuchKey: NoSuchKey it is"


def test_while_the_connection_is_lost_a_record_is_not_called_broken(
    bucket: RecordStore, services: Services
) -> None:
    bucket.write(record())
    services.faults = [("GET", "none"), ("GET", "500")]  # the list comes, the record does not
    with pytest.raises(DeployError) as refused:
        bucket.entries("hoge", "prod")

    assert refused.value.code == Exit.STILL_RUNNING


def test_a_folder_that_can_be_written_to_is_left_as_it_was(
    folder: RecordStore, tmp_path: Path
) -> None:
    folder.refuse_unwritable("hoge", "prod")

    assert files(tmp_path / ".ecs-blocks" / "records") == [".gitignore"]


def test_a_folder_that_cannot_be_written_to_is_refused_before(
    folder: RecordStore, tmp_path: Path
) -> None:
    (tmp_path / ".ecs-blocks").touch()
    with pytest.raises(DeployError, match="Not a directory; nothing was changed") as error:
        folder.refuse_unwritable("hoge", "prod")

    assert error.value.code is Exit.INTERNAL
    assert HERE in error.value.hint


def test_a_bucket_that_can_be_written_to_has_no_more_records(
    bucket: RecordStore, services: Services
) -> None:
    assert "records" in services.buckets
    bucket.refuse_unwritable("hoge", "prod")

    assert bucket.entries("hoge", "prod") == []


def test_a_bucket_that_cannot_be_written_to_is_refused_before(
    bucket: RecordStore, services: Services
) -> None:
    services.buckets.clear()
    with pytest.raises(DeployError, match="there is no bucket records; nothing was") as error:
        bucket.refuse_unwritable("hoge", "prod")

    assert error.value.code is Exit.REJECTED
