"""Why a task stopped, from what DescribeTasks says of it: pure, and without asking AWS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from ecs_blocks.deploy.ecs import facts as known
from ecs_blocks.deploy.ecs.names import MAX_READ, cleaned, last
from ecs_blocks.deploy.ecs.reasons_fetch import FETCHING
from ecs_blocks.deploy.ecs.reasons_place import PLACING
from ecs_blocks.deploy.ecs.reasons_run import EXITS, FIRST, LOG_LINES, RUNNING
from ecs_blocks.deploy.ecs.rules import Meaning, filled, meaning
from ecs_blocks.deploy.progress import FailedTask, FailureKind
from ecs_blocks.deploy.show.hiding import without_credentials

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GROUPS: Final = (*FIRST, *FETCHING, *PLACING, *RUNNING)
"""In this order: what is found first is nearer to the cause."""

_SCALED_IN: Final = "Scaling activity initiated by"
_WENT_WRONG: Final = re.compile(r"fail|unhealthy|error", re.IGNORECASE)
_EVENT: Final = re.compile(
    r"^\(?service [^)]*?\)?,? ?(?:\(?task ?set [^)]*\) )?(?=was |failed |is )"
)
_PLACEMENT: Final = re.compile(
    r"was unable to place a task|failed to launch a task|was unable to stop or start tasks"
)
_ADVICE: Final = re.compile(r"\s*For more information, see .*$", re.DOTALL)


def is_scale_in(task: Mapping[str, Any]) -> bool:
    """Whether ECS stopped the task because it was no longer wanted, not because it failed.

    The stop code alone does not say so: a task that fails a health check has the same one.
    """
    reason = str(task.get("stoppedReason", ""))
    is_own_choice = task.get("stopCode") == "ServiceSchedulerInitiated"
    return reason.startswith(_SCALED_IN) or (is_own_choice and not _WENT_WRONG.search(reason))


def is_alone(task: Mapping[str, Any]) -> bool:
    """Whether it belongs to no service: a job's task, or one that runs once. Then it may end."""
    return str(task.get("group", "")).startswith("family:")


def has_ended_well(task: Mapping[str, Any], definition: Mapping[str, Any] | None) -> bool:
    """Whether the task of a job did what it had to: the container that it stopped for ended with 0.

    Others that had to stop with it may have another exit code.
    """
    container = culprit(task, definition) or {}
    is_own_end = task.get("stopCode") == "EssentialContainerExited" and not container.get("reason")
    return is_alone(task) and is_own_end and container.get("exitCode") == 0


def culprit(
    task: Mapping[str, Any], definition: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    """The container that the task stopped for, or None where there is none.

    One with a reason of its own goes before one with an exit code, an essential one before others;
    exit codes 137 and 143 are often those of containers that were stopped with the task.
    """
    containers = list(task.get("containers", ()))
    reason = str(task.get("stoppedReason", ""))
    if "ELB health" in reason:
        exposed = known.exposed(definition)
        containers = [c for c in containers if c.get("name") in exposed] or containers
    elif "container health" in reason:
        sick = [c for c in containers if c.get("healthStatus") == "UNHEALTHY"]
        containers = sick or containers
    return min(containers, key=lambda c: _rank(c, definition), default=None)


def _rank(container: Mapping[str, Any], definition: Mapping[str, Any] | None) -> int:
    essential = known.container(definition, str(container.get("name"))).get("essential", True)
    code: int | None = container.get("exitCode")
    if container.get("reason") and (essential or code is None):
        return 0
    if not essential:
        return 9
    if code is None:
        return 8
    return {137: 2, 0: 3, 143: 4}.get(code, 1)


def classify(
    task: Mapping[str, Any],
    definition: Mapping[str, Any] | None,
    *,
    lines: Sequence[str] = (),
    previous: Mapping[str, Any] | None = None,
    health: str = "",
) -> FailedTask:
    """What DescribeTasks says of a stopped *task*, in a developer's words.

    ``definition`` is the task's own task definition, ``previous`` that of the version before it,
    ``lines`` the last lines of ``culprit``'s log, ``health`` why the load balancer found it
    unhealthy. None of them has to be known. No values of variables or secrets are repeated.
    """
    container = culprit(task, definition)
    own = str((container or {}).get("reason", ""))
    about = [own, str(task.get("stoppedReason", "")), *known.attachment_reasons(task)]
    text = "\n".join(part[:MAX_READ] for part in dict.fromkeys(about) if part)[: 3 * MAX_READ]
    facts = known.facts(text, task, container, definition, health)
    code = (container or {}).get("exitCode")
    found = meaning(text, facts, GROUPS)
    if found is None:
        found = _ended(facts, code, lines)
        if code == 0 and is_alone(task):
            found = structs.replace(found, hint="")
    if found.kind is FailureKind.EXIT:
        missing = known.missing_name(facts["container"], lines, definition, previous)
        found = Meaning(found.kind, found.summary, missing or found.hint)
    return FailedTask(
        task_id=last(str(task.get("taskArn", ""))),
        kind=found.kind,
        summary=without_credentials(found.summary),
        container=str((container or {}).get("name", "")),
        exit_code=code,
        ran_s=known.ran_s(task),
        log_lines=tuple(lines),
        hint=without_credentials(found.hint),
    )


def _ended(facts: Mapping[str, str], code: int | None, lines: Sequence[str]) -> Meaning:
    """What it means that a container ended although nothing else went wrong."""
    if code is None:
        words = facts["text"] or "AWS does not say why"
        return Meaning(FailureKind.OTHER, f"the task stopped: {words}", "")
    what, hint = EXITS.get(code, (f"exited {code}", "the log lines say why"))
    if code > 128 and code not in EXITS:
        what = f"{what} (signal {code - 128})" if code < 160 else what
    said = _said(facts, lines)
    summary = f"{facts['container']} {what}"
    if said is None:
        return Meaning(FailureKind.EXIT, summary, hint)
    return Meaning(said.kind, said.summary or summary, said.hint)


def _said(facts: Mapping[str, str], lines: Sequence[str]) -> Meaning | None:
    """What the last log lines say of the cause."""
    text = "\n".join(lines)
    for rule in LOG_LINES:
        found = rule.pattern.search(text)
        if found:
            return filled(rule, facts, found)
    return None


def from_event(message: str, definition: Mapping[str, Any] | None) -> FailedTask | None:
    """A failure to place or start a task that one of the service's events tells, or None."""
    if not _PLACEMENT.search(message):
        return None
    text = _ADVICE.sub("", _EVENT.sub("", message[:MAX_READ])).strip()
    container = next(iter((definition or {}).get("containerDefinitions", ())), None)
    facts = known.facts(text, {}, container, definition, "")
    found = meaning(text, facts, GROUPS)
    if found is None:
        found = Meaning(FailureKind.NO_CAPACITY, cleaned(text), "")
    return FailedTask(
        task_id="",
        kind=found.kind,
        summary=without_credentials(found.summary),
        hint=without_credentials(found.hint),
    )
