"""What the machine that runs the tests has set decides nothing: a test sets what it is about."""

from __future__ import annotations

import os
from typing import Final

import tests.properties  # noqa: F401 - asks whether this is CI, before that is forgotten

# a CI server's, a terminal's, and a person's own account
_NAMES: Final = {"CI", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM", "SOURCE_DATE_EPOCH"}
_PREFIXES: Final = ("AWS_", "ECS_BLOCKS_", "GITHUB_", "GITLAB_", "JENKINS_", "TTY_")


def pytest_configure() -> None:
    """Unset them, before a test file is read."""
    for name in list(os.environ):
        if name in _NAMES or name.startswith(_PREFIXES):
            del os.environ[name]
    os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
