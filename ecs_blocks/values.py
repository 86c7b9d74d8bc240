"""Values and tokens.

A ``Token`` stands for a value that only CloudFormation will know: a parameter, an attribute of a
resource. It goes into a property as it is, and becomes its intrinsic function when the template is
encoded. Using it as if the value were here (in an ``if``, in an f-string) raises ``TokenError``:
otherwise the memory address of an object would end up in the template.
"""

from __future__ import annotations

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

from ecs_blocks.errors import BlockError, TokenError

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
FifoTopicArn = NewType("FifoTopicArn", str)
HostedZoneId = NewType("HostedZoneId", str)
ImageTag = NewType("ImageTag", str)
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

    if not TYPE_CHECKING:  # what a type checker does not see, it refuses

        def __getattr__(self, name: str) -> NoReturn:
            """Explain ``env.name.upper()``; troposphere asks for some names, and has to hear no."""
            if name.startswith("_") or name in ("JSONrepr", "data"):
                raise AttributeError(name)
            use = "worked on as text" if hasattr(str, name) else f"asked for its {name}"
            _refusing(use)(self)

        __bool__ = _refusing("used as a condition")
        __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refusing("compared")
        __hash__ = _refusing("used as a key")
        __str__ = __format__ = _refusing("turned into text")
        __len__ = _refusing("counted")
        __iter__ = __getitem__ = _refusing("iterated over")
        __contains__ = _refusing("searched")
        __int__ = __index__ = __float__ = _refusing("calculated with")
        __neg__ = __pow__ = __rpow__ = _refusing("calculated with")
        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __int__
        __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __int__


Value: TypeAlias = Union[T, Token[T]]  # noqa: UP007 - a generic alias of a TypeVar has to be spelt so
"""A value that is here, or a token for one."""


def ref(name: str) -> Token[Any]:
    """``!Ref name``: of a parameter, a resource's id, or a pseudo parameter (``AWS::Region``).

    Raises:
        BlockError: *name* is no text.
    """
    if not isinstance(name, str):
        owner = getattr(name, "__self__", None)
        if isinstance(owner, str):  # ``title`` of a text, which is none of a resource
            logical_id(owner)
        raise BlockError(f"a name is expected, got {_called(name)}; of a resource it is its .title")
    return Token({"Ref": name})


def get_att(resource: Any, attribute: str) -> Token[Any]:
    """``!GetAtt resource.attribute``; *resource* is a troposphere resource.

    Raises:
        BlockError: *resource* is something else.
    """
    return Token({"Fn::GetAtt": [logical_id(resource), attribute]})


def logical_id(resource: Any, instead: str = "") -> str:
    """The logical id of a troposphere *resource*.

    Raises:
        BlockError: it is something else; *instead* says what else may be given.
    """
    title = getattr(resource, "title", None)
    if isinstance(title, str):
        return title
    itself = "the resource itself, as troposphere makes it"
    way = "its .resource" if hasattr(resource, "resource") else itself
    other = f", or {instead}" if instead else ""
    raise BlockError(f"a resource is expected, got {_called(resource)}; give {way}{other}")


def _called(value: object) -> str:
    if value is None:
        return "nothing"
    return f"the text {value}" if isinstance(value, str) else f"a {type(value).__name__}"


def item(values: Value[list[T]], number: int) -> Value[T]:
    """One of *values*, counted from 0: ``!Select`` where they are known only to CloudFormation."""
    if isinstance(values, Token):
        return Token({"Fn::Select": [number, values.to_dict()]})
    return values[number]


def known(*values: Value[T]) -> tuple[T, ...] | None:
    """The values, if every one is here; None where one is a token. For rules that compare them.

    ``if (pair := known(env.min_size, env.max_size)) and pair[0] > pair[1]: …``
    """
    here = tuple(value for value in values if not isinstance(value, Token))
    return here if len(here) == len(values) else None


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


def arn(service: str, resource: Value[str], *, account: Value[str] = ACCOUNT_ID) -> Value[str]:
    """The ARN of a *resource* (``repository/hoge``) of *service* in this region and account."""
    return text("arn:", PARTITION, f":{service}:", REGION, ":", account, ":", resource)


def parameter_value(value: Any) -> str:
    """A Python value as CloudFormation's API takes a parameter: always text, lists with commas."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ",".join(parameter_value(item) for item in value)
    if isinstance(value, float):
        if value.is_integer():
            return str(int(value))
        written = repr(value)
        return f"{value:.20f}".rstrip("0") if "e" in written else written
    return str(value)
