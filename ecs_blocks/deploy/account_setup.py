"""What an account needs once for ECS: service-linked roles, and ECS's own settings.

A role that is missing makes the first deploy of an account fail: the service makes it then, and
cannot assume it yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from botocore.exceptions import BotoCoreError, ClientError
from msgspec import Struct

from ecs_blocks.deploy.calls import asked, code_of, explained
from ecs_blocks.deploy.errors import DeployError, Exit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ecs_blocks.deploy.aws import Aws


class ServiceRole(Struct, frozen=True):
    """A service-linked role: who assumes it, its fixed name, and what it is for."""

    service: str
    name: str
    help: str


class Setting(Struct, frozen=True):
    """A setting of ECS: what is good, the best first, and what it is for."""

    name: str
    good: tuple[str, ...]
    help: str


ROLES: Final = (
    ServiceRole("ecs.amazonaws.com", "AWSServiceRoleForECS", "ECS"),
    ServiceRole(
        "elasticloadbalancing.amazonaws.com",
        "AWSServiceRoleForElasticLoadBalancing",
        "Elastic Load Balancing",
    ),
    ServiceRole(
        "ecs.application-autoscaling.amazonaws.com",
        "AWSServiceRoleForApplicationAutoScaling_ECSService",
        "the scaling of services",
    ),
    ServiceRole("autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling", "Auto Scaling groups"),
)

LONG_ARNS: Final = (
    Setting("serviceLongArnFormat", ("enabled",), "services can have tags"),
    Setting("taskLongArnFormat", ("enabled",), "tasks can have tags"),
    Setting("containerInstanceLongArnFormat", ("enabled",), "instances can have tags"),
)
TRUNKING: Final = Setting(
    "awsvpcTrunking", ("enabled",), "an instance takes more tasks with a network interface each"
)
INSIGHTS: Final = Setting(
    "containerInsights", ("enhanced", "enabled"), "new clusters measure their tasks"
)
SETTINGS: Final = (*LONG_ARNS, TRUNKING, INSIGHTS)
"""The others stay as they are: they decide what an account's owner has to decide."""


class Step(Struct, frozen=True):
    """One thing that an account needs: what it is ``now``, and what it ``will_be``."""

    kind: Literal["role", "setting"]
    name: str
    help: str
    now: str
    will_be: str

    @property
    def is_done(self) -> bool:
        """Whether nothing has to be changed."""
        return self.now == self.will_be


def read_settings(answer: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """ECS's settings by name, from the items of ListAccountSettings."""
    return {str(one["name"]): str(one.get("value", "")) for one in answer}


def plan(aws: Aws) -> list[Step]:
    """What the account has and what it needs; nothing is changed.

    Raises:
        DeployError: AWS does not tell, as a permission is missing or it cannot be reached.
    """
    steps = [
        Step("role", one.service, one.help, _made(is_there(aws, one)), _made(is_there=True))
        for one in ROLES
    ]
    pages = aws.client("ecs").get_paginator("list_account_settings")
    whole = pages.paginate(effectiveSettings=True).build_full_result
    settings = read_settings(asked("reading the settings of ECS", whole).get("settings", ()))
    for one in SETTINGS:
        now = settings.get(one.name, "not set")
        wanted = now if now in one.good else one.good[0]
        steps.append(Step("setting", one.name, one.help, now, wanted))
    return steps


def _made(is_there: bool) -> str:  # noqa: FBT001 - the one thing that it says
    return "there" if is_there else "missing"


def is_there(aws: Aws, role: ServiceRole) -> bool:
    """Whether the account has a service-linked role.

    Raises:
        DeployError: AWS does not tell.
    """
    try:
        aws.client("iam").get_role(RoleName=role.name)
    except (BotoCoreError, ClientError) as error:
        if code_of(error) == "NoSuchEntity":
            return False
        raise explained(error, f"reading the role {role.name}") from error
    return True


def apply(aws: Aws, steps: Iterable[Step]) -> list[Step]:
    """Do what is not done yet, and return it. What cannot be done does not keep the rest from it.

    Raises:
        DeployError: with every step that failed; the others are done.
    """
    done: list[Step] = []
    failed: list[DeployError] = []
    for step in steps:
        if step.is_done:
            continue
        try:
            (_make_role if step.kind == "role" else _set)(aws, step)
        except DeployError as error:
            failed.append(error)
        else:
            done.append(step)
    if failed:
        codes = {error.code for error in failed}
        code = codes.pop() if len(codes) == 1 else Exit.REJECTED
        lines = [error.message for error in failed]
        raise DeployError(code, "\n".join(lines), "all other steps are done; run this again")
    return done


def _make_role(aws: Aws, step: Step) -> None:
    role = next(one for one in ROLES if one.service == step.name)
    try:
        aws.client("iam").create_service_linked_role(AWSServiceName=role.service)
    except (BotoCoreError, ClientError) as error:
        taken = code_of(error) in ("InvalidInput", "EntityAlreadyExists")
        if taken and is_there(aws, role):
            return  # made meanwhile, or by our own call whose answer was lost
        raise explained(error, f"making the service-linked role of {step.help}") from error


def _set(aws: Aws, step: Step) -> None:
    """For the account as a whole: a setting of the caller alone would not hold for instances."""
    asked(
        f"setting {step.name} to {step.will_be}",
        aws.client("ecs").put_account_setting_default,
        name=step.name,
        value=step.will_be,
    )
