"""The plan of a deploy: what would be done, onto which state of the stack, as a file that can wait.

What is approved is what runs: the plan names the change set by its ARN, and the state of the stack
that it builds on. If either is another when it is carried out, it is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import msgspec
from msgspec import Struct, structs

from ecs_blocks.deploy.cloudformation.changes import Change, ParameterChange
from ecs_blocks.deploy.content import Content
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.git import Revision
from ecs_blocks.deploy.show.masking import shown
from ecs_blocks.review.model import Consequence
from ecs_blocks.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

FORMAT: Final = 1
_MAX_BYTES: Final = 64_000_000
"""A plan holds a template of at most a million bytes, its parameters, and every change."""

Kind = Literal["CREATE", "UPDATE", "REPLACE", "SETTINGS", "NOTHING"]


class Plan(Struct, frozen=True, kw_only=True):
    """One stack's plan.

    ``kind`` is CREATE, UPDATE, REPLACE (delete what a failed creation left, create), SETTINGS (only
    what stands beside the template) or NOTHING. ``settings`` are the stack's own that change, in
    words; ``consequences`` what all of it leads to, by the review.
    ``base`` is the state of the stack that it builds on. ``change_set_id`` is empty for a REPLACE:
    there can be no change set before the old stack is gone. ``facts`` and ``warnings`` are what the
    pre-flight and CloudFormation's own validation found. ``made`` are the ARNs of what this process
    made in AWS for it, to be taken away where it is declined; in a file it is empty.
    ``revision`` is the commit of what is deployed, as told: nothing is held against it. ``back_to``
    is the id of the record whose version is deployed again, empty where it is none's; no file says
    it, as only ``rollback`` knows, which keeps no plan.
    """

    format: int = FORMAT
    app: str
    environment: str
    account_id: str
    region: str
    stack_name: str
    stack_id: str
    kind: Kind
    base: str
    change_set_id: str
    content: Content
    changes: tuple[Change, ...]
    parameters: tuple[ParameterChange, ...] = ()
    facts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    made_by: str = ""
    made: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    revision: Revision = Revision()
    back_to: str = ""

    @property
    def is_calm(self) -> bool:
        """Whether nothing is removed, nothing replaced but by a new revision, nobody warns."""
        return not self.warnings and all(change.is_calm for change in self.changes)


def save(plan: Plan, path: Path) -> None:
    """Write the plan, readable for its owner only, whole or not at all; without what is secret.

    Raises:
        DeployError: it cannot be written, or could not be carried out without a secret value.
    """
    text = msgspec.json.format(msgspec.json.encode(_without_secrets(plan)), indent=2) + b"\n"
    try:
        write_whole(path, text, 0o600)
    except OSError as error:
        message = f"{path}: the plan cannot be written: {error.strerror}; nothing was deployed"
        raise DeployError(Exit.INTERNAL, message) from error


def _without_secrets(plan: Plan) -> Plan:
    """*plan* as it may lie in a file: CloudFormation has the values, in the change set."""
    given = plan.content.parameters
    secrets = sorted(key for key in given if given[key] is not None and plan.content.hides(key))
    if secrets and plan.kind == "REPLACE":
        raise DeployError(
            Exit.INPUT,
            f"{plan.stack_name}: a plan that deletes the stack first has no change set to keep the "
            f"values of {', '.join(secrets)} in, and a file is no place for them",
            "deploy without --plan-only",
        )
    parameters = tuple(map(masked_parameter, plan.parameters))
    return structs.replace(
        plan,
        content=plan.content.without_secrets(),
        changes=tuple(map(masked, plan.changes)),
        parameters=parameters,
        made=(),
    )


def masked(change: Change) -> Change:
    """*change* as a plan's file has it: without values that may not be shown."""
    properties = [
        structs.replace(
            one,
            before=None if one.before is None else shown(one.path, one.before),
            after=None if one.after is None else shown(one.path, one.after),
        )
        for one in change.properties
    ]
    return structs.replace(change, properties=tuple(properties))


def masked_parameter(one: ParameterChange) -> ParameterChange:
    """As ``masked``, of a parameter."""
    before = None if one.before is None else shown(one.key, one.before)
    after = None if one.after is None else shown(one.key, one.after)
    return structs.replace(one, before=before, after=after)


def load(path: Path) -> Plan:
    """The plan in a file.

    Raises:
        DeployError: there is none, or it is not a plan of this version.
    """
    try:
        raw = _read(path)
    except OSError as error:
        message = f"{path}: the plan cannot be read: {error.strerror}"
        raise DeployError(Exit.INPUT, message) from error
    try:
        plan = msgspec.json.decode(raw, type=Plan)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        message = f"{path}: this is no plan: {error}"
        hint = "make one with ecs-blocks deploy APP --env ENV --plan-only FILE"
        raise DeployError(Exit.INPUT, message, hint) from error
    if plan.format != FORMAT:
        message = f"{path}: this plan has format {plan.format}, this ecs_blocks reads {FORMAT}"
        raise DeployError(Exit.INPUT, message, "make the plan again")
    return structs.replace(plan, back_to="")


def _read(path: Path) -> bytes:
    """What the file, or the pipe, holds.

    Raises:
        OSError: it cannot be read.
        DeployError: no plan is as large.
    """
    with path.open("rb") as file:
        raw = file.read(_MAX_BYTES + 1)
    if len(raw) > _MAX_BYTES:
        raise DeployError(Exit.INPUT, f"{path}: this is no plan: it is over {_MAX_BYTES:,} bytes")
    return raw
