"""Variables that are given by hand for one task: plain settings, never a secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.ecs import facts
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.environment.credentials import credential_in
from ecs_blocks.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OPTION: Final = "--set-env"
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_WORD: Final = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+")
_INSTEAD: Final = (
    "whoever may describe tasks would read it; give the container a secret, and deploy that first"
)


def parse_variables(pairs: Sequence[str]) -> dict[str, str]:
    """``NAME=value`` words as a mapping.

    Raises:
        InputError: with every word that has no ``=``, comes twice, or looks like a credential.
    """
    found: dict[str, str] = {}
    problems = []
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not _NAME.fullmatch(name):
            message = "expected NAME=value, like LOG_LEVEL=debug"
            problems.append(Problem(OPTION, 0, 0, name if equals else "", message))
        elif name in found:
            problems.append(Problem(OPTION, 0, 0, name, "given twice"))
        elif (kind := credential_in(_pascal(name), value)) is not None:
            problems.append(Problem(OPTION, 0, 0, name, f"looks like {kind}: {_INSTEAD}"))
        else:
            found[name] = value
    if problems:
        raise InputError(problems)
    return found


def refuse_secrets(definition: Mapping[str, Any], container: str, names: Sequence[str]) -> None:
    """A variable cannot have the name of one of the container's secrets: ECS refuses both.

    Raises:
        DeployError: one has.
    """
    wanted = facts.container(definition, container)
    secrets = {str(one.get("name")) for one in wanted.get("secrets") or ()}
    both = [name for name in names if name in secrets]
    if both:
        is_one = "is a secret" if len(both) == 1 else "are secrets"
        message = f"{', '.join(both)} {is_one} of {container}; {OPTION} cannot replace a secret"
        raise DeployError(Exit.INPUT, message)


def _pascal(name: str) -> str:
    """``DB_PASSWORD`` as ``DbPassword``: the form in which keys are judged."""
    words = _WORD.findall(name)
    return "".join(word[:1].upper() + word[1:].lower() for word in words)
