"""What the fake answers where AWS refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class AwsError(Exception):
    """An error on the wire. ``code`` is AWS's (``ValidationError``), ``status`` HTTP's."""

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 400,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.headers = headers or {}


def invalid(message: str) -> AwsError:
    """CloudFormation's error for nearly everything."""
    return AwsError("ValidationError", message)
