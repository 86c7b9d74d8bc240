"""How a target group asks tasks whether they are well, and chooses one of them."""

from __future__ import annotations

from typing import Any, Final, Literal

from msgspec import Struct
from troposphere import elasticloadbalancingv2 as elb

from ecs_blocks.blocks.limits import check_codes, check_within
from ecs_blocks.errors import BlockError

Algorithm = Literal["round_robin", "least_outstanding_requests", "weighted_random"]

MAX_STICKINESS_S: Final = 604_800
_RESERVED_COOKIES: Final = ("AWSALB", "AWSALBAPP", "AWSALBTG")


class NotSticky(Struct, frozen=True):
    """Each request goes to whichever task is next."""

    def attributes(self) -> dict[str, str]:
        """Of the target group: said to be off, so that it goes off (trap 9)."""
        return {"stickiness.enabled": "false"}


class BalancerCookie(Struct, frozen=True, kw_only=True):
    """A client stays with a task, by a cookie of the load balancer's.

    Attributes:
        duration_s: for so long, 1 second to a week.
    """

    duration_s: int = 86_400

    def __post_init__(self) -> None:
        _check_duration(self.duration_s)

    def attributes(self) -> dict[str, str]:
        """Of the target group."""
        return {
            "stickiness.enabled": "true",
            "stickiness.type": "lb_cookie",
            "stickiness.lb_cookie.duration_seconds": str(self.duration_s),
        }


class ApplicationCookie(Struct, frozen=True, kw_only=True):
    """A client stays with a task while the application's own cookie lives.

    Attributes:
        name: of the application's cookie.
        duration_s: and for so long, 1 second to a week.
    """

    name: str
    duration_s: int = 86_400

    def __post_init__(self) -> None:
        _check_duration(self.duration_s)
        if not self.name or self.name.startswith(_RESERVED_COOKIES):
            raise BlockError(f"{self.name!r} cannot be the application's cookie: AWSALB… is ELB's")

    def attributes(self) -> dict[str, str]:
        """Of the target group."""
        return {
            "stickiness.enabled": "true",
            "stickiness.type": "app_cookie",
            "stickiness.app_cookie.cookie_name": self.name,
            "stickiness.app_cookie.duration_seconds": str(self.duration_s),
        }


def _check_duration(duration_s: int) -> None:
    check_within("duration_s", duration_s, 1, MAX_STICKINESS_S)


class TargetOptions(Struct, frozen=True, kw_only=True):
    """How a target group works, where the defaults do not fit.

    Attributes:
        protocol_version: what is spoken with the tasks. ``HTTP2`` and ``GRPC`` only behind HTTPS;
            a change is a new target group.
        health_check_interval_s: between two questions, at most 300.
        health_check_timeout_s: how long an answer may take, 2 to 120, less than the interval.
        healthy_count: after so many good answers, 2 to 10, a task gets requests.
        unhealthy_count: after so many bad ones, 2 to 10, it is replaced.
        healthy_codes: what a good answer is: ``200-299``, ``200,404``, of 200 to 499; with
            ``GRPC`` codes of 0 to 99.
        algorithm: who is next; by default ``round_robin``. ``least_outstanding_requests`` where
            some requests take long.
        slow_start_s: a new task gets its full share only after so long, 30 to 900, by default and
            with 0 at once. For what has to warm up; only with ``round_robin``.
        stickiness: whether a client stays with a task.

    ELB keeps an attribute that it is told nothing of: to undo an algorithm or a slow start, write
    ``"round_robin"`` or 0, instead of leaving it out (trap 9).
    """

    protocol_version: Literal["HTTP1", "HTTP2", "GRPC"] = "HTTP1"
    health_check_interval_s: int = 15
    health_check_timeout_s: int = 5
    healthy_count: int = 2
    unhealthy_count: int = 3
    healthy_codes: str = ""
    algorithm: Algorithm | None = None
    slow_start_s: int | None = None
    stickiness: NotSticky | BalancerCookie | ApplicationCookie = NotSticky()

    def __post_init__(self) -> None:
        least = self.health_check_timeout_s + 1
        for name, low, high in (
            ("health_check_timeout_s", 2, 120),
            ("health_check_interval_s", max(least, 5), 300),
            ("healthy_count", 2, 10),
            ("unhealthy_count", 2, 10),
        ):
            check_within(name, getattr(self, name), low, high)
        if self.healthy_codes:
            low, high = (0, 99) if self.protocol_version == "GRPC" else (200, 499)
            check_codes("healthy_codes", self.healthy_codes, low, high)
        if self.slow_start_s and not 30 <= self.slow_start_s <= 900:
            raise BlockError(f"slow_start_s is {self.slow_start_s}; allowed: 0, or 30 to 900")
        if self.slow_start_s and self.algorithm not in (None, "round_robin"):
            raise BlockError(f"slow_start_s works with round_robin, not with {self.algorithm}")

    def matcher(self) -> Any:
        """Which answers are good ones."""
        if self.protocol_version == "GRPC":
            return elb.Matcher(GrpcCode=self.healthy_codes or "0")
        return elb.Matcher(HttpCode=self.healthy_codes or "200-299")

    def attributes(self) -> dict[str, str]:
        """Of the target group, beside the deregistration delay."""
        found = self.stickiness.attributes()
        if self.algorithm is not None:
            found["load_balancing.algorithm.type"] = self.algorithm
        if self.slow_start_s is not None:
            found["slow_start.duration_seconds"] = str(self.slow_start_s)
        return found
