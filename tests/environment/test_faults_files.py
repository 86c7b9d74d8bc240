"""Files that are not what they should be: missing, empty, not text, or made to do harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.environment.source import MAX_BYTES
from tests.project import ENVIRONMENT, PLATFORM, project, script

if TYPE_CHECKING:
    from pathlib import Path

FILE = "stacks/hoge/environment.yaml"
EMPTY = f"{FILE}: the file is empty; it holds images and parameters"
NOT_UTF8 = "the file is not UTF-8 text; save it as UTF-8"
CONTROL = "control characters are not allowed"
DEEP = "values are nested deeper than 20"
BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)
LAUGH = "with its aliases written out the file holds more than 10,000 values, or nests deeper than"


def nested(depth: int) -> str:
    """``images`` as lists in lists; the innermost stands at *depth*."""
    return "images: " + "[" * (depth - 1) + "]" * (depth - 1) + "\n" + ENVIRONMENT


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", EMPTY, id="no byte"),
        pytest.param(b"  \n\n", EMPTY, id="blank"),
        pytest.param(b"# later\n", EMPTY, id="a comment"),
        pytest.param(b"---\n", EMPTY, id="a marker"),
        pytest.param(b"~\n", EMPTY, id="nothing"),
        pytest.param(b"\xef\xbb\xbf", EMPTY, id="a byte order mark"),
        pytest.param(
            b"- a\n",
            f"{FILE}:1:1: the file has to hold a mapping (images, parameters), not a list",
            id="a list",
        ),
        pytest.param(
            b"hoge\n",
            f'{FILE}:1:1: the file has to hold a mapping (images, parameters), not text "hoge"',
            id="a word",
        ),
        pytest.param(
            ENVIRONMENT.encode() + "# caf\u00e9\n".encode("latin-1"),
            f"{FILE}:7:6: {NOT_UTF8}",
            id="Latin-1",
        ),
        pytest.param(
            ENVIRONMENT.encode() + "# \u65e5\u672c\n".encode("shift-jis"),
            f"{FILE}:7:3: {NOT_UTF8}",
            id="Shift JIS",
        ),
        pytest.param(ENVIRONMENT.encode("utf-16"), f"{FILE}:1:1: {NOT_UTF8}", id="UTF-16"),
        pytest.param(b'a: "\xed\xa0\x80"', f"{FILE}:1:5: {NOT_UTF8}", id="half a surrogate"),
        pytest.param(b"a: b\0", f"{FILE}:1:5: {CONTROL}", id="a null"),
        pytest.param(b"a: b\nc: \x1b[31m", f"{FILE}:2:4: {CONTROL}", id="an escape"),
        pytest.param(b"[" * 200_000, f"{FILE}:1:21: {DEEP}", id="200,000 ["),
        pytest.param(b"{" * 200_000, f"{FILE}:1:21: {DEEP}", id="200,000 {"),
        pytest.param(b"- " * 200_000, f"{FILE}:1:41: {DEEP}", id="200,000 -"),
        pytest.param(b"? " * 200_000, f"{FILE}:1:41: {DEEP}", id="200,000 ?"),
        pytest.param(nested(21).encode(), f"{FILE}:1:28: {DEEP}", id="21 deep"),
        pytest.param(BOMB.encode(), f"{FILE}:4:38: *a2: {LAUGH} 20", id="a bomb of anchors"),
        pytest.param(
            b"a: &a [*a]\n", f"{FILE}:1:8: *a: there is no anchor &a before this", id="a circle"
        ),
        pytest.param(
            b"a" * 10_000_000,
            f"{FILE}: the file is over 1,000,000 bytes; it is meant to hold settings",
            id="10 MB",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    assert project(tmp_path, content).refusal() == [expected]


def test_as_deep_as_allowed_is_read(tmp_path: Path) -> None:
    problems = project(tmp_path, nested(20)).refusal()

    assert problems == [f"{FILE}:1:10: images: expected text, got a list"]


def test_a_file_of_just_the_largest_size_is_read(tmp_path: Path) -> None:
    text = ENVIRONMENT + "#" * (MAX_BYTES - len(ENVIRONMENT))

    assert "hoge/dev.json" in project(tmp_path, text).rendered()


def test_an_app_without_the_file_is_refused(tmp_path: Path) -> None:
    made = project(tmp_path, None)

    assert made.refusal() == [f"{FILE}: there is no such file; hoge needs one beside its stack.py"]


def test_an_app_without_a_script_is_refused(tmp_path: Path) -> None:
    made = project(tmp_path)
    made.write("fuga/environment.yaml", ENVIRONMENT)

    assert made.refusal() == [
        "stacks/fuga/stack.py: there is no such file; an app is a folder with stack.py and "
        "environment.yaml"
    ]


def test_a_folder_without_either_is_no_app(tmp_path: Path) -> None:
    made = project(tmp_path)
    (made.stacks / "notes").mkdir()

    assert {name.partition("/")[0] for name in made.rendered()} == {"hoge"}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            None,
            "stacks/platform.yaml: there is no such file; it gives each environment its account, "
            "region and network",
            id="missing",
        ),
        pytest.param(
            "", "stacks/platform.yaml: the file is empty; it holds tags and parameters", id="empty"
        ),
        pytest.param("- a\n" + PLATFORM, None, id="broken"),
    ],
)
def test_without_a_platform_only_the_platform_is_to_blame(
    tmp_path: Path, content: str | None, expected: str | None
) -> None:
    fields = "domain: eb.Param[eb.DomainName] = eb.param()"
    made = project(tmp_path, script=script(fields=fields), platform=content)
    problems = made.refusal()

    assert [problem.partition(":")[0] for problem in problems] == ["stacks/platform.yaml"]
    assert expected in (None, problems[0])
