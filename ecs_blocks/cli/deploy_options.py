"""The options of ``deploy`` that need more than a line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST_MIN = 1440


def plan_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--plan-only FILE``, ``--exit-code`` and ``--plan FILE``."""
    only = click.option(
        "--plan-only",
        "plan_out",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Only make the plan, and keep it in FILE.",
    )
    given = click.option(
        "--plan",
        "plan_in",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Carry out the plan in FILE as it is; refused if the stack has changed since.",
    )
    code = click.option(
        "--exit-code",
        "with_code",
        is_flag=True,
        help="With --plan-only: end with 3 where something changes, with 4 where that needs "
        "approval.",
    )
    return only(code(given(command)))


def timeout_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--timeout MINUTES``."""
    return click.option(
        "--timeout",
        "timeout_min",
        type=click.IntRange(1, _LONGEST_MIN),
        default=60,
        show_default=True,
        metavar="MINUTES",
        help="Stop watching after so long; what runs goes on in AWS.",
    )(command)


def giving_up_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--fail-fast`` and ``--on-timeout``."""
    fast = click.option(
        "--fail-fast",
        is_flag=True,
        help="Cancel an update once 3 new tasks have failed alike and none runs.",
    )
    late = click.option(
        "--on-timeout",
        type=click.Choice(["detach", "cancel"]),
        default="detach",
        show_default=True,
        help="After --timeout, only stop watching, or cancel the update too.",
    )
    return fast(late(command))


def other_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--wait-for-other MINUTES``."""
    return click.option(
        "--wait-for-other",
        "other_min",
        type=click.IntRange(0, _LONGEST_MIN),
        default=30,
        show_default=True,
        metavar="MINUTES",
        help="How long somebody else's operation on a stack may still take.",
    )(command)


def again_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--again``."""
    return click.option(
        "--again", is_flag=True, help="Run steps once more that failed in this deploy before."
    )(command)


def concurrency_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--concurrency NUMBER``."""
    return click.option(
        "--concurrency",
        type=click.IntRange(1, 50),
        default=4,
        show_default=True,
        metavar="NUMBER",
        help="So many stacks at a time.",
    )(command)
