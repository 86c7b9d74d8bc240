"""A plan in a file: made by one command, carried out by another, refused once it is outdated."""

from __future__ import annotations

import json
import shutil
import stat
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from ecs_blocks.deploy.content import Content
from tests.cli.deploying.stage import STACK, app
from tests.deploy.records.test_git import git

if TYPE_CHECKING:
    from tests.cli.deploying.stage import Stage

pytestmark = pytest.mark.slow

PLAN = ("deploy", "hoge", "--env", "prod", "--set", "Title=two", "--plan-only", "hoge.plan")
CARRY_OUT = ("deploy", "--env", "prod", "--plan", "hoge.plan", "--yes")


@pytest.fixture
def planned(stage: Stage) -> Stage:
    """A stack with a plan for it."""
    stage.deployed()
    done = stage.within(*PLAN)

    assert done.code == 0, done.stderr
    return stage


def test_a_plan_is_json_too(stage: Stage) -> None:
    stage.deployed()
    words = ("deploy", "hoge", "--env", "prod", "--set", "Title=two", "--plan-only", "hoge.plan")
    done = stage.within(*words, "--json")
    found = done.json["stacks"][STACK]

    assert (done.code, found["code"]) == (0, 0)
    assert [one["logical_id"] for one in found["changes"]] == ["Topic"]


@pytest.mark.parametrize(
    ("title", "more", "code"),
    [
        ("one", "", 0),
        ("two", "", 3),
        ("one", 'stack.add_resource(sns.Topic("Own"))', 3),
        ("one", 'del stack.template.resources["Other"]', 4),
    ],
)
def test_a_job_that_asks_is_told_by_the_exit_code_what_a_plan_means(
    stage: Stage, title: str, more: str, code: int
) -> None:
    stage.deployed()
    app(stage.project, "hoge", more=more)
    words = (*PLAN[:-4], "--set", f"Title={title}", "--plan-only", "hoge.plan")
    asked = stage.within(*words, "--exit-code", "--json")
    told = asked.json

    assert asked.code == code, asked.stderr
    assert (told["code"], told["stacks"][STACK]["result"]) == (code, "ok")
    assert stage.within(*words).code == 0


def test_a_plan_is_shown_and_kept_and_nothing_is_executed(planned: Stage) -> None:
    file = planned.project.folder / "hoge.plan"
    again = planned.run(*PLAN)

    assert again.lines[-1] == (
        "kept in hoge.plan; carry it out: ecs-blocks deploy hoge --env prod --plan hoge.plan"
    )
    assert "      DisplayName: one → two (because of parameter Title)" in again.lines
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["kind"] == "UPDATE"
    assert planned.fake.summary()["change sets"] == [f"{STACK} CREATE_COMPLETE AVAILABLE"]
    assert planned.title() == "one"


def test_what_was_planned_is_what_is_done_whatever_the_files_say_by_now(planned: Stage) -> None:
    app(planned.project, "hoge", "parameters: {default: {Titel: x}, prod: {}}\n")
    done = planned.run(*CARRY_OUT)

    assert (done.code, done.outcome) == (0, [f"OK: {STACK} is UPDATE_COMPLETE"])
    assert "      DisplayName: one → two (because of parameter Title)" in done.lines
    assert planned.title() == "two"
    assert planned.records[-1]["parameters"]["Title"] == "two"


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_a_record_has_the_commit_that_was_planned_and_that_of_the_version_gone_back_to(
    stage: Stage,
) -> None:
    folder = stage.project.folder
    git(folder, "init", "--quiet", "--initial-branch=main")
    (folder / ".gitignore").write_text("*.plan\n.ecs-blocks\n__pycache__\n")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=first")
    first = git(folder, "rev-parse", "HEAD")
    stage.deployed()
    stage.within(*PLAN)
    git(folder, "commit", "--quiet", "--allow-empty", "--message=second")
    git(folder, "checkout", "--quiet", "--detach")
    carried_out = stage.within(*CARRY_OUT)
    stage.deployed("three")
    stage.within("rollback", "hoge", "--env", "prod", "--yes")
    listed = stage.within("status", "hoge", "--env", "prod").stdout

    second = git(folder, "rev-parse", "HEAD")
    assert f"{STACK}: planned at {first[:9]} on main" in carried_out.stderr
    assert [(one["commit"], one["branch"]) for one in stage.records] == [
        (first, "main"),
        (first, "main"),
        (second, None),
        (first, "main"),
    ]
    assert {one["dirty"] for one in stage.records} == {False}
    assert f"  {first[:9]} (rolled back to)  " in listed


