"""The record of one deploy: all that is needed to deploy the same again, and how it went.

Values of NoEcho parameters are never in it: such a parameter is listed, and its value is null.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any, Final

import msgspec
from msgspec import Struct, structs

from ecs_blocks.deploy.cloudformation.statuses import Result, row_of
from ecs_blocks.deploy.content import Content, hidden_in
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.git import Revision
from ecs_blocks.deploy.place import Place
from ecs_blocks.deploy.progress import FailedTask
from ecs_blocks.deploy.records.failure import Failure, kept, without_texts
from ecs_blocks.deploy.records.secrets import secrets_in
from ecs_blocks.deploy.show.masking import HIDDEN

FORMAT: Final = 1
_DIGEST: Final = "record_sha256"
_OPEN: Final = frozenset({Exit.STILL_RUNNING, Exit.INTERRUPTED, Exit.TERMINATED, Exit.CREDENTIALS})


class Record(Struct, frozen=True, kw_only=True):
    """One deploy.

    ``operation`` is its token; ``when`` is UTC, like 2026-11-23T01:49:03Z. ``parameters`` are what
    CloudFormation was given; None, as for all in ``no_echo``, means the stack's previous value.
    ``images`` are parameters that hold an image, with its digest.
    ``secrets`` are what containers read: ARNs, or names in Parameter Store. ``commit``, ``dirty``
    and ``branch`` are None where there is no git. ``exit_code`` and ``result`` are how it ended,
    ``verified`` whether the new tasks were seen to serve. ``stack_status`` is how CloudFormation's
    own operation ended, empty where nobody saw it; ``is_known`` is False where what came of it was
    not to be known. ``failed_tasks`` is how many tasks failed on the way, None where that was not
    seen, or no service exchanged its tasks; ``failures`` why those did that were looked at.
    ``back_to`` is the id of the record whose version was deployed again, empty where it was none's:
    then ``commit``, ``dirty`` and ``branch`` are that one's too.
    """

    format: int = FORMAT
    tool_version: str
    app: str
    environment: str
    account_id: str
    region: str
    stack_name: str
    stack_id: str
    operation: str
    when: str
    who: str
    commit: str | None
    dirty: bool | None
    branch: str | None
    exit_code: int
    result: str
    verified: bool
    duration_s: float
    root_cause: str
    parameters: dict[str, str | None]
    no_echo: tuple[str, ...]
    tags: dict[str, str]
    images: dict[str, str]
    secrets: tuple[str, ...]
    template_sha256: str
    template: str
    stack_status: str = ""
    is_known: bool = True
    failed_tasks: int | None = None
    failures: tuple[Failure, ...] = ()
    back_to: str = ""

    @property
    def stack_took(self) -> bool | None:
        """Whether the stack has this content by CloudFormation's word; None where that is open."""
        result = row_of(self.stack_status).result if self.stack_status else None
        took = {Result.DONE: True, Result.ROLLED_BACK: False, Result.GONE: False}
        return None if result is None else took.get(result)

    @property
    def id(self) -> str:
        """``2026-11-23T01:49:03Z-3fa9c1d2``: when, and which operation."""
        return f"{self.when}-{mark(self.operation)}"

    @property
    def content(self) -> str:
        """The same for two deploys of the same template, parameters and tags."""
        plain = [self.template_sha256, sorted(self.parameters.items()), sorted(self.tags.items())]
        return hashlib.sha256(msgspec.json.encode(plain)).hexdigest()

    @property
    def is_final(self) -> bool:
        """Whether the deploy was watched to its end."""
        return self.is_known and self.exit_code not in _OPEN


class RecordError(DeployError):
    """A record that cannot be read by this version, or at all."""


class Deployed(Struct, frozen=True, kw_only=True):
    """What was deployed, by whom and from where.

    ``template`` is the content's as data; ``images`` as in ``Record``. Of the content's parameters
    those are None whose previous value the stack kept.
    """

    place: Place
    content: Content
    template: Mapping[str, Any]
    images: Mapping[str, str]
    who: str
    revision: Revision
    back_to: str = ""


class Ended(Struct, frozen=True, kw_only=True):
    """How an operation on a stack ended; the fields are as in ``Record``.

    ``when`` is when it began, by CloudFormation's own clock: whoever else watches it then writes
    the same record under the same id. ``failures`` are the tasks that stopped. ``word`` is the
    result, where the code does not say it best.
    """

    stack_id: str
    operation: str
    when: dt.datetime
    code: Exit
    duration_s: float
    root_cause: str = ""
    stack_status: str = ""
    is_known: bool = True
    failed_tasks: int | None = None
    failures: tuple[FailedTask, ...] = ()
    word: str = ""


