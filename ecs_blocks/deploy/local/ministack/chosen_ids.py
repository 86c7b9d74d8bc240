"""Ids and ARNs that the caller chooses, where MiniStack and AWS make them up.

An environment names its network, zone, certificate and key in platform.yaml; here they are made to
be what it says. The wish stands where the API has room for it: a zone's ``CallerReference``, a
certificate's ``IdempotencyToken``, the tag ``ecs-blocks:id`` of the others; of a secret it is the
end of its ARN.
"""

# ruff: noqa: SLF001 - MiniStack is extended from inside
# MiniStack is not there where types are checked.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import re
import uuid
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from ministack.core import responses
from ministack.services import acm, ec2, kms, route53, secretsmanager

if TYPE_CHECKING:
    from collections.abc import Callable

TAG: Final = "ecs-blocks:id"

_ZONE: Final = re.compile("Z[A-Z0-9]{1,31}")
_TOKEN: Final = re.compile("[0-9a-f]{32}")
_TAG_KEY: Final = re.compile(r"TagSpecification\.\d+\.Tag\.\d+\.Key")


def install() -> None:
    """Let the operations ask for an id before one is made up."""
    for operation, generator in (("CreateVpc", "_new_vpc_id"), ("CreateSubnet", "_new_subnet_id")):
        original = ec2._ACTION_MAP[operation]
        ec2._ACTION_MAP[operation] = _wishing(original, ec2, generator, _tag_of_ec2)
    named: tuple[tuple[Any, str, str, Callable[[Any], str | None]], ...] = (
        (kms, "_create_key", "new_uuid", _tag_of_kms),
        (acm, "_request_certificate", "_cert_arn", _certificate),
        (route53, "_create_hosted_zone", "_zone_id", _zone),
        (secretsmanager, "_create_secret", "new_uuid", _tag_of_secret),
    )
    for module, operation, generator, wish in named:
        wishing = _wishing(getattr(module, operation), module, generator, wish)
        setattr(module, operation, wishing)


def _wishing(
    operation: Callable[..., Any], module: Any, generator: str, wish: Callable[[Any], str | None]
) -> Callable[..., Any]:
    """*operation*, during which the module's *generator* gives what the request wishes."""
    made_up = getattr(module, generator)
    wished: ContextVar[str | None] = ContextVar(generator, default=None)

    def generate(*arguments: Any) -> Any:
        return wished.get() or made_up(*arguments)

    def with_wish(request: Any, *arguments: Any) -> Any:
        token = wished.set(wish(request))
        try:
            return operation(request, *arguments)
        finally:
            wished.reset(token)

    setattr(module, generator, generate)
    return with_wish


def _tag_of_ec2(parameters: dict[str, Any]) -> str | None:
    for key in filter(_TAG_KEY.fullmatch, parameters):
        if ec2._p(parameters, key) == TAG:
            value: str = ec2._p(parameters, f"{key.removesuffix('Key')}Value")
            return value
    return None


def _tag_of_kms(request: dict[str, Any]) -> str | None:
    tags = {tag["TagKey"]: tag["TagValue"] for tag in request.get("Tags", [])}
    return tags.get(TAG)


def _tag_of_secret(request: dict[str, Any]) -> str | None:
    tags = {tag["Key"]: tag["Value"] for tag in request.get("Tags", [])}
    return tags.get(TAG)


def _certificate(request: dict[str, Any]) -> str | None:
    token = request.get("IdempotencyToken", "")
    if not _TOKEN.fullmatch(token):
        return None
    account, region = responses.get_account_id(), responses.get_region()
    return f"arn:aws:acm:{region}:{account}:certificate/{uuid.UUID(token)}"


def _zone(body: bytes) -> str | None:
    reference: str = route53._text(route53._parse_body(body), "CallerReference") or ""
    return reference if _ZONE.fullmatch(reference) else None