def test_a_plan_that_does_not_say_its_commit_is_carried_out(planned: Stage) -> None:
    file = planned.project.folder / "hoge.plan"
    told = json.loads(file.read_text())
    del told["revision"], told["back_to"]
    file.write_text(json.dumps(told))

    assert planned.within(*CARRY_OUT).code == 0


def test_what_a_file_says_that_it_leads_to_is_not_believed(planned: Stage) -> None:
    file = planned.project.folder / "hoge.plan"
    told = json.loads(file.read_text())
    told["consequences"][0] |= {"text": "nothing that anybody would notice", "weight": "calm"}
    file.write_text(json.dumps(told))

    done = planned.within(*CARRY_OUT)

    assert done.code == 0
    assert "!  Topic: DisplayName one → two" in done.lines
    assert "nothing that anybody would notice" not in done.stderr


def test_the_plan_of_a_new_stack(stage: Stage) -> None:
    stage.within(*PLAN)
    review = stage.fake.stack(STACK).status
    done = stage.run(*CARRY_OUT, "--json")

    assert review == "REVIEW_IN_PROGRESS"
    assert (done.code, done.json["stacks"][STACK]["result"]) == (0, "ok")
    assert stage.fake.stack(STACK).status == "CREATE_COMPLETE"


def test_a_plan_with_nothing_in_it(stage: Stage) -> None:
    stage.deployed("two")
    made = stage.within(*PLAN)
    done = stage.within(*CARRY_OUT)

    assert made.lines[0] == f"{STACK}: nothing to change"
    assert made.lines[-1] == "kept in hoge.plan"  # and nothing to carry out
    assert (done.code, done.outcome) == (0, [f"OK: {STACK}: nothing to change"])


def test_a_plan_is_refused_once_the_stack_has_changed(planned: Stage) -> None:
    planned.deployed("three")
    done = planned.run(*CARRY_OUT)

    assert done.code == 13
    assert done.outcome == [
        f"NOT DONE: {STACK} is not what this plan was made for: it was changed, or the plan was "
        "carried out or deleted already; nothing was done",
        "  make the plan again: ecs-blocks deploy hoge --env prod --plan-only FILE",
    ]
    assert planned.title() == "three"


def test_a_plan_to_which_nobody_can_agree_is_there_already(planned: Stage) -> None:
    done = planned.within(*CARRY_OUT[:-1])

    assert done.code == 4
    assert done.outcome == [
        f"NOT DONE: {STACK}: nobody is here to agree to it; nothing was changed",
        "  add --yes",
    ]


def test_a_file_does_not_say_that_a_version_is_gone_back_to(planned: Stage) -> None:
    """Only ``rollback`` does: its record would lead the next one to another version."""
    file = planned.project.folder / "hoge.plan"
    told = json.loads(file.read_text())
    file.write_text(json.dumps({**told, "back_to": "2026-11-23T01:49:03Z-3fa9c1d2"}))
    done = planned.within(*CARRY_OUT)

    assert done.code == 0, done.stderr
    assert "Go back to" not in done.stderr
    assert planned.records[-1]["back_to"] == ""


def test_nobody_is_asked_about_a_plan_that_is_outdated(planned: Stage) -> None:
    """It is not shown either: what it says is no longer what would happen."""
    planned.deployed("three")
    done = planned.run(*CARRY_OUT[:-1])

    assert done.code == 13
    assert "DisplayName: one → two" not in done.stderr


def test_nobody_is_asked_about_a_plan_whose_change_set_is_gone(planned: Stage) -> None:
    planned.fake.aws().client("cloudformation").delete_change_set(
        StackName=STACK, ChangeSetName=_told(planned)["change_set_id"]
    )
    done = planned.run(*CARRY_OUT[:-1])

    assert done.code == 13
    assert "DisplayName: one → two" not in done.stderr


def test_nobody_is_asked_about_a_plan_that_was_changed(planned: Stage) -> None:
    told = _told(planned)
    told["changes"] = []
    (planned.project.folder / "hoge.plan").write_text(json.dumps(told))
    done = planned.run(*CARRY_OUT[:-1])

    assert done.code == 2
    assert "it does not show what it does" in done.outcome[0]


def _told(stage: Stage) -> Any:
    return json.loads((stage.project.folder / "hoge.plan").read_text())


