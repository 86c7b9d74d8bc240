"""What is a stack's own, beside its template: its stack policy, and its termination protection.

A change set carries neither. They are part of what is approved, and set only after that: on a stack
that exists before its update begins, on a new one once it is made, as a creation that fails has to
be deleted again.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Struct

from ecs_blocks.deploy.calls import asked
from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.cloudformation.stack_policy import Refusals, policy_of, refusals
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.changes import Change
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.environment.deploy_settings import DeploySettings

_DIGITS: Final = 12


class StackSettings(Struct, frozen=True):
    """What a stack is to have. ``policy`` is JSON; empty, and None, leave what is there."""

    policy: str = ""
    termination_protection: bool | None = None

    @classmethod
    def of(cls, settings: DeploySettings) -> StackSettings:
        """Those of an environment; the policy is read from its file.

        Raises:
            InputError: it cannot be read, or is no policy.
        """
        file = settings.stack_policy
        policy = ""
        if file is not None:
            try:
                policy = Path(file).read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                message = f"the stack policy cannot be read: {error}"
                raise InputError([Problem(file, 0, 0, "", message)]) from error
            policy_of(policy, file)
            policy = msgspec.json.format(policy, indent=0)
        return cls(policy, settings.termination_protection)


class Standing(Struct, frozen=True):
    """What a stack has. ``notes`` say why its policy is not known."""

    policy: str = ""
    termination_protection: bool = False
    notes: tuple[str, ...] = ()

    def changes(self, wanted: StackSettings) -> tuple[str, ...]:
        """What has to be set, in words."""
        found = []
        if wanted.policy and not _is_same(wanted.policy, self.policy):
            was = "another one" if self.policy else "not known" if self.notes else "none"
            digest = hashlib.sha256(wanted.policy.encode()).hexdigest()[:_DIGITS]
            found.append(f"stack policy: {was} → that of platform.yaml ({digest})")
        if wanted.termination_protection not in (None, self.termination_protection):
            on = "off → on" if wanted.termination_protection else "on → off"
            found.append(f"termination protection: {on}")
        return tuple(found)


def standing(aws: Aws, stack: Stack | None) -> Standing:
    """What *stack* has; nothing, where it is not made yet.

    Raises:
        DeployError: AWS did not answer.
    """
    if stack is None:
        return Standing()
    try:
        policy = read_policy(aws, stack)
    except DeployError as error:
        if error.code is not Exit.CREDENTIALS:
            raise
        note = f"what its stack policy denies is not known: {error.message}"
        return Standing("", stack.protected, (note,))
    return Standing(policy, stack.protected)


def read_policy(aws: Aws, stack: Stack) -> str:
    """The policy that *stack* has, as JSON; empty where it has none.

    Raises:
        DeployError: AWS did not answer.
    """
    found = asked(
        f"reading the stack policy of {stack.name}",
        aws.client("cloudformation").get_stack_policy,
        StackName=stack.stack_id,
    )
    return str(found.get("StackPolicyBody") or "")


def judged(
    aws: Aws, place: Place, now: Standing, wanted: StackSettings, changes: Iterable[Change]
) -> tuple[str, ...]:
    """What the stack policy may deny of *changes*: the *wanted* one, or that which is there.

    Raises:
        DeployError: it denies some of them for certain: CloudFormation would begin the update, and
            roll it back.
    """
    text, name = wanted.policy or now.policy, place.stack_name
    try:
        policy = policy_of(text, "the stack policy") if text else None
    except InputError as error:
        return (f"what the stack policy denies could not be judged: {error}",)
    found = refusals(policy, changes) if policy else Refusals()
    if not found.certain:
        return tuple(f"the stack policy may end it: {one}" for one in found.possible)
    way = "allow it for this deploy in the file that StackPolicy in platform.yaml names"
    if not wanted.policy:
        words = f"cloudformation set-stack-policy --stack-name {name} --stack-policy-body file://…"
        way = (
            f"allow it on purpose, and forbid it again afterwards: {place.aws_command(aws, words)}"
        )
    lines = [f"{name}: the stack policy denies this update:", *found.certain]
    raise DeployError(
        Exit.REJECTED,
        "\n  ".join(lines),
        f"{way}\n  (a change set takes no policy for one update alone)",
    )


def settle(aws: Aws, stack_id: str, wanted: StackSettings) -> None:
    """Give the stack what it does not have yet; done twice it is the same.

    Raises:
        DeployError: CloudFormation refuses, or did not answer.
    """
    stack = read_stack(aws, stack_id) if wanted != StackSettings() else None
    if stack is None:
        return
    client, name = aws.client("cloudformation"), stack.name
    if wanted.policy and not _is_same(wanted.policy, standing(aws, stack).policy):
        asked(
            f"setting the stack policy of {name}",
            client.set_stack_policy,
            StackName=stack_id,
            StackPolicyBody=wanted.policy,
        )
    if wanted.termination_protection not in (None, stack.protected):
        asked(
            f"setting the termination protection of {name}",
            client.update_termination_protection,
            StackName=stack_id,
            EnableTerminationProtection=wanted.termination_protection,
        )


def _is_same(one: str, other: str) -> bool:
    return bool(_data(one) == _data(other))


def _data(policy: str) -> Any:
    try:
        return msgspec.json.decode(policy)
    except msgspec.DecodeError:
        return policy
