"""Many stacks, reviewed on every core: the same as one after the other."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.project import ENVIRONMENT
from tests.review.repository import commit, repository, review

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.slow


def test_on_several_cores_it_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = repository(tmp_path)
    for number in range(12):
        made.app(f"app{number}")
    commit(tmp_path)
    for number in range(12):
        made.app(f"app{number}", ENVIRONMENT.replace("30", f"{7 + 7 * (number % 2)}"))
    found = []
    for cores in ({0}, {0, 1, 2}):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, cores=cores: cores)
        found.append(review(tmp_path, "--format", "json").stdout)

    assert found[0] == found[1]
    assert found[0].count('"status": "changed"') == 12
