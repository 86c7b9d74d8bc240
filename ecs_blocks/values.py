"""Values and tokens, and the one table of what a parameter may be.

A ``Token`` stands for a value that only CloudFormation will know: a parameter, an attribute of a
resource. It goes into a property as it is, and becomes its intrinsic function when the template is
encoded. Using it as if the value were here (in an ``if``, in an f-string) raises ``TokenError``:
otherwise the memory address of an object would end up in the template.

``TYPES`` is the single source of what a parameter may be: how environment.yaml writes it, how the
template declares it, what the JSON Schema says and what is sent to AWS all come from its rows.
"""

from __future__ import annotations

import re
import types
from dataclasses import dataclass
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    Generic,
    NewType,
    NoReturn,
    TypeAlias,
    TypeVar,
    Union,
)

from ecs_blocks.errors import TokenError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    class _Intrinsic:
        """What troposphere accepts in the place of any value (it is untyped)."""
else:
    from troposphere import AWSHelperFn as _Intrinsic

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

AccountId = NewType("AccountId", str)
BucketName = NewType("BucketName", str)
CertificateArn = NewType("CertificateArn", str)
DomainName = NewType("DomainName", str)
HostedZoneId = NewType("HostedZoneId", str)
ImageIdParameter = NewType("ImageIdParameter", str)
KeyArn = NewType("KeyArn", str)
Region = NewType("Region", str)
SecretArn = NewType("SecretArn", str)
SecurityGroupId = NewType("SecurityGroupId", str)
SsmParameterName = NewType("SsmParameterName", str)
SubnetId = NewType("SubnetId", str)
TopicArn = NewType("TopicArn", str)
VpcId = NewType("VpcId", str)


def _refusing(use: str) -> Callable[..., Any]:
    """A special method that refuses, whatever its arguments."""

    def refuse(self: Token[Any], *_: object) -> NoReturn:
        [(function, argument)] = self.to_dict().items()
        name = argument if function == "Ref" else self.to_dict()
        raise TokenError(
            f"{name} is known only when CloudFormation runs, so it cannot be {use} here: the "
            "template is the same for every environment. Hand it on as it is, join text with "
            "eb.text(...), or declare it as Shape[...] if the template has to differ"
        )

    return refuse


class Token(_Intrinsic, Generic[T_co]):
    """A value of type ``T_co`` that only CloudFormation will know.

    ``function`` is the intrinsic function it becomes: ``{"Ref": "VpcId"}``.
    """

    def __init__(self, function: Mapping[str, Any]) -> None:
        self._function = dict(function)

    def to_dict(self) -> dict[str, Any]:
        """Return the intrinsic function. troposphere calls this when it encodes a template."""
        return self._function

    def __repr__(self) -> str:
        return f"Token({self._function})"

    __bool__ = _refusing("used as a condition")
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refusing("compared")
    __hash__ = _refusing("used as a key")
    __str__ = __format__ = _refusing("turned into text")
    __len__ = _refusing("counted")
    __iter__ = __getitem__ = _refusing("iterated over")
    __contains__ = _refusing("searched")
    __int__ = __index__ = __float__ = _refusing("calculated with")
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __int__
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __int__


Value: TypeAlias = Union[T, Token[T]]  # noqa: UP007 - a generic alias of a TypeVar has to be spelt so
"""A value that is here, or a token for one."""


def ref(name: str) -> Token[Any]:
    """``!Ref name``: of a parameter, a resource's id, or a pseudo parameter (``AWS::Region``)."""
    return Token({"Ref": name})


def get_att(resource: Any, attribute: str) -> Token[Any]:
    """``!GetAtt resource.attribute``; *resource* is a troposphere resource."""
    return Token({"Fn::GetAtt": [resource.title, attribute]})


def known(*values: Value[Any]) -> bool:
    """Whether every value is here: none of them is a token. For rules that compare values."""
    return not any(isinstance(value, Token) for value in values)


