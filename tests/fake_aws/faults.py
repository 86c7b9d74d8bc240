"""What goes wrong on the way to AWS and back, and when."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from tests.fake_aws.errors import AwsError

if TYPE_CHECKING:
    from tests.fake_aws.protocol import Call, Reply

Where = Callable[[Mapping[str, Any]], bool]

NOT_FOUND: Final[dict[str, tuple[str, str]]] = {
    "DescribeChangeSet": ("ChangeSetNotFound", "ChangeSet [{ChangeSetName}] does not exist"),
    "DescribeStacks": ("ValidationError", "Stack with id {StackName} does not exist"),
    "DescribeStackEvents": ("ValidationError", "Stack [{StackName}] does not exist"),
    "DescribeEvents": ("ValidationError", "Stack [{StackName}] does not exist"),
    "ListStackResources": ("ValidationError", "Stack with id {StackName} does not exist"),
}
_CREATES: Final = {
    "DescribeChangeSet": "CreateChangeSet",
    "DescribeStacks": "CreateChangeSet",
    "DescribeStackEvents": "ExecuteChangeSet",
    "DescribeEvents": "ExecuteChangeSet",
    "ListStackResources": "ExecuteChangeSet",
}


class Effect(enum.Enum):
    """What a fault does to a request."""

    ERROR = enum.auto()
    RESET_BEFORE = enum.auto()
    """The connection breaks, and AWS has done nothing."""
    RESET_AFTER = enum.auto()
    """AWS did it; the connection breaks before the answer."""
    TIMEOUT_BEFORE = enum.auto()
    TIMEOUT_AFTER = enum.auto()
    EMPTY_500_BEFORE = enum.auto()
    EMPTY_500_AFTER = enum.auto()
    STALE = enum.auto()
    """The answer that the last one who asked got."""
    LAG = enum.auto()
    """Not found, although it exists."""
    CHANGED = enum.auto()
    """The answer, changed by the test."""


class Kind(Struct, frozen=True):
    """A kind of fault: made by the functions below."""

    effect: Effect
    error: AwsError | None = None
    count: int | None = None
    change: Callable[[dict[str, Any]], Any] | None = None

    @property
    def is_done(self) -> bool:
        """Whether AWS does what was asked all the same."""
        return self.effect in {
            Effect.RESET_AFTER,
            Effect.TIMEOUT_AFTER,
            Effect.EMPTY_500_AFTER,
            Effect.CHANGED,
        }


def error(code: str, message: str = "", status: int = 400) -> Kind:
    """AWS refuses, and has done nothing. Throttling is ``error("Throttling", "Rate exceeded")``."""
    return Kind(Effect.ERROR, AwsError(code, message, status))


reset_before: Final = Kind(Effect.RESET_BEFORE)
reset_after: Final = Kind(Effect.RESET_AFTER)
timeout: Final = Kind(Effect.TIMEOUT_BEFORE)
timeout_after: Final = Kind(Effect.TIMEOUT_AFTER)
http_500_empty: Final = Kind(Effect.EMPTY_500_BEFORE)
http_500_empty_after: Final = Kind(Effect.EMPTY_500_AFTER)
stale: Final = Kind(Effect.STALE)
throttled: Final = error("Throttling", "Rate exceeded")
denied: Final = error(
    "AccessDenied",
    "User: arn:aws:sts::123456789012:assumed-role/ci/ci is not authorized to perform this action",
    403,
)
expired: Final = error("ExpiredToken", "The security token included in the request is expired", 403)


def lag(reads: int) -> Kind:
    """What was made is not found by so many reads after it was made."""
    return Kind(Effect.LAG, count=reads)


def changed(change: Callable[[dict[str, Any]], Any]) -> Kind:
    """AWS answers, and the answer (plain data, as boto3 shows it) is changed by *change*.

    *change* alters what it gets, or returns another.
    """
    return Kind(Effect.CHANGED, change=change)


class Fault:
    """A fault that is armed: counts the calls that it is meant for."""

    def __init__(
        self,
        operation: str,
        kind: Kind,
        *,
        nth: int,
        times: int | None,
        every: int,
        where: Where | None,
        after: str | None,
    ) -> None:
        self._operation = operation
        self.kind = kind
        self._nth = nth
        self._times = kind.count if kind.effect is Effect.LAG else times
        self._every = every
        self._where = where
        self._after = after or (_CREATES[operation] if kind.effect is Effect.LAG else None)
        self._seen = 0
        self.happened = 0
        """How often it struck."""

    def strikes(self, call: Call) -> bool:
        """Whether it strikes this call."""
        if self._after is not None:
            self._after = None if call.operation == self._after else self._after
            return False
        if self._operation not in ("*", call.operation):
            return False
        if self._where is not None and not self._where(call.parameters):
            return False
        self._seen += 1
        past = self._seen - self._nth
        if past < 0 or past % self._every:
            return False
        if self._times is not None and self.happened >= self._times:
            return False
        self.happened += 1
        return True


class Faults:
    """All faults that are armed, and what was answered before."""

    def __init__(self) -> None:
        self.armed: list[Fault] = []
        self._answers: dict[tuple[str, str], Reply] = {}

    def strike(self, call: Call) -> Kind | None:
        """The fault that strikes *call*: the first that was armed. All of them count it."""
        striking = [fault for fault in self.armed if fault.strikes(call)]
        return striking[0].kind if striking else None

    def remember(self, call: Call, reply: Reply) -> None:
        """Keep an answer, for one that will be stale."""
        self._answers[_subject(call)] = reply

    def before(self, call: Call) -> Reply | None:
        """The answer of before."""
        return self._answers.get(_subject(call))


def not_found(call: Call) -> AwsError:
    """What AWS says of a thing that another of its machines does not know yet."""
    code, text = NOT_FOUND[call.operation]
    return AwsError(code, text.format_map({"StackName": "", **call.parameters}))


def _subject(call: Call) -> tuple[str, str]:
    """The same for a name and for its ARN."""
    texts = (f"{key}={_name(value)}" for key, value in sorted(call.parameters.items()))
    return call.operation, " ".join(texts)


def _name(value: Any) -> str:
    return re.sub(r"arn:aws:cloudformation:[^:]*:\d+:\w+/([^/]+)/[\w-]+", r"\1", str(value))
