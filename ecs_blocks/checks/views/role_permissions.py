"""Whether a role of the template may do one thing to one resource.

Asked of execution roles: what they lack shows only when the first task starts. In doubt the answer
is yes, or Unknown; it is no only where no statement can possibly fit.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Unknown
from ecs_blocks.checks.views.iam_statements import HOLDERS, ROLE, Statement, allowed
from ecs_blocks.checks.views.parts import as_items, parts
from ecs_blocks.checks.views.texts import HOLE, arn_parts, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource, Template

_AWS_POLICY: Final = re.compile(r".*:policy/(?:[\w-]+/)*(?P<name>[\w+=,.@-]+)")
_ANYTHING: Final = "\0"
# What the policies of AWS allow that have something to do with starting a task.
_EXECUTION: Final = (
    "ecr:GetAuthorizationToken",
    "ecr:BatchCheckLayerAvailability",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchGetImage",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
)
# Type: the property with the name, the ARN with @ for the name (a secret's goes on with six random
# characters), whether Ref gives the ARN.
_KINDS: Final = {
    "AWS::Logs::LogGroup": ("LogGroupName", "arn:${P}:logs:${R}:${A}:log-group:@:*", False),
    "AWS::ECR::Repository": ("RepositoryName", "arn:${P}:ecr:${R}:${A}:repository/@", False),
    "AWS::SecretsManager::Secret": ("Name", "arn:${P}:secretsmanager:${R}:${A}:secret:@${-}", True),
    "AWS::SSM::Parameter": ("Name", "arn:${P}:ssm:${R}:${A}:parameter/@", False),
}
_AWS_POLICIES: Final = {"AmazonECSTaskExecutionRolePolicy": _EXECUTION}


def may(role: Resource, template: Template, action: str, wanted: str) -> bool:
    """Whether *role* may do *action* to the resource with the ARN *wanted*, in ``text_of``'s form.

    Raises:
        Unknown: nothing that can be read allows it, and not everything can be read.
    """
    unknown: Unknown | None = None
    for holder in _holders(role, template):
        try:
            if any(_fits(one, template, action, wanted) for one in allowed(holder)):
                return True
        except Unknown as found:
            unknown = unknown or found
    for policy in parts(role, "ManagedPolicyArns"):
        if template.target(policy.value) is not None:
            continue  # its statements have been asked
        named = _AWS_POLICY.fullmatch(text_of(policy.value) or "")
        actions = _AWS_POLICIES.get(named["name"], ()) if named else ()
        if action in actions:
            return True
        if not actions:
            unknown = unknown or Unknown(policy.path)
    if unknown is not None:
        raise unknown
    return False


def _holders(role: Resource, template: Template) -> Iterator[Resource]:
    for holder in template.of_type(*HOLDERS):
        if holder is role or (holder.type != ROLE and _is_attached(holder, role, template)):
            yield holder


def _is_attached(holder: Resource, role: Resource, template: Template) -> bool:
    attached = [*as_items(holder.raw("Roles")), holder.raw("RoleName")]
    if any(template.target(one) is role for one in attached):
        return True
    mine = [policy.value for policy in parts(role, "ManagedPolicyArns")]
    return any(template.target(one) is holder for one in mine)


def _fits(statement: Statement, template: Template, action: str, wanted: str) -> bool:
    if "NotAction" in statement.body or "NotResource" in statement.body:
        return True
    if not statement.granting(action):
        return False
    for resource in statement.resources():
        text = text_of(resource)
        if text is None or _same(_named(text, template), _named(wanted, template)):
            return True
    return False


def _named(text: str, template: Template) -> str:
    """*text* with the ARNs and names of this template's resources in one form.

    ``${Group.Arn}`` becomes the ARN that it stands for, with the group's name or, where it has
    none, its logical id; so a reference and an ARN written by hand can be compared.
    """

    def replace(found: re.Match[str]) -> str:
        identifier, _, attribute = found.group(1).partition(".")
        resource = template.resources.get(identifier)
        if resource is None:
            return found.group(0)
        kind = _KINDS.get(resource.type)
        if kind is None:
            return found.group(0)
        property_, arn, reference_is_arn = kind
        name = text_of(resource.raw(property_)) or f"<{identifier}>"
        is_arn = attribute in ("Arn", "Id") or (not attribute and reference_is_arn)
        return arn.replace("@", name) if is_arn else name

    named = HOLE.sub(replace, text)
    # A parameter's name begins with a slash, which its ARN has once; and whether IAM takes
    # ${Group.Arn}:log-stream:* for the streams of the group is in doubt, so: yes.
    return named.replace("parameter//", "parameter/").replace(":*:log-stream:", ":log-stream:")


def _same(pattern: str, wanted: str) -> bool:
    """Whether *pattern*, with its wildcards, can mean *wanted*; a hole may be anything."""
    if pattern == "*":
        return True
    mine, theirs = arn_parts(pattern), arn_parts(wanted)
    if len(mine) < 6 or len(theirs) < 6:
        return _matches(pattern, wanted)
    return all(_matches(one, other) for one, other in zip(mine, theirs, strict=True))


def _matches(pattern: str, wanted: str) -> bool:
    if pattern.startswith("${") and HOLE.fullmatch(pattern):
        return True
    if HOLE.fullmatch(wanted):
        return True
    text = HOLE.sub(_ANYTHING, wanted)
    if fnmatchcase(text, HOLE.sub("*", pattern)):
        return True
    # A hole in what is wanted may be what the pattern writes out.
    return _ANYTHING in text and fnmatchcase(HOLE.sub(_ANYTHING, pattern), HOLE.sub("*", wanted))
