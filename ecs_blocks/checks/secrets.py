"""Credentials in the files of an app, by a maintained detector.

A render looks for known patterns only. This is the second look, by detect-secrets, over every file
that a person writes. A line that is right gets the detector's own comment,
``# pragma: allowlist secret``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Severity
from ecs_blocks.checks.run import Finding
from ecs_blocks.environment.credentials import is_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

ID: Final = "EB002"
_FIX: Final = (
    "put it into SSM Parameter Store or Secrets Manager, and change it: what is in git is known"
)


def secrets_in(files: Iterable[Path]) -> Iterator[Finding]:
    """A finding for each line of *files* that looks like a credential. It is never shown."""
    from detect_secrets.core.secrets_collection import SecretsCollection  # noqa: PLC0415 - a quarter of a second
    from detect_secrets.settings import default_settings  # noqa: PLC0415 - the same

    with default_settings():
        found = SecretsCollection()
        for path in files:
            found.scan_file(str(path))
        for name, secret in sorted(found, key=lambda pair: (pair[0], pair[1].line_number)):
            if is_name(secret.secret_value or ""):
                continue  # "TokenArn: arn:…" names a secret, and is none
            message = f"line {secret.line_number} of {name} looks like a secret ({secret.type})"
            yield Finding(ID, Severity.ERROR, "", "", message, _FIX)