def record_of(deployed: Deployed, ended: Ended, tool_version: str) -> Record:
    """The record of a deploy, with nothing in it that is secret.

    *tool_version* is that of ecs_blocks.
    """
    place, content, template = deployed.place, deployed.content, deployed.template
    no_echo = tuple(sorted(hidden_in(content.template) & content.parameters.keys()))
    told = {name: value for name, value in content.parameters.items() if value is not None}
    known = {name: value for name, value in told.items() if name not in no_echo}
    masked = partial(_without, hidden=content.secrets)
    return Record(
        tool_version=tool_version,
        app=place.app,
        environment=place.environment,
        account_id=place.account_id,
        region=place.region,
        stack_name=place.stack_name,
        stack_id=ended.stack_id,
        operation=ended.operation,
        when=ended.when.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        who=deployed.who,
        commit=deployed.revision.commit,
        dirty=deployed.revision.dirty,
        branch=deployed.revision.branch,
        exit_code=int(ended.code),
        result=_word(ended),
        verified=ended.code is Exit.DONE,
        duration_s=round(ended.duration_s, 1),
        root_cause=masked(ended.root_cause),
        parameters={name: known.get(name) for name in content.parameters},
        no_echo=no_echo,
        tags=dict(content.tags),
        images={name: one for name, one in deployed.images.items() if name not in no_echo},
        secrets=secrets_in(template, known, place.pseudo),
        template_sha256=sha256(content.template),
        template=content.template,
        stack_status=ended.stack_status,
        is_known=ended.is_known,
        failed_tasks=ended.failed_tasks,
        failures=kept(ended.failures, masked),
        back_to=deployed.back_to,
    )


def with_end(record: Record, ended: Ended) -> Record:
    """*record*, with the end that somebody has seen by now."""
    failures = kept(ended.failures, str) or record.failures
    return structs.replace(
        record,
        exit_code=int(ended.code),
        result=_word(ended),
        verified=ended.code is Exit.DONE,
        root_cause="" if record.no_echo else ended.root_cause,
        duration_s=max(record.duration_s, round(ended.duration_s, 1)),
        stack_status=ended.stack_status or record.stack_status,
        is_known=ended.is_known,
        failed_tasks=ended.failed_tasks,
        failures=without_texts(failures) if record.no_echo else failures,
    )


def _word(ended: Ended) -> str:
    return ended.word or ended.code.name.lower().replace("_", " ")


def mark(operation: str) -> str:
    """Eight characters that tell one operation from the next at the same second."""
    return sha256(operation)[:8]


def sha256(text: str) -> str:
    """The SHA-256 of *text* in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def encoded(record: Record) -> bytes:
    """*record* as JSON that a person can read too, with the digest of all that is in it."""
    told = msgspec.json.decode(msgspec.json.encode(record))
    whole = msgspec.json.encode(told | {_DIGEST: _digest(told)})
    return msgspec.json.format(whole, indent=2) + b"\n"


def _digest(told: Mapping[str, Any]) -> str:
    """The SHA-256 of a record's JSON, in whatever order and with whatever white space."""
    plain = {key: value for key, value in told.items() if key != _DIGEST}
    return hashlib.sha256(msgspec.json.encode(plain, order="sorted")).hexdigest()


class _AnyFormat(Struct):
    format: int
    tool_version: str = "a version that it does not name"


def decoded(content: bytes, place: str) -> Record:
    """The record in *content*, which was found at *place*.

    Raises:
        RecordError: it is of a newer format, damaged, or no record.
    """
    try:
        found = msgspec.json.decode(content, type=_AnyFormat)
        if found.format > FORMAT:
            raise RecordError(
                Exit.INPUT,
                f"{place}: the record was written by ecs_blocks {found.tool_version} in format "
                f"{found.format}; this one reads up to {FORMAT}",
                "upgrade ecs_blocks",
            )
        record = msgspec.json.decode(content, type=Record)
        told = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecordError(Exit.INPUT, f"{place}: this is not a record: {error}") from error
    if told.get(_DIGEST) != _digest(told):
        raise RecordError(
            Exit.INPUT, f"{place}: the record was changed since it was written; it is not used"
        )
    return record


def _without(text: str, hidden: Collection[str]) -> str:
    """*text* with what is secret in it made unreadable: AWS repeats values in its reasons.

    All at once: a short value may be found in the sign that stands for another.
    """
    values = sorted(filter(None, hidden), key=len, reverse=True)
    return re.sub("|".join(map(re.escape, values)), HIDDEN, text) if values else text