def test_a_plan_with_another_template_is_refused_although_secrets_are_said_to_be_left_out(
    planned: Stage,
) -> None:
    """What stands for secrets in the file does not stand for the rest."""
    file = planned.project.folder / "hoge.plan"
    plan = json.loads(file.read_text())
    content = plan["content"]
    digest = msgspec.convert(content, Content).digest
    content["template"] = content["template"].replace("hoge: topics", "hoge: evil topics")
    content["sealed"] = digest
    file.write_text(json.dumps(plan))
    done = planned.within(*CARRY_OUT)

    assert done.code == 13
    assert planned.title() == "one"
    assert len(planned.records) == 1


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "maximum recursion depth"),
        (b"[]", "Expected `object`, got `array`"),
        (b" " * 64_000_001, "it is over 64,000,000 bytes"),
        (b"", "Input data was truncated"),
    ],
    ids=["deep", "list", "large", "empty"],
)
def test_what_is_no_plan_is_told_in_a_sentence(stage: Stage, content: bytes, problem: str) -> None:
    stage.project.folder.joinpath("hoge.plan").write_bytes(content)
    done = stage.within(*CARRY_OUT)

    assert done.code == 2
    assert done.stderr.startswith(f"hoge.plan: this is no plan: {problem}")


def test_a_kind_of_plan_that_there_is_not_is_refused(planned: Stage) -> None:
    file = planned.project.folder / "hoge.plan"
    file.write_text(file.read_text().replace('"kind": "UPDATE"', '"kind": "EVERYTHING"'))
    done = planned.within(*CARRY_OUT)

    assert done.code == 2
    assert "this is no plan: Invalid enum value 'EVERYTHING' - at `$.kind`" in done.stderr


def test_a_plan_that_was_carried_out_already_tells_how_that_ended(planned: Stage) -> None:
    """A job that is started again converges."""
    first = planned.within(*CARRY_OUT)
    again = planned.run(*CARRY_OUT)

    assert (again.code, again.outcome) == (first.code, first.outcome) == (0, first.outcome)
    assert f"{STACK}: this plan was carried out already" in again.stderr
    assert len(planned.fake.asked("ExecuteChangeSet")) == 1
    assert len(planned.records) == 2


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (
            ("--env", "prod", "--plan", "nowhere"),
            "nowhere: the plan cannot be read: No such file or directory",
        ),
        (
            ("--env", "prod", "--plan", "stacks/platform.yaml"),
            "stacks/platform.yaml: this is no plan: ",
        ),
        (
            ("fuga", "--env", "prod", "--plan", "hoge.plan"),
            "NOT DONE: fuga-prod: the plan is of hoge-prod in 123456789012, ap-northeast-1; this "
            "is fuga-prod in 123456789012, ap-northeast-1",
        ),
        (
            ("--env", "prod", "--plan", "hoge.plan", "--set", "Title=x"),
            "Error: a plan is carried out as it is: --set belongs to --plan-only",
        ),
        (
            ("--env", "prod", "--plan", "hoge.plan", "--plan-only", "other.plan"),
            "Error: --plan-only makes a plan, and --plan carries one out",
        ),
        (("hoge", "fuga", "--env", "prod", "--plan-only", "x"), "Error: a plan is of one app"),
        (("--all", "--env", "prod", "--plan", "hoge.plan"), "Error: a plan is of one app"),
        (("--env", "prod"), "Error: name the apps to deploy, or give --all"),
        (("hoge", "--env", "prod", "--exit-code"), "Error: --exit-code is for --plan-only: a "),
        (("hoge", "--all", "--env", "prod"), "Error: name the apps to deploy, or give --all"),
    ],
)
def test_what_cannot_be_carried_out_is_refused(
    planned: Stage, arguments: tuple[str, ...], problem: str
) -> None:
    app(planned.project, "fuga")
    planned.fake.calls.clear()
    done = planned.within("deploy", *arguments)

    assert done.code == 2
    assert any(line.startswith(problem) for line in done.lines), done.stderr
    assert set(planned.fake.operations) <= {"GetCallerIdentity"}


def test_a_plan_that_is_meant_for_another_environment_is_refused(planned: Stage) -> None:
    planned.project.write(
        "platform.yaml",
        "parameters:\n  default: {Region: ap-northeast-1, AccountId: '123456789012'}\n"
        "  dev: {}\n  prod: {}\n",
    )
    done = planned.within("deploy", "--env", "dev", "--plan", "hoge.plan")

    assert done.code == 2
    assert "the plan is of hoge-prod" in done.outcome[0]
    assert planned.title() == "one"


def test_a_saved_plan_is_agreed_to_as_any_other(planned: Stage) -> None:
    done = planned.run("deploy", "--env", "prod", "--plan", "hoge.plan")

    assert done.code == 4
    assert planned.fake.asked("ExecuteChangeSet") == []
