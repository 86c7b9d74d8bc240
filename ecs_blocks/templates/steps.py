"""Steps before a deploy: what a stack script says of them, kept in the template's Metadata.

``Metadata: {ecs_blocks: {before_deploy: [{name, service, container, command, timeout_minutes}]}}``:
a change of a step alone is no update to CloudFormation, and whoever reads the template sees it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.environment.credentials import WAY_OUT, credential_in
from ecs_blocks.errors import BlockError, TokenError
from ecs_blocks.naming import nearest
from ecs_blocks.templates.suppress import METADATA_KEY
from ecs_blocks.values import Token

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ecs_blocks.templates.stack import Stack

STEPS_KEY: Final = "before_deploy"
MAX_TIMEOUT_MINUTES: Final = 1440
MAX_COMMAND: Final = 8000
"""Characters of a command as JSON: ECS takes 8192 for all that a task overrides (RunTask)."""

_SERVICE: Final = "AWS::ECS::Service"
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")


def step(
    stack: Stack,
    name: str,
    service: Any,
    *,
    command: Sequence[str],
    container: str | None,
    timeout_minutes: int,
) -> dict[str, Any]:
    """A step of *stack* as its template will hold it.

    Raises:
        BlockError: something of it cannot be.
        TokenError: a word is known only when CloudFormation runs; a step runs before that.
    """
    _refuse_token(name, "the name of a step")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise BlockError(
            f"a step is named with at most 64 letters, digits, hyphens and underscores, like "
            f"Migrate; not {name!r}"
        )
    if any(one["name"] == name for one in stack.steps):
        raise BlockError(f"there are two steps {name} before the deploy; rename one")
    if container is not None:
        _refuse_token(container, f"{name}: the container")
        if not isinstance(container, str) or not container:
            raise BlockError(f"{name}: container is the name of a container, not {container!r}")
    if type(timeout_minutes) is not int or not 1 <= timeout_minutes <= MAX_TIMEOUT_MINUTES:
        _refuse_token(timeout_minutes, f"{name}: timeout_minutes")
        raise BlockError(
            f"{name}: timeout_minutes is {timeout_minutes!r}; allowed: 1 to {MAX_TIMEOUT_MINUTES}"
        )
    return {
        "name": name,
        "service": _service(stack.template.resources, name, service),
        **({"container": container} if container else {}),
        "command": _words(name, command),
        "timeout_minutes": timeout_minutes,
    }


def with_steps(body: dict[str, Any], steps: Sequence[Mapping[str, Any]]) -> None:
    """Put *steps* into the Metadata of a template.

    Raises:
        BlockError: a step names a container that its service has not.
    """
    if not steps:
        return
    for one in steps:
        _check_container(body["Resources"], one)
    metadata = dict(body.get("Metadata", {}))
    ours = dict(metadata.get(METADATA_KEY, {}))
    if STEPS_KEY in ours:
        raise BlockError(
            f"the template's Metadata holds {METADATA_KEY}.{STEPS_KEY} already; steps are made "
            "with stack.before_deploy(...)"
        )
    body["Metadata"] = {**metadata, METADATA_KEY: {**ours, STEPS_KEY: [dict(s) for s in steps]}}


def _words(name: str, command: Sequence[str]) -> list[str]:
    _refuse_token(command, f"{name}: the command")
    if isinstance(command, str):
        raise BlockError(f'{name}: the command is a list of words, like ("./migrate", "--all")')
    words = list(command)
    if not words:
        raise BlockError(f'{name}: the command is empty; give its words, like ("./migrate",)')
    for word in words:
        _refuse_token(word, f"{name}: a word of the command")
        if not isinstance(word, str):
            raise BlockError(f"{name}: {word!r} is a word of the command; words are text")
        found = credential_in("", word)
        if found is not None:
            raise BlockError(f"{name}: a word of the command looks like {found}; {WAY_OUT}")
    if not words[0]:
        raise BlockError(f"{name}: the command begins with an empty word")
    if len(json.dumps(words)) > MAX_COMMAND:
        raise BlockError(
            f"{name}: the command has over {MAX_COMMAND} characters, more than ECS takes; put it "
            "into a file of the image"
        )
    return words


def _refuse_token(value: object, what: str) -> None:
    if isinstance(value, Token):
        raise TokenError(
            f"{what} is known only when CloudFormation runs, and a step runs before that: put it "
            "into a variable of the container, which the step has too"
        )


def _service(resources: Mapping[str, Any], name: str, handle: Any) -> str:
    """The logical id of the service that a handle is of."""
    for one in (handle, getattr(handle, "service", None)):
        resource: Any = one if hasattr(one, "resource_type") else getattr(one, "resource", None)
        if getattr(resource, "resource_type", None) == _SERVICE:
            title = str(resource.title)
            if resources.get(title) is not resource:
                raise BlockError(f"{name}: the service {title} is not one of this stack")
            return title
    raise BlockError(
        f"{name}: the service is given by what stack.add(...) returned for it, not by a "
        f"{type(handle).__name__}"
    )


def _check_container(resources: Mapping[str, Any], one: Mapping[str, Any]) -> None:
    wanted = one.get("container")
    reference = resources[one["service"]].get("Properties", {}).get("TaskDefinition")
    target = reference.get("Ref") if isinstance(reference, dict) else None
    task = resources.get(target, {}) if isinstance(target, str) else {}
    containers = task.get("Properties", {}).get("ContainerDefinitions", [])
    names = [c.get("Name") for c in containers if isinstance(c, dict)]
    known = [n for n in names if isinstance(n, str)]
    if wanted is None or wanted in known or len(known) < len(containers) or not known:
        return
    way = nearest(wanted, known) or f"; there are: {', '.join(known)}"
    raise BlockError(f"{one['name']}: {one['service']} has no container {wanted}{way}")
