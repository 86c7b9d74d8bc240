"""Ids that look like AWS's, the same in every run."""

from __future__ import annotations

import hashlib
import itertools
import uuid
from typing import Final

ACCOUNT: Final = "123456789012"
REGION: Final = "ap-northeast-1"


class Ids:
    """Makes one id after the other."""

    def __init__(self) -> None:
        self._count = itertools.count()

    def hex(self, length: int) -> str:
        """Lower-case hexadecimal digits."""
        return hashlib.sha256(f"id {next(self._count)}".encode()).hexdigest()[:length]

    def upper(self, length: int) -> str:
        """Upper-case letters and digits, as CloudFormation puts behind a logical id."""
        digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        return "".join(digits[int(one, 16) * 2] for one in self.hex(length))

    def uuid(self) -> str:
        """A UUID."""
        return str(uuid.UUID(self.hex(32)))


def arn(service: str, resource: str, *, region: str = REGION, account: str = ACCOUNT) -> str:
    """An ARN of the fake's account."""
    return f"arn:aws:{service}:{region}:{account}:{resource}"
