"""The one table of what a parameter may be.

How environment.yaml writes it, how the template declares it, what the JSON Schema says and what is
sent to AWS all come from the rows of ``TYPES``.
"""

from __future__ import annotations

import re
import types
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, structs

from ecs_blocks.values import (
    AccountId,
    BucketName,
    CertificateArn,
    DomainName,
    FifoTopicArn,
    HostedZoneId,
    ImageIdParameter,
    ImageTag,
    KeyArn,
    Region,
    SecretArn,
    SecurityGroupId,
    SsmParameterName,
    SubnetId,
    TopicArn,
    VpcId,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class ParameterType(Struct, frozen=True, kw_only=True):
    """One row of the table: a Python type, and what it is everywhere else.

    ``scalar`` is what one item is in YAML and Python, ``item`` what one of a list is called;
    ``pattern`` is what text has to match as a whole. ``resolved_on_deploy`` marks the types whose
    value CloudFormation replaces (an SSM parameter's name by what is stored there): a script never
    sees what they become. ``traps`` are patterns of what looks right, and why it is not.
    """

    name: str
    cloudformation: str
    scalar: type
    many: bool = False
    item: str = ""
    pattern: str | None = None
    example: str = ""
    resolved_on_deploy: bool = False
    checked_by_aws: bool = False
    traps: tuple[tuple[str, str], ...] = ()

    @property
    def names_a_secret(self) -> bool:
        """Whether the value is the name of a secret: who writes the secret itself is not quoted."""
        return self.example.startswith("/hoge/") or ":secret:" in self.example

    def __post_init__(self) -> None:
        if not self.item:
            structs.force_setattr(self, "item", self.name)

    def takes(self, value: object) -> bool:
        """Whether *value* has this type in Python; an empty one is "none"."""
        items = value if self.many and isinstance(value, (list, tuple)) else (value,)
        kinds = (int, float) if self.scalar is float else (self.scalar,)
        return all(
            isinstance(one, kinds) and (type(one) is not bool or self.scalar is bool)
            for one in items
        )

    def matches(self, item: str) -> bool:
        """Whether one *item* of text has the form that this type asks for."""
        return self.pattern is None or re.fullmatch(self.pattern, item) is not None

    def trap(self, item: str) -> str:
        """Why an *item* that does not match may not be used, where that needs saying."""
        return next((f"; {why}" for form, why in self.traps if re.fullmatch(form, item)), "")


def _text(
    name: str, pattern: str | None = None, example: str = "", *traps: tuple[str, str]
) -> ParameterType:
    return ParameterType(
        name=name,
        cloudformation="String",
        scalar=str,
        pattern=pattern,
        example=example,
        traps=traps,
    )


def _aws(name: str, cloudformation: str, pattern: str, example: str) -> ParameterType:
    return ParameterType(
        name=name,
        cloudformation=cloudformation,
        scalar=str,
        pattern=pattern,
        example=example,
        checked_by_aws=True,
    )


_ID: Final = r"(?:[0-9a-f]{8}|[0-9a-f]{17})"
_ARN: Final = r"arn:aws[a-z-]*:"
_TOPIC: Final = _ARN + r"sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}"
_UUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_HOST: Final = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"

_SCALARS: Final[dict[Any, ParameterType]] = {
    str: _text("text"),
    int: ParameterType(name="a whole number", cloudformation="Number", scalar=int),
    float: ParameterType(name="a number", cloudformation="Number", scalar=float),
    bool: ParameterType(name="true or false", cloudformation="String", scalar=bool),
    AccountId: _text("an account id", r"[0-9]{12}", "123456789012"),
    BucketName: _text("a bucket name", r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "my-logs"),
    CertificateArn: _text(
        "a certificate's ARN",
        _ARN + r"acm:[a-z0-9-]+:[0-9]{12}:certificate/" + _UUID,
        "arn:aws:acm:ap-northeast-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-0123456789ab",
    ),
    DomainName: _text("a domain name in lower case without a final dot", _HOST, "example.com"),
    FifoTopicArn: _text(
        "a FIFO topic's ARN",
        _TOPIC + r"\.fifo",
        "arn:aws:sns:ap-northeast-1:123456789012:orders.fifo",
    ),
    HostedZoneId: _aws(
        "a hosted zone's id",
        "AWS::Route53::HostedZone::Id",
        r"Z[A-Z0-9]{1,31}",
        "Z0123456789ABCDEFGHIJ",
    ),
    ImageIdParameter: ParameterType(
        name="the name of an SSM parameter that holds an AMI's id",
        cloudformation="AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>",
        scalar=str,
        pattern=r"/[A-Za-z0-9_./-]+",
        example="/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
        resolved_on_deploy=True,
        checked_by_aws=True,
    ),
    ImageTag: _text(
        "an image's tag (at most 128 letters, digits, _ . -) or digest",
        r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|sha256:[0-9a-f]{64}",
        "1.8.2",
    ),
    KeyArn: _text(
        "a KMS key's ARN",
        _ARN + rf"kms:[a-z0-9-]+:[0-9]{{12}}:key/(?:{_UUID}|mrk-[0-9a-f]{{32}})",
        "arn:aws:kms:ap-northeast-1:123456789012:key/0a1b2c3d-0000-4000-8000-0123456789ab",
    ),
    Region: _text("a region", r"[a-z]{2,4}(?:-[a-z]+)+-[0-9]", "ap-northeast-1"),
    SecretArn: _text(
        "a secret's complete ARN, with the six characters at its end",
        _ARN + r"secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}",
        "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:hoge/db-Ab12Cd",
    ),
    SecurityGroupId: _aws(
        "a security group's id",
        "AWS::EC2::SecurityGroup::Id",
        f"sg-{_ID}",
        "sg-0123456789abcdef0",
    ),
    SsmParameterName: _text(
        "the name of an SSM parameter",
        r"/[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*",
        "/hoge/db-password",
    ),
    SubnetId: _aws("a subnet's id", "AWS::EC2::Subnet::Id", f"subnet-{_ID}", "subnet-0a1b2c3d"),
    TopicArn: _text(
        "an SNS topic's ARN",
        _TOPIC,
        "arn:aws:sns:ap-northeast-1:123456789012:alarms",
        # Amazon SNS Developer Guide, "Message delivery for FIFO topics"
        (
            _TOPIC + r"\.fifo",
            "a FIFO topic delivers to queues alone, so that no alarm on it would reach a person; "
            "for one that feeds a queue, or that the application sends to, declare FifoTopicArn",
        ),
    ),
    VpcId: _aws("a VPC's id", "AWS::EC2::VPC::Id", f"vpc-{_ID}", "vpc-0a1b2c3d"),
}


_SEVERAL: Final = re.compile(r"^(?:an? |the )(.*?)(?:'s)?( |\b)(id|ARN|name|tag|region)\b")


def _several(of_one: re.Match[str]) -> str:
    """``subnet ids`` for ``a subnet's id``."""
    return "".join(of_one.groups()) + "s"


def _list_of(item: ParameterType) -> ParameterType:
    return ParameterType(
        name=f"a list of {_SEVERAL.sub(_several, item.name, count=1)}",
        item=item.name,
        cloudformation=f"List<{item.cloudformation}>"
        if item.checked_by_aws
        else "CommaDelimitedList",
        scalar=item.scalar,
        many=True,
        pattern=item.pattern,
        example=item.example,
        checked_by_aws=item.checked_by_aws,
    )


TYPES: Final[Mapping[Any, ParameterType]] = types.MappingProxyType(
    _SCALARS
    | {
        types.GenericAlias(list, (kind,)): _list_of(row)
        for kind, row in _SCALARS.items()
        if row.scalar is str and not row.resolved_on_deploy
    }
)
"""Python type to its row. A type that is not here cannot be a ``Param``."""
