"""Both sides, from revisions, folders and renders: everything a review has to know of a stack."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.errors import EcsBlocksError, InputError
from ecs_blocks.review.sources import aside
from ecs_blocks.review.sources.gathering import Wanted, gather, pairs
from tests.project import ENVIRONMENT, SCRIPT, Project, script
from tests.review.repository import commit, git, repository

if TYPE_CHECKING:
    from pathlib import Path

    from ecs_blocks.review.side import Pair, Side
    from ecs_blocks.review.sources.snapshot import Snapshot

pytestmark = pytest.mark.slow

OLDER = ENVIRONMENT.replace("365", "180")


def gathered(made: Project, **settings: Any) -> tuple[Snapshot, Snapshot]:
    wanted: dict[str, Any] = {
        "root": made.stacks,
        "overrides": {},
        "version": "1.0.0",
        "base": "HEAD",
    } | settings
    return gather(Wanted(**wanted))


def problems(made: Project, **settings: Any) -> list[str]:
    with pytest.raises(InputError) as error:
        gathered(made, **settings)
    return [str(problem) for problem in error.value.problems]


def prod(snapshot: Snapshot) -> Side:
    return snapshot.sides["hoge"]["prod"]


def test_what_is_not_committed_against_the_last_commit(tmp_path: Path) -> None:
    made = repository(tmp_path, OLDER)
    made.write("hoge/environment.yaml", ENVIRONMENT)

    before, after = gathered(made)

    assert prod(before).parameters["RetentionDays"] == "180"
    assert prod(after).parameters["RetentionDays"] == "365"
    assert after.name == "the work tree"


def test_a_side_knows_everything(tmp_path: Path) -> None:
    made = repository(tmp_path, platform=PLATFORM_WITH_TAGS)
    text = made.rendered("--format", "yaml")["hoge/template.yaml"]

    for side in map(prod, gathered(made)):
        assert side.stack_name == "hoge-prod"
        assert side.pseudo["AWS::AccountId"] == "123456789012"
        assert side.pseudo["AWS::Region"] == "ap-northeast-1"
        assert side.tags == {"Application": "hoge", "Environment": "prod", "Team": "a"}
        assert side.places == {"RetentionDays": "stacks/hoge/environment.yaml:6"}
        assert side.lines == {"Group": "stacks/hoge/stack.py:18"}
        assert side.template_bytes == len(text.encode())


PLATFORM_WITH_TAGS = """\
tags: {Team: a}
parameters:
  default: {Region: ap-northeast-1}
  dev: {AccountId: "111122223333"}
  prod: {AccountId: "123456789012"}
