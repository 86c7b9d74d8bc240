"""Prove that what was deployed serves: CloudFormation's success says nothing of the new tasks.

ECS may go back to the version before by itself, and CloudFormation still reports UPDATE_COMPLETE
(https://github.com/aws/containers-roadmap/issues/1369).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from ecs_blocks.deploy.calls import explained, is_passing, text_of
from ecs_blocks.deploy.ecs.judge import Judgement, Proof, judge
from ecs_blocks.deploy.ecs.names import last
from ecs_blocks.deploy.ecs.reading import DEFINITION, TARGET_HEALTH, UnknownCluster
from ecs_blocks.deploy.ecs.standing import Standing
from ecs_blocks.deploy.ecs.watcher import ServiceWatcher
from ecs_blocks.deploy.progress import FailedTask

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ecs_blocks.deploy.aws import Aws

_EVERY_S: Final = 5.0
_READS: Final = 3
"""How often something has to be read before it counts: DescribeServices may be a moment behind."""


class ExpectedService(Struct, frozen=True):
    """A service of the stack, and the task definition's ARN that the stack gives it.

    Where the task definition is not known (an empty text) nothing can be proven. ``cluster`` is for
    an ARN of the old format, which does not name it; empty where that is not known either.
    ``deployment_id`` is which of its deployments is meant, empty for any.
    """

    logical_id: str
    service_arn: str
    task_definition_arn: str
    cluster: str = ""
    deployment_id: str = ""


class Verdict(Struct, frozen=True):
    """Whether a service serves what was deployed, in one sentence.

    ``is_decided`` is False where the time was over before ECS had come to an end, or where it is
    not known what to compare with.
    """

    logical_id: str
    serves: bool
    sentence: str
    failures: tuple[FailedTask, ...] = ()
    is_decided: bool = True


def not_serving(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Those of services that do not serve, or of which that is not known."""
    return [one for one in verdicts if not one.serves]


def failures_of(verdicts: Iterable[Verdict]) -> tuple[FailedTask, ...]:
    """The tasks that failed, of all services."""
    return tuple(failure for one in verdicts for failure in one.failures)


def verify_services(
    aws: Aws, expected: Sequence[ExpectedService], timeout_s: float
) -> list[Verdict]:
    """The verdict on each service, in their order; waits while a deployment is in progress.

    Raises:
        DeployError: ECS may not be asked, or the credentials are over: exit 14.
    """
    cases = [_Case(aws, one) for one in expected]
    end_s = aws.clock.now_s() + timeout_s
    while True:
        for case in cases:
            if case.verdict is None:
                case.look()
        now_s = aws.clock.now_s()
        if now_s >= end_s or all(case.verdict for case in cases):
            return [case.verdict or case.undecided(timeout_s) for case in cases]
        aws.clock.sleep(min(_EVERY_S, end_s - now_s))


class _Case:
    """One service while it is verified."""

    def __init__(self, aws: Aws, expected: ExpectedService) -> None:
        self._expected = expected
        self._watcher = ServiceWatcher(
            aws,
            expected.logical_id,
            expected.service_arn,
            expected.task_definition_arn or None,
            cluster=expected.cluster,
            deployment_id=expected.deployment_id,
        )
        self._same = 0
        self._last: Standing | None = None
        self._open = ""
        self.verdict: Verdict | None = None
        if not expected.task_definition_arn:
            self.verdict = self._not_proven("which task definition the stack gives it is not known")

    def look(self) -> None:
        watcher = self._watcher
        watcher.look()
        if isinstance(watcher.error, UnknownCluster):
            self.verdict = self._not_proven(text_of(watcher.error))
            return
        if watcher.error is not None:
            if not is_passing(watcher.error):
                raise explained(watcher.error, f"verifying {self._name}") from watcher.error
            self._open = f"ECS did not answer: {text_of(watcher.error)}"
            return
        at = watcher.standing
        self._same = self._same + 1 if at is self._last else 1
        self._last = at
        found = judge(self._proof(at))
        self._open = found.sentence
        if found.is_final or (found.is_likely and self._same >= _READS):
            self.verdict = self._verdict(found)

    def _proof(self, at: Standing) -> Proof:
        watcher, now = self._watcher, self._watcher.state
        proof = Proof(watcher.target, now, at, watcher.replaced_by)
        if at is not Standing.DEPLOYED or now is None:
            return proof
        reader = watcher.reader
        definition = reader.fresh_definition(watcher.target)
        targets = tuple(reader.targets(pair) for pair in now.target_groups if now.desired)
        asked = sum(len(pair) for pair in now.target_groups if now.desired)
        unread = {
            DEFINITION: definition is None,
            TARGET_HEALTH: sum(map(len, targets)) < asked,
        }
        missing = {permission for permission, is_missing in unread.items() if is_missing}
        return structs.replace(
            proof,
            definition_status=str((definition or {}).get("status", "")),
            targets=targets,
            is_complete=missing <= reader.denied,
            notes=tuple(reader.notes[permission] for permission in sorted(missing & reader.denied)),
        )

    def _verdict(self, found: Judgement) -> Verdict:
        failures = () if found.serves else self._watcher.failures
        return Verdict(self._expected.logical_id, found.serves, found.sentence, failures)

    def _not_proven(self, why: str) -> Verdict:
        return Verdict(
            self._expected.logical_id,
            serves=False,
            sentence=f"whether {self._name} serves is not proven: {why}",
            is_decided=False,
        )

    def undecided(self, timeout_s: float) -> Verdict:
        return Verdict(
            self._expected.logical_id,
            serves=False,
            sentence=f"{self._open} (after {timeout_s:.0f} s)",
            failures=self._watcher.failures,
            is_decided=False,
        )

    @property
    def _name(self) -> str:
        return last(self._expected.service_arn)
