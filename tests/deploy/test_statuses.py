"""Every status of a stack has a row, and what is new to us is never written over.

Trap 40: a stack whose creation failed cannot be updated, one that never was is no stack yet.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import botocore
import pytest

from ecs_blocks.deploy.cloudformation.statuses import (
    STATUSES,
    Removal,
    Result,
    Way,
    is_over,
    row_after_express,
    row_of,
)


def documented() -> set[str]:
    """The statuses that the model of CloudFormation's API lists."""
    folder = Path(botocore.__file__).parent / "data" / "cloudformation" / "2010-05-15"
    model = json.loads(gzip.decompress((folder / "service-2.json.gz").read_bytes()))
    return set(model["shapes"]["StackStatus"]["enum"])


def test_the_table_holds_every_status_that_aws_documents() -> None:
    assert set(STATUSES) == documented()


@pytest.mark.parametrize(
    ("status", "way"),
    [
        ("REVIEW_IN_PROGRESS", Way.CREATE),
        ("CREATE_IN_PROGRESS", Way.WAIT),
        ("CREATE_FAILED", Way.STOP),
        ("CREATE_COMPLETE", Way.UPDATE),
        ("ROLLBACK_IN_PROGRESS", Way.WAIT),
        ("ROLLBACK_COMPLETE", Way.REPLACE),
        ("ROLLBACK_FAILED", Way.STOP),
        ("DELETE_IN_PROGRESS", Way.WAIT),
        ("DELETE_FAILED", Way.STOP),
        ("DELETE_COMPLETE", Way.CREATE),
        ("UPDATE_IN_PROGRESS", Way.WAIT),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", Way.WAIT),
        ("UPDATE_COMPLETE", Way.UPDATE),
        ("UPDATE_FAILED", Way.STOP),
        ("UPDATE_ROLLBACK_IN_PROGRESS", Way.WAIT),
        ("UPDATE_ROLLBACK_FAILED", Way.STOP),
        ("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", Way.WAIT),
        ("UPDATE_ROLLBACK_COMPLETE", Way.UPDATE),
        ("IMPORT_IN_PROGRESS", Way.WAIT),
        ("IMPORT_COMPLETE", Way.UPDATE),
        ("IMPORT_ROLLBACK_IN_PROGRESS", Way.WAIT),
        ("IMPORT_ROLLBACK_FAILED", Way.STOP),
        ("IMPORT_ROLLBACK_COMPLETE", Way.UPDATE),
        ("POLISHING_IN_PROGRESS", Way.WAIT),
        ("POLISHED", Way.STOP),
    ],
)
def test_a_deploy_does_with_each_status_what_is_safe(status: str, way: Way) -> None:
    assert row_of(status).way is way


@pytest.mark.parametrize("status", [*STATUSES, "POLISHED", "POLISHING_IN_PROGRESS"])
def test_a_deletion_does_with_each_status_what_cloudformation_takes(status: str) -> None:
    """CloudFormation deletes a stack at rest, and one that is being created."""
    row = row_of(status)
    expected = Removal.DELETE if is_over(status) else Removal.WAIT
    others = {
        "REVIEW_IN_PROGRESS": Removal.DELETE,
        "CREATE_IN_PROGRESS": Removal.DELETE,
        "UPDATE_IN_PROGRESS": Removal.STOP,
        "DELETE_IN_PROGRESS": Removal.WATCH,
        "DELETE_COMPLETE": Removal.WATCH,
        "POLISHED": Removal.STOP,
    }

    assert row.removal is others.get(status, expected)
    assert row.removal is not Removal.STOP or len(row.before_removal) > 40


@pytest.mark.parametrize("status", ["CREATE_FAILED", "UPDATE_FAILED"])
def test_after_express_no_rollback_is_advised(status: str) -> None:
    """Row 78."""
    assert "{recover}" in row_of(status).advice
    assert "{recover}" not in row_after_express(status).advice
    assert row_after_express("UPDATE_COMPLETE") is row_of("UPDATE_COMPLETE")


@pytest.mark.parametrize("status", [*STATUSES, "POLISHED"])
def test_a_deploy_that_stops_says_what_to_do(status: str) -> None:
    row = row_of(status)

    assert (row.way is not Way.STOP) or len(row.advice) > 40


@pytest.mark.parametrize(
    ("status", "result"),
    [
        ("UPDATE_COMPLETE", Result.DONE),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", Result.DONE),
        ("UPDATE_ROLLBACK_COMPLETE", Result.ROLLED_BACK),
        ("ROLLBACK_COMPLETE", Result.ROLLED_BACK),
        ("DELETE_COMPLETE", Result.GONE),
        ("UPDATE_ROLLBACK_FAILED", Result.STUCK),
        ("UPDATE_IN_PROGRESS", Result.RUNNING),
    ],
)
def test_a_status_tells_how_the_operation_went(status: str, result: Result) -> None:
    assert row_of(status).result is result


def test_only_what_moves_is_not_over() -> None:
    assert {s for s in STATUSES if not is_over(s)} == {
        s for s in STATUSES if s.endswith("_IN_PROGRESS")
    }