"""


def test_a_line_is_that_of_the_apps_own_script_if_there_is_one(tmp_path: Path) -> None:
    topic = (
        "from troposphere import sns\n\n\ndef {}(stack):\n    stack.add_resource(sns.Topic('{}'))\n"
    )
    made = repository(tmp_path, script=script("import beside_hoge\nbeside_hoge.add(stack)"))
    made.write("../beside_hoge.py", topic.format("add", "Own"))
    made.write("company.py", topic.format("every_stack", "Company"))
    commit(tmp_path)

    assert prod(gathered(made)[0]).lines == {
        "Group": "stacks/hoge/stack.py:18",
        "Own": "stacks/hoge/stack.py:24",
        "Company": "stacks/company.py:5",
    }


def test_the_base_is_rendered_with_its_own_modules_beside_the_apps(tmp_path: Path) -> None:
    text = SCRIPT.replace(
        "from troposphere import logs", "from troposphere import logs\n\nimport shared.names"
    ).replace("LogGroupName=env.group_name", "LogGroupName=shared.names.GROUP")
    text = text.replace('    group_name: eb.Param[str] = eb.param(default="/ecs/hoge")\n', "")
    made = repository(tmp_path)
    made.write("hoge/stack.py", text)
    for name in ("__init__", "names", "deep"):
        made.write(f"../shared/{name}.py", "")
    made.write("../shared/names.py", "from shared.deep import GROUP\n")
    made.write("../shared/deep.py", 'GROUP = "before"\n')
    made.write("../elsewhere/big.py", "1 / 0\n")
    commit(tmp_path)
    made.write("../shared/deep.py", 'GROUP = "after"\n')

    names = [
        prod(one).template["Resources"]["Group"]["Properties"]["LogGroupName"]
        for one in gathered(made)
    ]

    assert names == ["before", "after"]


def test_neither_the_work_tree_nor_the_index_is_touched(tmp_path: Path) -> None:
    made = repository(tmp_path)
    made.write("hoge/environment.yaml", OLDER)
    made.app("fuga")
    git(tmp_path, "add", "stacks/fuga")
    before = git(tmp_path, "status", "--porcelain=v2")

    gathered(made)

    assert git(tmp_path, "status", "--porcelain=v2") == before
    assert git(tmp_path, "worktree", "list").count("\n") == 0


def test_files_are_taken_as_they_were_committed(tmp_path: Path) -> None:
    """No filter, no export-ignore: .gitattributes would leave the app out."""
    made = repository(tmp_path)
    (tmp_path / ".gitattributes").write_text("stacks/hoge export-ignore\n*.yaml eol=crlf\n")
    made.write("hoge/linked.yaml", "x: 1\n").unlink()
    (made.stacks / "hoge" / "linked.yaml").symlink_to("environment.yaml")
    commit(tmp_path)

    before, _ = gathered(made)

    assert prod(before).parameters["RetentionDays"] == "365"


def test_an_app_and_an_environment_that_only_one_side_has(tmp_path: Path) -> None:
    made = repository(tmp_path)
    made.app("gone")
    commit(tmp_path)
    shutil.rmtree(made.stacks / "gone")
    made.app("new")
    made.write("hoge/environment.yaml", ENVIRONMENT.replace("  dev:\n", ""))

    found = {
        (one.app, one.environment): (one.before is not None, one.after is not None)
        for one in pairs(*gathered(made), frozenset())
    }

    assert found == {
        ("gone", "dev"): (True, False),
        ("gone", "prod"): (True, False),
        ("hoge", "prod"): (True, True),
        ("hoge", "dev"): (True, False),
        ("new", "dev"): (False, True),
        ("new", "prod"): (False, True),
    }


def one_pair(made: Project, **settings: Any) -> Pair:
    [found] = pairs(*gathered(made, apps=("hoge",), **settings), frozenset({"prod"}))
    return found


def test_only_what_is_asked_for_is_rendered(tmp_path: Path) -> None:
    made = repository(tmp_path)
    made.app("broken", text="1 / 0\n")

    assert one_pair(made).app == "hoge"


def test_a_base_that_cannot_be_rendered_is_told_and_no_crash(tmp_path: Path) -> None:
    made = repository(tmp_path, script=script("1 / 0"))
    made.write("hoge/stack.py", SCRIPT)
    made.app("new")

    before, after = gathered(made)

    [first, *_] = before.broken["hoge"]
    assert str(first) == "stacks/hoge/stack.py:23:1: ZeroDivisionError: division by zero"
    assert [one.app for one in pairs(before, after, frozenset())] == ["new", "new"]


def test_a_head_that_cannot_be_rendered_is_refused(tmp_path: Path) -> None:
    made = repository(tmp_path)
    made.write("hoge/environment.yaml", ENVIRONMENT.replace("30", "thirty"))

    assert problems(made) == [
        "stacks/hoge/environment.yaml:3:20: parameters.default.RetentionDays: "
        'expected a whole number, got text "thirty"'
    ]


def test_what_is_set_counts_for_the_head_only(tmp_path: Path) -> None:
    made = repository(tmp_path)

    pair = one_pair(made, overrides={"RetentionDays": "7"})

    assert pair.before is not None
    assert pair.after is not None
    assert pair.before.parameters["RetentionDays"] == "365"
    assert pair.after.parameters["RetentionDays"] == "7"
    assert pair.after.places["RetentionDays"] == "--set"


def test_a_revision_without_the_folder_means_that_everything_is_new(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path)
    made = repository(tmp_path / "x")
    shutil.rmtree(made.folder / ".git")

    before, after = gathered(made)

    assert before.sides == {}
    assert before.notes[-1].endswith("has no stacks/: everything is new")
    assert all(one.before is None for one in pairs(before, after, frozenset()))


def test_a_repository_in_whose_middle_the_apps_are(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    made = Project(tmp_path / "infra" / "ecs")
    made.write("platform.yaml", PLATFORM_WITH_TAGS)
    made.app("hoge", OLDER)
    commit(tmp_path)
    made.app("hoge")

    before, after = gathered(made)

    assert prod(before).parameters["RetentionDays"] == "180"
    assert prod(before).places == prod(after).places


def test_two_revisions(tmp_path: Path) -> None:
    made = repository(tmp_path, OLDER)
    made.write("hoge/environment.yaml", ENVIRONMENT)
    commit(tmp_path)
    made.write("hoge/environment.yaml", "broken: [")

    before, after = gathered(made, base="HEAD~1", head="HEAD")

    assert prod(before).parameters["RetentionDays"] == "180"
    assert prod(after).parameters["RetentionDays"] == "365"


@pytest.mark.parametrize("form", ["yaml", "json", "git-sync"])
def test_a_folder_of_renders_is_as_good_as_rendering(tmp_path: Path, form: str) -> None:
    made = repository(tmp_path, platform=PLATFORM_WITH_TAGS)
    made.rendered("--format", form)

    pair = one_pair(made, base=str(made.build))

    assert pair.before is not None
    assert pair.after is not None
    for name in ("stack_name", "template", "parameters", "pseudo", "tags", "lookups"):
        assert getattr(pair.before, name) == getattr(pair.after, name), name


def test_lookups_in_a_render_read_like_those_that_are_written(tmp_path: Path) -> None:
    made = repository(tmp_path)
    made.app("other")
    made.write(
        "hoge/stack.py",
        script(
            "stack.output('Vpc', env.network_id, 'Its network.')",
            fields="network_id: eb.Param[eb.VpcId] = eb.param(default=eb.VpcId('vpc-0a1b2c3d'))",
        ),
    )
    made.write(
        "hoge/environment.yaml",
        ENVIRONMENT.replace(
            "365",
            "365\n    GroupName: !StackOutput other.Name\n    NetworkId: !Vpc Tier=b,Name=a",
        ),
    )
    made.write("other/stack.py", script("stack.output('Name', 'x', 'A name.')"))
    made.rendered()

    pair = one_pair(made, base=str(made.build))

    assert pair.before is not None
    assert pair.after is not None
    assert pair.before.lookups == pair.after.lookups
    assert pair.after.lookups == {
        "GroupName": "!StackOutput other-prod.Name",
        "NetworkId": "!Vpc Name=a, Tier=b",
    }


def test_renders_without_a_platform_take_names_from_the_other_side(tmp_path: Path) -> None:
    made = repository(tmp_path)
    made.rendered()
    (made.stacks / "platform.yaml").rename(tmp_path / "platform.yaml")

    before, after = gathered(made, base=str(made.build), head=str(made.build))

    assert prod(before).pseudo == prod(after).pseudo == {}
    assert "there is no platform.yaml" in before.notes[0]


def test_a_render_that_somebody_broke(tmp_path: Path) -> None:
    made = repository(tmp_path)
    made.rendered()
    (made.build / "hoge" / "prod.json").write_text("[1, 2]")
    (made.build / "hoge" / "dev.json").write_bytes(b"\x00\xff")

    found = problems(made, base=str(made.build))

    assert len(found) == 2 - 1
    assert "build/hoge/dev.json" in found[0]


def test_a_version_that_the_base_asks_for(tmp_path: Path) -> None:
    made = repository(tmp_path)
    (tmp_path / "requirements.txt").write_text("boto3==1.2\necs-blocks[check]==0.9.1\n")
    pinned = commit(tmp_path)
    (tmp_path / "requirements.txt").unlink()
    (tmp_path / "uv.lock").write_text('[[package]]\nname = "ecs-blocks"\nversion = "1.0.0"\n')
    commit(tmp_path)

    older, _ = gathered(made, base=pinned)
    same, _ = gathered(made)

    assert "asks for ecs-blocks 0.9.1 (requirements.txt); both sides are" in older.notes[-1]
    assert same.notes == ()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"apps": ("hoeg",)}, "stacks: hoeg: no such app; did you mean hoge?"),
        ({"apps": ("x",)}, "stacks: x: no such app; there are: hoge"),
        (
            {"environments": frozenset({"qa"})},
            "--env: qa: no app has this environment; there are: dev, prod",
        ),
    ],
)
def test_names_that_nothing_has(tmp_path: Path, settings: dict[str, Any], expected: str) -> None:
    assert problems(repository(tmp_path), **settings) == [expected]


def test_set_goes_with_what_is_rendered_now(tmp_path: Path) -> None:
    made = repository(tmp_path)

    [found] = problems(made, head="HEAD", overrides={"RetentionDays": "7"})

    assert found.startswith("--set: it changes what is rendered now")


def test_the_other_process_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = repository(tmp_path)
    monkeypatch.setattr(aside, "__package__", "ecs_blocks.nowhere")

    with pytest.raises(EcsBlocksError, match=r"^HEAD .*: the process that rendered it failed: "):
        gathered(made)


def test_what_a_process_tells_is_what_was_rendered(tmp_path: Path) -> None:
    """All of a Side goes through the pipe: the two of an unchanged app are equal."""
    made = repository(tmp_path)
    made.rendered("--format", "json")

    before, after = gathered(made)

    assert json.dumps(prod(before).template) == json.dumps(prod(after).template)
    assert prod(before) == prod(after)
