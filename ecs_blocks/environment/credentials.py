"""Does a text look like a credential? Known patterns only: a render has no time for more.

``ecs-blocks check`` asks a maintained detector as well. A false alarm costs a developer minutes, a
password in git costs a rotation; still, every pattern here is one that plain settings do not match.
"""

from __future__ import annotations

import re
from typing import Final

VALUES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("an AWS access key", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b"),
        ("a private key", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY"),
        ("a GitHub token", r"\b(?:gh[oprsu]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})"),
        ("a GitLab token", r"\bglpat-[A-Za-z0-9_-]{20,}"),
        ("a Slack token", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
        ("a Slack webhook", r"hooks\.slack\.com/services/T\w+/B\w+/\w+"),
        ("a Stripe key", r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}"),
        ("a Google API key", r"\bAIza[A-Za-z0-9_-]{35}"),
        ("an npm token", r"\bnpm_[A-Za-z0-9]{36}"),
        ("a PyPI token", r"\bpypi-AgEI[A-Za-z0-9_-]{50,}"),
        ("a SendGrid key", r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
        ("an API key", r"\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}"),
        ("a secret's value by {{resolve}}", r"\{\{resolve:(?:secretsmanager|ssm-secure):"),
        ("a JSON Web Token", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
    )
)
"""Values that are a credential wherever they stand: what it is, and its form."""

URL_PASSWORD: Final = re.compile(
    r"\b[a-z][a-z0-9+.-]{0,30}://[^\s/:@]{0,200}:([^\s/@]{1,500})@", re.IGNORECASE
)
"""``postgres://user:pass@host``; the group is the password."""

_ASSIGNED: Final = re.compile(
    r"(?:password|passwd|pwd|secret|token|api[._-]?key|access[._-]?key)"
    r"[\"']?(?:\s*=\s*|:\s+)[\"']?"
    r"(?!(?:true|false|none|null|[0-9.]+[a-z]?)\b)[^\s\"'$/{<]{4,}",
    re.IGNORECASE,
)
_SECRET_KEY: Final = re.compile(
    r"(?:Password|Passwd|Passphrase|SecretKey|AccessKey|ApiKey|PrivateKey|Token|Credentials?)$"
)
_A_NAME: Final = re.compile(r"/|arn:|\w+/|$")
"""How the name of a secret begins, which is no secret itself."""

WAY_OUT: Final = (
    "put it into SSM Parameter Store or Secrets Manager, and name it in stack.py under secrets="
)


def credential_in(key: str, text: str) -> str | None:
    """What kind of credential *text* looks like, as the value of *key*; None where it does not."""
    for name, pattern in VALUES:
        if pattern.search(text):
            return name
    if URL_PASSWORD.search(text):
        return "a URL with a password"
    if _ASSIGNED.search(text):
        return "a password"
    if _SECRET_KEY.search(key) and not is_name(text):
        return "a credential, by its key"
    return None


def is_name(text: str) -> bool:
    """Whether *text* is the name, path or ARN of a secret rather than one."""
    return _A_NAME.match(text) is not None
