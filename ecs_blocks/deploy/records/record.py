"""The record of one deploy: all that is needed to deploy the same again, and how it went.

Values of NoEcho parameters are never in it: such a parameter is listed, and its value is null.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Struct

from ecs_blocks.deploy.outcome import DeployError, Exit
from ecs_blocks.deploy.records.secrets import secrets_in
from ecs_blocks.deploy.statuses import Result, row_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.deploy.git import Revision

FORMAT: Final = 1
HIDDEN: Final = "****"
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
    not to be known.
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


def record_of(
    *,
    app: str,
    environment: str,
    account_id: str,
    region: str,
    stack_name: str,
    stack_id: str,
    operation: str,
    when: dt.datetime,
    who: str,
    revision: Revision,
    code: Exit,
    verified: bool,
    duration_s: float,
    root_cause: str,
    template: Mapping[str, Any],
    template_text: str,
    parameters: Mapping[str, str | None],
    pseudo: Mapping[str, str],
    tags: Mapping[str, str],
    images: Mapping[str, str],
    tool_version: str,
    stack_status: str = "",
    is_known: bool = True,
) -> Record:
    """The record of a deploy, with nothing in it that is secret.

    *when* is when the operation began, by CloudFormation's own clock: whoever else watches it then
    writes the same record under the same id. *template* is *template_text* as data, *pseudo* as in
    ``RenderedEnvironment``. Of *parameters* those are None whose previous value the stack kept.
    *tool_version* is that of ecs_blocks.
    """
    no_echo = tuple(sorted(_no_echo(template) & parameters.keys()))
    told = {name: value for name, value in parameters.items() if value is not None}
    known = {name: value for name, value in told.items() if name not in no_echo}
    return Record(
        tool_version=tool_version,
        app=app,
        environment=environment,
        account_id=account_id,
        region=region,
        stack_name=stack_name,
        stack_id=stack_id,
        operation=operation,
        when=when.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        who=who,
        commit=revision.commit,
        dirty=revision.dirty,
        branch=revision.branch,
        exit_code=int(code),
        result=code.name.lower().replace("_", " "),
        verified=verified,
        duration_s=round(duration_s, 1),
        root_cause=_without(root_cause, [told.get(name, "") for name in no_echo]),
        parameters={name: known.get(name) for name in parameters},
        no_echo=no_echo,
        tags=dict(tags),
        images={name: image for name, image in images.items() if name not in no_echo},
        secrets=secrets_in(template, known, pseudo),
        template_sha256=sha256(template_text),
        template=template_text,
        stack_status=stack_status,
        is_known=is_known,
    )


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


def _no_echo(template: Mapping[str, Any]) -> set[str]:
    declared = template.get("Parameters") or {}
    return {name for name, one in declared.items() if str(one.get("NoEcho", "")).lower() == "true"}


def _without(text: str, hidden: list[str]) -> str:
    """*text* with what is secret in it made unreadable: AWS repeats values in its reasons."""
    for value in sorted(hidden, key=len, reverse=True):
        if value:
            text = text.replace(value, HIDDEN)
    return text
