"""``!StackOutput`` of an app of the same repository is held against what that app gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.project import ENVIRONMENT, project, script

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Project

GIVES = script(  # under names of its own, so that platform.yaml may look the other's up
    'stack.output("Name", env.group_name, "x"); stack.output("Days", 1, "x")'
).replace("group_name", "name_of_group")
WHERE = "stacks/hoge/environment.yaml:4:16: parameters.default.GroupName: !StackOutput: "
PLATFORM_WHERE = "stacks/platform.yaml:4:16: parameters.default.GroupName: !StackOutput: "
CASES = [
    ("other.Name", []),
    ("other.Nam", ["other has no output Nam; did you mean Name?"]),
    ("other.Zzzzzz", ["other has no output Zzzzzz; it gives: Name, Days"]),
    ("silent.Name", ["silent has no output Name; it gives: none"]),
]


def asking(tmp_path: Path, what: str) -> Project:
    folder = project(
        tmp_path,
        environment=ENVIRONMENT.replace(
            "RetentionDays: 30\n", f"RetentionDays: 30\n    GroupName: !StackOutput {what}\n", 1
        ),
    )
    folder.app("other", text=GIVES)
    folder.app("silent")
    return folder


@pytest.mark.parametrize(("what", "expected"), CASES)
def test_an_output_that_no_stack_gives_is_refused_once(
    tmp_path: Path, what: str, expected: list[str]
) -> None:
    folder = asking(tmp_path, what)

    if expected:
        assert folder.refusal() == [f"{WHERE}{one}" for one in expected]
        assert folder.refusal("hoge", what.partition(".")[0]) == [f"{WHERE}{e}" for e in expected]
    else:
        assert "hoge/dev.json" in folder.rendered()


def test_alone_an_app_knows_nothing_of_the_others(tmp_path: Path) -> None:
    assert "hoge/dev.json" in asking(tmp_path, "other.Nam").rendered("hoge")


def test_a_lookup_in_the_platform_is_named_there_and_once(tmp_path: Path) -> None:
    folder = asking(tmp_path, "other.Name")
    folder.write("hoge/environment.yaml", ENVIRONMENT)
    platform = folder.stacks / "platform.yaml"
    text = platform.read_text(encoding="utf-8").replace(
        "Region: ap-northeast-1\n",
        "Region: ap-northeast-1\n    GroupName: !StackOutput other.Nam\n",
    )
    platform.write_text(text, encoding="utf-8")
    folder.app("silent", text=GIVES)

    assert folder.refusal() == [f"{PLATFORM_WHERE}other has no output Nam; did you mean Name?"]


def test_an_environment_that_the_other_app_lacks_is_told(tmp_path: Path) -> None:
    folder = asking(tmp_path, "other.Name")
    folder.write("other/environment.yaml", "parameters: {prod: {RetentionDays: 1}}\n")

    assert folder.refusal() == [
        f"{WHERE}no app here is the stack other-dev; it has to have this environment too"
    ]


def test_an_output_that_is_written_without_its_tag_is_told(tmp_path: Path) -> None:
    folder = asking(tmp_path, "other.Name")
    path = folder.stacks / "hoge" / "environment.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("!StackOutput ", ""), "utf-8")

    assert folder.refusal() == [
        "stacks/hoge/environment.yaml:4:16: parameters.default.GroupName: other.Name is plain text "
        "here; to look it up, write !StackOutput other.Name"
    ]


@pytest.mark.parametrize("text", ["other.Nowhere", "nobody.Name", "other.name", "a other.Name"])
def test_other_text_with_a_point_stays_text(tmp_path: Path, text: str) -> None:
    folder = asking(tmp_path, "other.Name")
    path = folder.stacks / "hoge" / "environment.yaml"
    changed = path.read_text(encoding="utf-8").replace("!StackOutput other.Name", text)
    path.write_text(changed, encoding="utf-8")

    assert "hoge/dev.json" in folder.rendered()


def test_stacks_that_wait_for_each_other_are_told_at_each_of_their_lookups(tmp_path: Path) -> None:
    folder = asking(tmp_path, "other.Name")
    folder.write("other/environment.yaml", ENVIRONMENT)
    both = script('stack.output("Name", env.group_name, "x")')
    for app, other in (("hoge", "other"), ("other", "hoge")):
        text = ENVIRONMENT.replace(
            "RetentionDays: 30\n",
            f"RetentionDays: 30\n    GroupName: !StackOutput {other}.Name\n",
            1,
        )
        folder.app(app, environment=text, text=both)

    problems = folder.refusal()

    assert [one.partition(": !StackOutput: ")[0] for one in problems] == [
        "stacks/hoge/environment.yaml:4:16: parameters.default.GroupName",
        "stacks/other/environment.yaml:4:16: parameters.default.GroupName",
    ]
    assert all("none of them can be deployed first" in one for one in problems)
    assert "hoge-dev needs other-dev needs hoge-dev" in problems[0] + problems[1]
