"""cfn-lint over every template with each environment's values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cfnlint import api
from cfnlint.config import ManualArgs

from ecs_blocks.templates.text import to_json
from tests.lint.suppressions import SUPPRESSIONS, Finding, unsuppressed
from tests.lint.templates import Resolved, resolved, spoilt

if TYPE_CHECKING:
    from typing import Any

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def templates() -> list[Resolved]:
    return resolved()


@pytest.fixture(scope="module")
def findings(templates: list[Resolved]) -> list[Finding]:
    return [found for one in templates for found in lint(one.name, one.region, one.text)]


def lint(name: str, region: str, text: str) -> list[Finding]:
    arguments: Any = {"regions": [region]}
    return [
        Finding(
            name,
            match.rule.id,
            str(match.path[1]) if match.path and len(match.path) > 1 else "",
            match.message,
        )
        for match in api.lint(text, config=ManualArgs(**arguments))
    ]


def test_cfn_lint_finds_nothing_that_has_no_written_reason(findings: list[Finding]) -> None:
    assert unsuppressed(findings) == []


def test_every_reason_is_still_needed(findings: list[Finding]) -> None:
    written = {one for one in SUPPRESSIONS if not one.id.startswith("CKV")}

    assert {one.suppression for one in findings} - {None} == written


def test_a_spoilt_template_fails(templates: list[Resolved]) -> None:
    [hoge] = [one for one in templates if one.name == "hoge.prod"]

    found = lint("spoilt", hoge.region, to_json(spoilt(hoge.template)))

    assert [(one.id, one.resource) for one in unsuppressed(found)] == [("E3002", "HogeService")]
