"""A secret written into ``Environment`` can be read by everybody who may look at the task.

It stands in the template, in CloudFormation, in every revision of the task definition, in the
console and in each ``docker inspect``, and cannot be taken back from there. The same holds for
``{{resolve:secretsmanager:…}}``: CloudFormation replaces it by the secret itself. A parameter with
``NoEcho`` is hidden in CloudFormation only: in the task definition its value is plain text.

Put the value into Secrets Manager or the Parameter Store, name it under the container's
``Secrets``, and change the value that was exposed. Plain settings belong into ``Environment``: a
finding needs either a name that ends like a secret's (``DB_PASSWORD``) with a value that is no
number, switch, path, ARN or plain URL, or a value of the form of a known credential.

Source: AWS Security Hub, control ECS.8; Amazon ECS Developer Guide, "Pass sensitive data to an
Amazon ECS container".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.facts.credential_names import OPTION_PASSWORD, names_a_secret
from ecs_blocks.checks.model import (
    Check,
    Fault,
    Resource,
    Severity,
    Template,
    Unknown,
    is_true,
    referenced,
)
from ecs_blocks.checks.views.parts import Part, each, literal, text
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, containers
from ecs_blocks.environment.credentials import URL_PASSWORD, VALUES
from ecs_blocks.templates.references import referred_names
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLAIN: Final = re.compile(
    r"[+-]?[\d.,_]+[a-z%]{0,2}"  # a number, perhaps with a unit
    r"|true|false|yes|no|on|off|none|null|nil|enabled|disabled|required|optional|auto"
    r"|changeit"  # the public default of every Java key store
    r"|arn:.*"
    r"|(?:~|\.{1,2})?/.*|[A-Za-z]:\\.*"  # a path
    r"|[a-z][a-z0-9+.-]*://.*",  # a URL: one with credentials is found by its value
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"[\w.-]{1,40}(?:/[\w.-]{1,40})+")
_PLACEHOLDER: Final = re.compile(
    r".*(?:\$\{|\{\{|\$\().*|<.*>|\*+|x{3,}", re.DOTALL | re.IGNORECASE
)
_A_PLACE: Final = re.compile(r"(?:Arn|ARN|Name|Id|Path)$")
_EXPOSED: Final = re.compile(r"\{\{resolve:(?:secretsmanager|ssm-secure):")


def _judge(task: Resource, template: Template) -> Iterator[Fault]:
    def variable(one: Part) -> Iterator[Fault]:
        name, value = text(one.raw("Name")), one.raw("Value")
        found = _credential(literal(value)) or _hidden(value, template)
        if found is None and names_a_secret(name):
            if _is_parameter(value, template):
                raise Unknown(one.at("Value"))
            found = "a secret" if isinstance(value, str) and _is_literal(value) else None
        if found is not None:
            yield Fault(one.at("Value"), f"{name or 'a variable'} holds {found} in plain text")

    yield from each(containers(task), lambda one: each(one.items("Environment"), variable))


def _credential(value: str) -> str | None:
    """What kind of credential stands in *value*, whatever the variable is called."""
    if _EXPOSED.search(value):
        return "what {{resolve}} makes of a secret: its value"
    for kind, form in VALUES:
        if form.search(value):
            return kind
    if any(not _PLACEHOLDER.fullmatch(password) for password in URL_PASSWORD.findall(value)):
        return "a URL with a password"
    if any(_is_literal(password) for password in OPTION_PASSWORD.findall(value)):
        return "a password"
    return None


def _hidden(value: Any, template: Template) -> str | None:
    """The NoEcho parameter that *value* shows, but for one that only names a secret."""
    declared = template.body.get("Parameters")
    for name in referred_names(value):
        parameter = declared.get(name) if isinstance(declared, dict) else None
        hidden = isinstance(parameter, dict) and is_true(parameter.get("NoEcho"))
        if hidden and not _A_PLACE.search(name):
            return f"the NoEcho parameter {name}"
    return None


def _is_literal(value: str) -> bool:
    """Whether *value* can be a secret: not a setting, and not the name or the place of one."""
    value = value.strip()
    if not value or _PLACEHOLDER.fullmatch(value) or _PLAIN.fullmatch(value):
        return False
    return not _NAME.fullmatch(value) or _is_random(value)


def _is_random(value: str) -> bool:
    """A long text of mixed letters and digits: base64 has slashes too, as the name of a secret."""
    mixed = value not in (value.lower(), value.upper()) and any(c.isdecimal() for c in value)
    return mixed and len(value) >= 30


def _is_parameter(value: Any, template: Template) -> bool:
    """Whether a parameter without a known value decides: only a deploy will tell."""
    name = referenced(value) if is_intrinsic(value) else None
    declared = template.body.get("Parameters")
    return name is not None and isinstance(declared, dict) and name in declared


CHECK = Check(
    id="EB307",
    title="secret stands in the environment",
    types=(TASK_DEFINITION,),
    severity=Severity.ERROR,
    fix="keep it in Secrets Manager or the Parameter Store and name it under Secrets; change it",
    judge=_judge,
)
