"""What AWS and containers say of a deploy, without the secrets in it that are known.

A secret is known by its form (an access key, a password in a URL), or because it is the value of a
NoEcho parameter. Whatever else a container prints is shown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import structs

from ecs_blocks.deploy.show.masking import HIDDEN
from ecs_blocks.environment.credentials import URL_PASSWORD, VALUES

if TYPE_CHECKING:
    from collections.abc import Collection

    from ecs_blocks.deploy.ecs.verify import Verdict
    from ecs_blocks.deploy.ending import Outcome
    from ecs_blocks.deploy.progress import FailedTask, Service, Snapshot

SHORTEST: Final = 6
"""Characters. A shorter value would be found in words that have nothing to do with it."""
SHORTEST_WORD: Final = 3
"""Characters of a value that is hidden where it stands alone, not as a part of a name, a path or a
number with a point. Of a shorter one nothing would be kept secret, and much made unreadable."""


def without_credentials(line: str) -> str:
    """A line of a log without what looks like a credential."""
    for _, pattern in VALUES:
        line = pattern.sub(HIDDEN, line)
    return URL_PASSWORD.sub(lambda found: found[0].replace(f":{found[1]}@", f":{HIDDEN}@"), line)


def without(text: str, secrets: Collection[str]) -> str:
    """*text* without the values *secrets*.

    Short ones (``SHORTEST``) are hidden only as whole words, the shortest (``SHORTEST_WORD``) not.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST:
            text = text.replace(secret, HIDDEN)
        elif len(secret) >= SHORTEST_WORD and secret in text:
            text = re.sub(rf"(?<![\w./-]){re.escape(secret)}(?![\w/-]|\.\w)", HIDDEN, text)
    return text


def of_snapshot(snapshot: Snapshot, secrets: Collection[str]) -> Snapshot:
    """A snapshot without them: reasons, notes, log lines."""
    if not secrets:
        return snapshot
    resources, failed = (
        tuple(structs.replace(one, reason=without(one.reason, secrets)) for one in some)
        for some in (snapshot.resources, snapshot.failed)
    )
    services = tuple(_service(one, secrets) for one in snapshot.services)
    note = without(snapshot.note, secrets)
    return structs.replace(
        snapshot, resources=resources, failed=failed, services=services, note=note
    )


def of_outcome(outcome: Outcome, secrets: Collection[str]) -> Outcome:
    """An outcome without them: its sentence, causes, log lines."""
    if not secrets:
        return outcome
    return structs.replace(
        outcome,
        sentence=without(outcome.sentence, secrets),
        causes=tuple(without(cause, secrets) for cause in outcome.causes),
        failures=tuple(_task(one, secrets) for one in outcome.failures),
        verdicts=tuple(_verdict(one, secrets) for one in outcome.verdicts),
    )


def _service(service: Service, secrets: Collection[str]) -> Service:
    return structs.replace(
        service,
        failures=tuple(_task(one, secrets) for one in service.failures),
        note=without(service.note, secrets),
    )


def _verdict(verdict: Verdict, secrets: Collection[str]) -> Verdict:
    return structs.replace(
        verdict,
        sentence=without(verdict.sentence, secrets),
        failures=tuple(_task(one, secrets) for one in verdict.failures),
    )


def _task(task: FailedTask, secrets: Collection[str]) -> FailedTask:
    return structs.replace(
        task,
        summary=without(task.summary, secrets),
        log_lines=tuple(without(line, secrets) for line in task.log_lines),
        note=without(task.note, secrets),
    )
