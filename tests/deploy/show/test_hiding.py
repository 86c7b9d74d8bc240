"""Secrets that are known do not stand in what is said of a deploy."""

from __future__ import annotations

import pytest

from ecs_blocks.deploy.ecs.verify import Verdict
from ecs_blocks.deploy.ending import Outcome
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.progress import FailedTask, FailureKind, Resource, Service, Snapshot
from ecs_blocks.deploy.show.hiding import of_outcome, of_snapshot, without, without_credentials

SECRET = "correct horse"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("key AKIAIOSFODNN7EXAMPLE is refused", "key (hidden) is refused"),
        ("postgres://app:hunter2@db:5432/x", "postgres://app:(hidden)@db:5432/x"),
        ("token: expired", "token: expired"),
        ("FATAL: password authentication failed", "FATAL: password authentication failed"),
    ],
)
def test_a_line_of_a_log_loses_what_looks_like_a_credential(line: str, shown: str) -> None:
    assert without_credentials(line) == shown


@pytest.mark.parametrize(
    ("text", "secrets", "shown"),
    [
        ("my secret-value!", {"secret-value"}, "my (hidden)!"),
        ("longer-first longer", {"longer", "longer-first"}, "(hidden) (hidden)"),
        ("a short one", {"short", ""}, "a (hidden) one"),
        (
            "pin=1234, 'a-b!' app:s3c.",
            {"1234", "a-b!", "s3c"},
            "pin=(hidden), '(hidden)' app:(hidden).",
        ),
        ("hoge-prod produces /prod/x 1.prod", {"prod"}, "hoge-prod produces /prod/x 1.prod"),
        ("a task is up: 1 of 1", {"1", "up"}, "a task is up: 1 of 1"),
        ("nothing", set(), "nothing"),
    ],
)
def test_values_that_are_known_are_hidden_wherever_they_stand(
    text: str, secrets: set[str], shown: str
) -> None:
    assert without(text, secrets) == shown


def test_nothing_of_a_snapshot_or_an_outcome_tells_them() -> None:
    said = f"it is {SECRET}"
    task = FailedTask("1", FailureKind.EXIT, said, log_lines=(said,), note=said)
    service = Service("App", "app", "FAILED", failures=(task,), note=said)
    resource = Resource("Topic", "AWS::SNS::Topic", "UPDATE_FAILED", said)
    verdict = Verdict("App", serves=False, sentence=said, failures=(task,))
    snapshot = Snapshot(
        "hoge",
        "UPDATE",
        "UPDATE_FAILED",
        1,
        resources=(resource,),
        services=(service,),
        note=said,
        failed=(resource,),
    )
    outcome = Outcome(
        code=Exit.ROLLED_BACK,
        sentence=said,
        causes=(said,),
        failures=(task,),
        verdicts=(verdict,),
    )

    assert SECRET in repr(snapshot)
    assert SECRET in repr(outcome)
    assert SECRET not in repr(of_snapshot(snapshot, {SECRET}))
    assert SECRET not in repr(of_outcome(outcome, {SECRET}))
