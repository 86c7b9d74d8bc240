"""Credentials in the files of an app, by a maintained detector.

A render looks for known patterns only. This is the second look, by detect-secrets, over every file
that a person writes. A line that is right gets the detector's own comment,
``# pragma: allowlist secret``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Severity
from ecs_blocks.checks.run import Finding
from ecs_blocks.environment.credentials import VALUES, is_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

ID: Final = "EB002"
_ARN: Final = re.compile(r"\barn:aws[a-z-]*:[^\s\"',()]+")
_CALL: Final = re.compile(r"[A-Za-z_][\w.]*\(")
_FIX: Final = (
    "put it into SSM Parameter Store or Secrets Manager, and change it: what is in git is known"
)


def secrets_in(files: Iterable[Path], folder: Path) -> Iterator[tuple[str, Finding]]:
    """(``file:line``, the finding) for each line that looks like a credential. It is not shown.

    *files* are named as they stand below *folder*.
    """
    from detect_secrets.core import scan  # noqa: PLC0415 - a quarter of a second
    from detect_secrets.settings import default_settings  # noqa: PLC0415 - the same

    with default_settings():
        for path in files:
            found = dict(_known_forms(path))
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            for secret in scan.scan_file(str(path)):
                if not _only_names(lines[secret.line_number - 1], secret.secret_value or ""):
                    found.setdefault(secret.line_number, secret.type)
            for line, kind in sorted(found.items()):
                message = f"this looks like a secret ({kind})"
                place = f"{path.relative_to(folder).as_posix()}:{line}"
                yield place, Finding(ID, Severity.ERROR, "", "", message, _FIX)


def _only_names(line: str, value: str) -> bool:
    """Whether *value* names a secret and is none: ``TokenArn: arn:…``, ``token=eb.Secret(…)``.

    Of an ARN the detector may take any part for the value.
    """
    in_arn = value in line and value not in _ARN.sub("", line)
    return in_arn or is_name(value) or _CALL.match(value) is not None


def _known_forms(path: Path) -> Iterator[tuple[int, str]]:
    """Lines with a credential of a known form: comments of YAML too, where no detector looks."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for number, line in enumerate(lines, 1):
        kind = next((kind for kind, form in VALUES if form.search(line)), None)
        if kind and "pragma: allowlist secret" not in line:
            yield number, kind
