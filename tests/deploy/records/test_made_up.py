"""A record that is made from the stack alone holds nothing that may be a secret."""

from __future__ import annotations

from typing import Any, Final

import pytest
from msgspec import structs

from ecs_blocks.deploy.progress import FailedTask, FailureKind
from ecs_blocks.deploy.recording import made_up_for
from tests.deploy.stage import TEMPLATE, deploy, place, prepared
from tests.fake_aws import FakeAws

SECRET: Final = "hunter2"
FAILED: Final = FailedTask(
    "7f2a", FailureKind.EXIT, f"exited: {SECRET}", exit_code=1, log_lines=(f"{SECRET}: no",)
)


@pytest.mark.parametrize("no_echo", [True, False])
def test_texts_of_failed_tasks_are_kept_only_where_nothing_is_hidden(*, no_echo: bool) -> None:
    name: dict[str, Any] = {"Type": "String", "NoEcho": True} if no_echo else {"Type": "String"}
    template = {**TEMPLATE, "Parameters": {"Name": name}}
    with FakeAws() as fake:
        outcome = structs.replace(deploy(fake, prepared(SECRET, template)), failures=(FAILED,))
        record = made_up_for(fake.aws(), place(), outcome, "1", fake.clock)

    assert record is not None
    [failure] = record.failures
    assert (failure.task_id, failure.exit_code) == ("7f2a", 1)
    assert (failure.reason, failure.log_lines) == (
        ("", ()) if no_echo else (f"exited: {SECRET}", (f"{SECRET}: no",))
    )
