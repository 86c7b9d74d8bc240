"""How long the tests with made-up examples may search: the same examples in CI, new ones here."""

from __future__ import annotations

import os
from typing import Final

from hypothesis import HealthCheck, settings, strategies

MODEST: Final = settings(
    deadline=None,  # the machine may be busy
    derandomize="CI" in os.environ,
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow],
)

WORDS: Final = strategies.sampled_from(
    [
        *("a", "é", "日", " ", "  ", "\n", "\r\n", "\t", ":", ": ", "-", "- ", "#", " #", "?"),
        *(",", "[", "]", "{", "}", '"', "'", "\\", "|", ">", "&", "*", "!", "%", "@", "`", "~"),
        *("<<", "=", "0", "1", "9", ".", "_", "e", "x", "+", "on", "No", "null", "true", "Null"),
        *("2026-11-23", "1:20", ".inf", "0o7", "0x1", "---", "...", "!Ssm /a", "&a", "*a", "${a}"),
        *("\ufeff", "\u2028", "\x85", "\xa0", "\x7f", "\U0001f600"),
    ]
)
"""Pieces that YAML has an opinion about."""

TEXTS: Final = strategies.one_of(
    strategies.text(max_size=20),
    strategies.lists(WORDS, max_size=6).map("".join),
)
"""Text of any kind, with what YAML might stumble over more often than by chance."""
