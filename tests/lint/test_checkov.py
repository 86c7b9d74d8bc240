"""checkov over every template with each environment's values, all in one process.

It pins what others need, so it lives in an environment of its own: ``make .venv-checkov/ready``.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ecs_blocks.templates.text import to_json
from tests.lint.suppressions import SUPPRESSIONS, Finding, unsuppressed
from tests.lint.templates import resolved, spoilt

pytestmark = pytest.mark.slow

CHECKOV = Path(__file__).parent.parent.parent / ".venv-checkov" / "bin" / "checkov"
SPOILT = "spoilt"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Checkov's own report."""
    assert CHECKOV.exists(), "checkov is not there: make .venv-checkov/ready"
    folder = tmp_path_factory.mktemp("resolved")
    for one in resolved():
        (folder / f"{one.name}.json").write_text(one.text, encoding="utf-8")
        if one.name == "hoge.prod":
            text = to_json(spoilt(one.template))
            (folder / f"{SPOILT}.json").write_text(text, encoding="utf-8")
    flags = ["--framework", "cloudformation", "--skip-download", "--compact", "--quiet"]
    done = subprocess.run(
        [CHECKOV, "--directory", folder, *flags, "-o", "json"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def findings(report: dict[str, Any]) -> list[Finding]:
    return [
        Finding(
            Path(one["file_path"]).stem,
            one["check_id"],
            one["resource"].rpartition(".")[2],
            one["check_name"],
        )
        for one in report["results"]["failed_checks"]
    ]


def test_checkov_read_every_template(report: dict[str, Any]) -> None:
    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["passed"] > 300


def test_checkov_finds_nothing_that_has_no_written_reason(findings: list[Finding]) -> None:
    assert [one for one in unsuppressed(findings) if one.template != SPOILT] == []


def test_every_reason_is_still_needed(findings: list[Finding]) -> None:
    written = {one for one in SUPPRESSIONS if one.id.startswith("CKV")}

    assert {one.suppression for one in findings} - {None} == written


def test_a_spoilt_template_fails(findings: list[Finding]) -> None:
    found = [one for one in unsuppressed(findings) if one.template == SPOILT]

    assert [(one.id, one.resource) for one in found] == [("CKV_AWS_158", "HogeLogGroup")]