def text(*parts: Value[Any]) -> Value[str]:
    """Join text, numbers and tokens: the f-string that may hold tokens.

    ``text("/ecs/", env.name)`` is the string itself where every part is known, and ``!Sub`` where
    one is not. Literal parts are taken as they are, ``${`` included.
    """
    if not any(isinstance(part, Token) for part in parts):
        return "".join(str(part) for part in parts)
    variables: dict[str, Any] = {}
    pieces: list[str] = []
    for part in parts:
        if not isinstance(part, Token):
            pieces.append(str(part).replace("${", "${!"))
            continue
        match part.to_dict():
            case {"Ref": str() as name}:
                pieces.append("${" + name + "}")
            case {"Fn::GetAtt": [str() as name, str() as attribute]}:
                pieces.append("${" + f"{name}.{attribute}" + "}")
            case {"Fn::Sub": str() as inner}:
                pieces.append(inner)
            case function:
                name = f"Part{len(variables) + 1}"
                variables[name] = function
                pieces.append("${" + name + "}")
    joined = "".join(pieces)
    return Token({"Fn::Sub": [joined, variables] if variables else joined})


def as_text(value: Value[Any]) -> Value[str]:
    """A value where AWS wants text: a load balancer's attributes, Fargate's sizes."""
    return value if isinstance(value, Token) else parameter_value(value)


ACCOUNT_ID: Final[Token[str]] = ref("AWS::AccountId")
PARTITION: Final[Token[str]] = ref("AWS::Partition")
REGION: Final[Token[str]] = ref("AWS::Region")
STACK_NAME: Final[Token[str]] = ref("AWS::StackName")
URL_SUFFIX: Final[Token[str]] = ref("AWS::URLSuffix")


def arn(service: str, resource: Value[str], *, account: Value[str] = ACCOUNT_ID) -> Value[str]:
    """The ARN of a *resource* (``repository/hoge``) of *service* in this region and account."""
    return text("arn:", PARTITION, f":{service}:", REGION, ":", account, ":", resource)


@dataclass(frozen=True, kw_only=True)
class ParameterType:
    """One row of the table: a Python type, and what it is everywhere else.

    ``scalar`` is what one item is in YAML and Python, ``item`` what one of a list is called;
    ``pattern`` is what text has to match as a whole. ``resolved_on_deploy`` marks the types whose
    value CloudFormation replaces (an SSM parameter's name by what is stored there): a script never
    sees what they become.
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

    def __post_init__(self) -> None:
        if not self.item:
            object.__setattr__(self, "item", self.name)

    def matches(self, item: str) -> bool:
        """Whether one *item* of text has the form that this type asks for."""
        return self.pattern is None or re.fullmatch(self.pattern, item) is not None


def _text(name: str, pattern: str | None = None, example: str = "") -> ParameterType:
    return ParameterType(
        name=name, cloudformation="String", scalar=str, pattern=pattern, example=example
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
    KeyArn: _text(
        "a KMS key's ARN",
        _ARN + rf"kms:[a-z0-9-]+:[0-9]{{12}}:key/(?:{_UUID}|mrk-[0-9a-f]{{32}})",
        "arn:aws:kms:ap-northeast-1:123456789012:key/0a1b2c3d-0000-4000-8000-0123456789ab",
    ),
    Region: _text("a region", r"[a-z]{2}(?:-[a-z]+)+-[0-9]", "ap-northeast-1"),
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
        _ARN + r"sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}",
        "arn:aws:sns:ap-northeast-1:123456789012:alarms",
    ),
    VpcId: _aws("a VPC's id", "AWS::EC2::VPC::Id", f"vpc-{_ID}", "vpc-0a1b2c3d"),
}


def _list_of(item: ParameterType) -> ParameterType:
    plain = item.name.removeprefix("an ").removeprefix("a ")
    return ParameterType(
        name=f"a list of {plain}",
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


def parameter_value(value: Any) -> str:
    """A Python value as CloudFormation's API takes a parameter: always text, lists with commas."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ",".join(parameter_value(item) for item in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
