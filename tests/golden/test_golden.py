"""The golden files are what is rendered now, to the byte."""

from __future__ import annotations

import pytest

from tests.golden.files import REWRITE, VARIANTS, difference, present, wanted


@pytest.fixture(scope="module")
def golden() -> dict[str, str]:
    return present()


@pytest.fixture(scope="module")
def now() -> dict[str, str]:
    return wanted()


def test_the_golden_files_are_what_is_rendered_now(
    golden: dict[str, str], now: dict[str, str]
) -> None:
    found = difference(golden, now)

    assert not found, found


def test_rendering_twice_gives_the_same_bytes(now: dict[str, str]) -> None:
    assert wanted() == now


def test_every_app_has_its_template_and_each_environment_s_parameters(
    golden: dict[str, str],
) -> None:
    every = {"dev.json", "prod.json", "stg.json", "template.yaml"}
    prod = {"prod.json", "template.yaml"}
    apps: dict[str, set[str]] = {}
    for path in golden:
        app, name = path.split("/")
        apps.setdefault(app, set()).add(name)

    shipped = {"cluster": every, "fuga": every, "hoge": every, "registry": prod}
    assert apps == shipped | {path.parent.name: prod for path in VARIANTS.glob("*/stack.py")}


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        pytest.param({"a/x": "one\n"}, {"a/x": "one\n"}, "", id="the same"),
        pytest.param(
            {"a/x": "one\ntwo\n"},
            {"a/x": "one\nthree\n"},
            "--- tests/golden/a/x\n+++ a/x as rendered now\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n",
            id="changed",
        ),
        pytest.param(
            {},
            {"a/x": "one\n"},
            "--- /dev/null\n+++ a/x as rendered now\n@@ -0,0 +1 @@\n+one\n",
            id="added",
        ),
        pytest.param(
            {"a/x": "one\n"},
            {},
            "--- tests/golden/a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n",
            id="removed",
        ),
    ],
)
def test_a_difference_is_shown_and_says_what_to_do(
    before: dict[str, str], after: dict[str, str], text: str
) -> None:
    assert difference(before, after) == (text + REWRITE if text else "")
