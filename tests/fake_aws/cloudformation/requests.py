"""What a request asks a stack to become, judged as CloudFormation judges it before it begins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.fake_aws.cloudformation.model import Definition
from tests.fake_aws.cloudformation.templates import (
    MAX_BODY_BYTES,
    MAX_URL_BYTES,
    read,
    require_capabilities,
)
from tests.fake_aws.errors import AwsError, invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fake_aws.world import World

_S3_HELP = "http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
_SSM = "AWS::SSM::Parameter::Value<"


def definition(world: World, request: Mapping[str, Any], old: Definition | None) -> Definition:
    """The definition that *request* asks for; *old* is the stack's, None for a new one.

    Raises:
        AwsError: CloudFormation refuses it.
    """
    text = template_text(world, request, old)
    template = read(text)
    given = request.get("Parameters", [])
    values = _values(template, given, old)
    capabilities = list(request.get("Capabilities", []))
    require_capabilities(template, capabilities)
    keeps = old or Definition()
    tags = keeps.tags
    if "Tags" in request:
        tags = {one["Key"]: one["Value"] for one in request["Tags"]}
        _judge_tags(tags)
    return Definition(
        text=text,
        template=template,
        parameters=values,
        tags=tags,
        capabilities=capabilities,
        role_arn=request.get("RoleARN", keeps.role_arn),
        notification_arns=list(request.get("NotificationARNs", keeps.notification_arns)),
        rollback_configuration=request.get("RollbackConfiguration", keeps.rollback_configuration),
    )


def template_text(world: World, request: Mapping[str, Any], old: Definition | None) -> str:
    """The template of a request."""
    if request.get("UsePreviousTemplate"):
        return (old or Definition()).text
    if "TemplateURL" in request:
        return _from_url(world, request["TemplateURL"])
    if "TemplateBody" not in request:
        raise invalid("Either Template URL or Template Body must be specified.")
    body = str(request["TemplateBody"])
    if len(body.encode()) > MAX_BODY_BYTES:
        raise invalid(
            f"1 validation error detected: Value '{body[:200]}' at 'templateBody' failed to "
            "satisfy constraint: Member must have length less than or equal to 51200"
        )
    return body


def _from_url(world: World, url: str) -> str:
    place = urlsplit(url)
    host, path = place.hostname or "", place.path.lstrip("/")
    virtual = re.fullmatch(r"(.+)\.s3[.-].*amazonaws\.com|(.+)\.s3\.amazonaws\.com", host)
    if virtual:
        bucket, key = virtual[1] or virtual[2], path
    elif place.scheme in ("http", "https") and "/" in path:
        bucket, _, key = path.partition("/")
    else:
        raise invalid("TemplateURL must be a supported URL.")
    found = world.s3.object_for_cloudformation(bucket, key)
    if isinstance(found, str):
        raise invalid(f"S3 error: {found}\nFor more information check {_S3_HELP}")
    if len(found) > MAX_URL_BYTES:
        raise invalid("Template may not exceed 1000000 bytes in size.")
    return found.decode()


def _values(
    template: Mapping[str, Any], given: list[dict[str, Any]], old: Definition | None
) -> dict[str, str]:
    declared = template.get("Parameters", {})
    before = old.parameters if old else {}
    values: dict[str, str] = {}
    unknown = [one["ParameterKey"] for one in given if one["ParameterKey"] not in declared]
    if unknown:
        raise invalid(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    for one in given:
        key = one["ParameterKey"]
        if not one.get("UsePreviousValue"):
            values[key] = one.get("ParameterValue", "")
        elif key in before:
            values[key] = before[key]
        else:
            raise invalid(
                f"Invalid input for parameter key {key}. Cannot specify usePreviousValue as true "
                "for a parameter key not in the previous template"
            )
    for key, body in declared.items():
        if key not in values and "Default" in body:
            values[key] = _text(body["Default"])
    missing = [key for key in declared if key not in values]
    if missing:
        raise invalid(f"Parameters: [{', '.join(missing)}] must have values")
    for key, body in declared.items():
        _judge_value(key, values[key], body)
    return values


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _judge_value(key: str, value: str, body: Mapping[str, Any]) -> None:
    kind = body["Type"]
    if kind.startswith(_SSM):
        return
    values = value.split(",") if kind.startswith("List<") else [value]
    allowed = [_text(one) for one in body.get("AllowedValues", [])]
    if allowed and not set(values) <= set(allowed):
        raise invalid(f"Parameter '{key}' must be one of AllowedValues")
    pattern = body.get("AllowedPattern")
    if pattern and not re.fullmatch(pattern, value):
        told = body.get("ConstraintDescription")
        if told:
            raise invalid(f"Parameter {key} failed to satisfy constraint: {told}")
        raise invalid(f"Parameter '{key}' must match pattern {pattern}")
    if kind == "Number":
        _judge_number(key, value, body)
    elif len(value) < int(body.get("MinLength", 0)):
        raise invalid(f"Parameter '{key}' must contain at least {body['MinLength']} characters")


def _judge_number(key: str, value: str, body: Mapping[str, Any]) -> None:
    try:
        number = float(value)
    except ValueError:
        raise invalid(f"Parameter '{key}' must be a number") from None
    if number < float(body.get("MinValue", number)):
        raise invalid(f"Parameter '{key}' must be a number not less than {body['MinValue']}")
    if number > float(body.get("MaxValue", number)):
        raise invalid(f"Parameter '{key}' must be a number not greater than {body['MaxValue']}")


def _judge_tags(tags: Mapping[str, str]) -> None:
    if len(tags) > 50:
        raise invalid(
            "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member "
            "must have length less than or equal to 50"
        )
    if any(key.startswith("aws:") for key in tags):
        raise invalid("aws: prefixed tag key names are not allowed for external use.")


def typed(world: World, new: Definition) -> dict[str, Any]:
    """The parameters as the template's functions see them: lists are lists, SSM's are looked up."""
    found: dict[str, Any] = {}
    for key, body in new.template.get("Parameters", {}).items():
        value: Any = new.parameters.get(key, "")
        kind = body["Type"]
        if kind.startswith(_SSM):
            value, kind = world.parameter_value(value), kind.removeprefix(_SSM)
        is_list = kind.startswith("List<") or "CommaDelimitedList" in kind
        found[key] = [one.strip() for one in value.split(",")] if is_list else value
    return found


def one_of(request: Mapping[str, Any], *names: str) -> None:
    """Raise where not exactly one of the arguments is given."""
    given = [name for name in names if request.get(name)]
    if len(given) != 1:
        raise AwsError("ValidationError", f"Exactly one of {', '.join(names)} must be specified")
