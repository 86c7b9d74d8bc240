"""How an Application Load Balancer treats connections and requests."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from ecs_blocks.blocks.limits import check_one_of, check_within
from ecs_blocks.values import Value, as_text

SSL_POLICY: Final = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
"""TLS 1.2 and 1.3 with forward secrecy and post-quantum key exchange.

Source: Elastic Load Balancing User Guide, "Security policies for your Application Load Balancer".
"""
_WEEK_S: Final = 604_800
_DESYNC_MODES: Final = ("monitor", "defensive", "strictest")


class BalancerOptions(Struct, frozen=True, kw_only=True):
    """How an Application Load Balancer works; every one of them may vary by environment.

    Attributes:
        idle_timeout_s: after this long without a byte a connection is closed, 1 to 4000. What takes
            longer to answer, or pushes (server-sent events, WebSockets), needs more; the
            application's own keep-alive has to be longer than this, or it closes first.
        ssl_policy: which versions of TLS and which ciphers the HTTPS listener takes.
        http2: whether clients may speak HTTP/2; None leaves it to ELB, which lets them.
        client_keep_alive_s: after this long a client's connection is closed, busy or not, 60 to
            604800; None leaves it to ELB, which takes an hour.
        desync_mode: what becomes of requests that might be read in two ways: ``strictest`` takes
            those of RFC 7230 alone, ``monitor`` lets all through.
        drop_invalid_headers: whether a header whose name is not made of letters, digits and hyphens
            is taken away; names with an underscore are among them.

    ELB keeps an attribute that it is told nothing of: to undo ``http2`` or ``client_keep_alive_s``,
    write ``True`` or 3600, instead of leaving it out (trap 9).

    Source: Elastic Load Balancing User Guide, "Edit attributes for your Application Load Balancer".
    """

    idle_timeout_s: Value[int] = 60
    ssl_policy: Value[str] = SSL_POLICY
    http2: Value[bool] | None = None
    client_keep_alive_s: Value[int] | None = None
    desync_mode: Value[Literal["monitor", "defensive", "strictest"]] = "defensive"
    drop_invalid_headers: Value[bool] = True

    def __post_init__(self) -> None:
        for name, least, most in (
            ("idle_timeout_s", 1, 4000),
            ("client_keep_alive_s", 60, _WEEK_S),
        ):
            check_within(name, getattr(self, name), least, most)
        check_one_of("desync_mode", self.desync_mode, _DESYNC_MODES)

    def attributes(self) -> dict[str, Value[str]]:
        """Of the load balancer."""
        found: dict[str, Value[str]] = {
            "idle_timeout.timeout_seconds": as_text(self.idle_timeout_s),
            "routing.http.drop_invalid_header_fields.enabled": as_text(self.drop_invalid_headers),
            "routing.http.desync_mitigation_mode": self.desync_mode,
        }
        if self.http2 is not None:
            found["routing.http2.enabled"] = as_text(self.http2)
        if self.client_keep_alive_s is not None:
            found["client_keep_alive.seconds"] = as_text(self.client_keep_alive_s)
        return found
