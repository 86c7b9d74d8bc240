"""What went back serves only where its services were seen to; what was left out is told."""

from __future__ import annotations

import pytest

from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.ending import back
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.recovery import recovery_of, start
from ecs_blocks.deploy.undoing import rested, undone
from tests.deploy.stage import STACK, Person, deploy, deployed, place, prepared
from tests.deploy.test_service_deploy import TEMPLATE
from tests.fake_aws import FakeAws


@pytest.mark.slow
@pytest.mark.parametrize(
    ("skip", "told", "verdicts"),
    [
        ([], "the version before serves", ["Service"]),
        (["Service"], "other than the stack says, as they were left out: Service", []),
    ],
)
def test_after_a_recovery_what_is_said_to_serve_was_seen_to(
    skip: list[str], told: str, verdicts: list[str]
) -> None:
    with FakeAws() as fake:
        fake.ecs.cluster()
        deploy(fake, prepared("1.8.2", TEMPLATE))
        fake.script.resource_fails("Service", "no", on="UPDATE")
        fake.script.resource_fails("Service", "no again", on="ROLLBACK")
        deploy(fake, prepared("1.8.3", TEMPLATE))
        aws, stack = fake.aws(), read_stack(fake.aws(), STACK)
        assert stack is not None
        recovery = recovery_of(aws, place(), stack, skip)
        assert recovery is not None
        operation = start(aws, place(), stack, recovery)
        paths = [one.path for one in recovery.skipped]
        outcome = undone(aws, place(), operation, Person(), skipped=paths)

    assert told in outcome.sentence
    assert [one.logical_id for one in outcome.verdicts] == verdicts
    assert ("serves" in outcome.sentence) is bool(verdicts)
    assert outcome.code is Exit.DONE


def test_what_does_not_come_to_rest_is_told_as_it_is_now() -> None:
    with FakeAws() as fake:
        deployed(fake)
        made = fake.stack(STACK)
        made.force_status("ROLLBACK_IN_PROGRESS")
        stack = read_stack(fake.aws(), STACK)
        assert stack is not None
        made.force_status("UPDATE_ROLLBACK_IN_PROGRESS")
        with pytest.raises(DeployError, match=f"{STACK} is UPDATE_ROLLBACK_IN_PROGRESS, although"):
            rested(fake.aws(), place(), stack, Person())


def test_without_a_verdict_nothing_is_said_to_serve() -> None:
    assert back([]) == "the version before is back"
