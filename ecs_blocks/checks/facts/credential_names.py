"""How the variables are called that hold a credential."""

from __future__ import annotations

import re
from typing import Final

SECRET_NAMES: Final = (
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "PASS",
    "SECRET",
    "SECRETS",
    "TOKEN",
    "CREDENTIAL",
    "CREDENTIALS",
    "APIKEY",
    "API_KEY",
    "ACCESS_KEY",
    "AUTH_KEY",
    "ENCRYPTION_KEY",
    "MASTER_KEY",
    "PRIVATE_KEY",
    "SECRET_KEY",
    "SECRET_KEY_BASE",
    "SIGNING_KEY",
    "PWD",
    "REDISCLI_AUTH",
    "REQUIREPASS",
    "SSHPASS",
)
"""How the name of a variable ends that holds a secret, in capitals with underscores.

Only the end counts: ``TOKEN_TTL``, ``SECRET_ARN`` and ``PASSWORD_MIN_LENGTH`` are plain settings.
"""

NAME_SUFFIXES: Final = frozenset(
    {"OLD", "NEW", "CURRENT", "PREVIOUS", "PRIMARY", "SECONDARY", "DEFAULT"}
    | {"DEV", "STG", "STAGING", "TEST", "PROD", "PRODUCTION", "LIVE"}
)
"""Words after the secret's name that do not change what it is."""

PUBLIC_WORDS: Final = frozenset({"PUBLIC", "PUBLISHABLE"})
"""A name with one of these is meant to be seen by everybody (``NEXT_PUBLIC_MAP_TOKEN``)."""

OPTION_PASSWORD: Final = re.compile(r"(?:password|passwd|pwd)=([^;&\s\"']+)", re.IGNORECASE)
"""``…?user=a&password=b`` or ``Server=…;Pwd=b``; the group is the password."""

_WORD_ENDINGS: Final = ("PASSWORD", "PASSWD", "PASSPHRASE")
"""What a word may end with that stands without an underscore: ``PGPASSWORD``.

``PASS`` is none of them: a ``BYPASS`` and a ``COMPASS`` are plain settings.
"""
_FOLDER: Final = "PWD"
"""In capitals and alone it is the folder of a shell (POSIX, "Environment Variables")."""

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def names_a_secret(name: str) -> bool:
    """Whether a variable that is called *name* holds a secret: ``DB_PASSWORD``, ``apiKey2``."""
    if name == _FOLDER:
        return False
    words = re.sub(r"\W", "_", _CAMEL.sub("_", name)).upper().strip("_").split("_")
    if PUBLIC_WORDS.intersection(words):
        return False
    while len(words) > 1 and (words[-1].isdecimal() or words[-1] in NAME_SUFFIXES):
        words.pop()
    if words[-1].rstrip("0123456789").endswith(_WORD_ENDINGS):
        return True
    return f"_{'_'.join(words)}".rstrip("0123456789").endswith(tuple(f"_{n}" for n in SECRET_NAMES))
