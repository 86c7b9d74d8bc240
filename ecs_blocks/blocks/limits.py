"""How AWS bounds numbers, texts and ranges of addresses.

Only what is known here is judged: what is a token, or left to AWS (None), may be anything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.errors import BlockError
from ecs_blocks.values import Token, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_PORT: Final = 65535
MAX_S: Final = 2_147_483_647
"""Where AWS names no bound of its own: the largest number that its type holds."""

_CODES: Final = re.compile(r"\d{1,3}(?:-\d{1,3})?(?:,\d{1,3}(?:-\d{1,3})?)*")


def check_within(name: str, value: Value[float] | None, low: float, high: float) -> None:
    """Refuse a number that AWS does not take.

    Raises:
        BlockError: it is not between *low* and *high*, which both are allowed.
    """
    if value is not None and not isinstance(value, Token) and not low <= value <= high:
        raise BlockError(f"{name} is {value}; allowed: {low} to {high}")


def check_at_least(name: str, value: Value[float] | None, low: float) -> None:
    """Refuse a number that is too small for AWS, or for any sense.

    Raises:
        BlockError: it is below *low*.
    """
    if value is not None and not isinstance(value, Token) and value < low:
        raise BlockError(f"{name} is {value}; allowed: {low} and more")


def check_port(port: Any) -> None:
    """Refuse what is no port. It is part of logical ids, so it cannot be a token.

    Raises:
        BlockError: it is no whole number, or not between 1 and 65535.
    """
    if not isinstance(port, int) or isinstance(port, bool):
        raise BlockError(f"port is a whole number like 8080, not {type(port).__name__}")
    if not 1 <= port <= MAX_PORT:
        raise BlockError(f"port {port} is not between 1 and {MAX_PORT}")


def check_one_of(name: str, value: Value[str] | Value[int], allowed: Sequence[str | int]) -> None:
    """Refuse a value that is none of a few.

    Raises:
        BlockError: it is another.
    """
    if not isinstance(value, Token) and value not in allowed:
        is_text = isinstance(value, str) and not any(isinstance(one, str) for one in allowed)
        given = f'"{value}", text' if is_text else value
        raise BlockError(f"{name} is {given}; allowed: {', '.join(map(str, allowed))}")


def check_form(name: str, value: Value[str], form: re.Pattern[str], written: str) -> None:
    """Refuse a text of another form; *written* says in words how it is written.

    Raises:
        BlockError: it does not match *form*.
    """
    if not isinstance(value, Token) and not (isinstance(value, str) and form.fullmatch(value)):
        raise BlockError(f"{name} is {value!r}; it is written {written}")


def check_path(name: str, path: str, most: int) -> None:
    """Refuse what is no path of a request.

    Raises:
        BlockError: it begins with no slash, or has more than *most* characters.
    """
    if not path.startswith("/"):
        raise BlockError(f"{name} {path!r} begins with no slash")
    if len(path) > most:
        raise BlockError(f"{name} has {len(path)} characters; allowed: {most}")


def check_codes(name: str, codes: str, low: int, high: int) -> None:
    """Refuse what is no list of numbers and ranges: ``200,202`` or ``200-299``.

    Raises:
        BlockError: it is something else, a number is not between *low* and *high*, or a range
            ends before it begins.
    """
    example = f"{low}, {low},{low + 2} or {low}-{low + 9}"
    if not _CODES.fullmatch(codes):
        raise BlockError(f"{name} is {codes!r}; it is written like {example}")
    for part in codes.split(","):
        ends = [int(one) for one in part.split("-")]
        if not all(low <= one <= high for one in ends) or ends != sorted(ends):
            raise BlockError(f"{name} is {codes!r}; allowed: {low} to {high}, like {example}")


def check_block(name: str, block: Value[str]) -> None:
    """Refuse what is no range of addresses in CIDR notation.

    EC2 takes a range with bits behind its mask, ``10.0.0.5/8``, and makes ``10.0.0.0/8`` of it.
    The group then says something else than the template for ever, and lets in far more than who
    wrote one address meant; so that is refused too.

    Source: Amazon EC2 API Reference, AuthorizeSecurityGroupIngress, ``CidrIp``.

    Raises:
        BlockError: it has no mask, or no range is written so.
    """
    from ipaddress import ip_address, ip_interface, ip_network  # noqa: PLC0415 - for addresses alone

    if isinstance(block, Token):
        return
    # Python takes the zone of a host, fe80::1%eth0, which is nobody's outside of that host
    written = block if isinstance(block, str) and "%" not in block else ""
    try:
        ip_network(written)
    except ValueError:
        pass
    else:
        if "/" in block:
            return
        host = ip_address(written)
        raise BlockError(f"{name} {block} has no mask; one address is {block}/{host.max_prefixlen}")
    try:
        found = ip_interface(written)
    except ValueError:
        raise BlockError(
            f"{name} {block!r} is no range of addresses; it is written like 10.0.0.0/8 or "
            "2001:db8::/32"
        ) from None
    raise BlockError(
        f"{name} {block} has bits behind its mask; write {found.network} for all of it, or "
        f"{found.ip}/{found.max_prefixlen} for the one address"
    )
