"""``ecs-blocks review`` as somebody types it: formats, exit codes, where the result goes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from ecs_blocks.review.show.machine import schema
from tests.project import ENVIRONMENT, PLATFORM, SCRIPT, Project, script
from tests.review.repository import commit, git, refused, repository, review

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow

TABLE = """\
table = stack.add_resource(
    dynamodb.Table(
        "Table",
        KeySchema=[dynamodb.KeySchema(AttributeName="id", KeyType="HASH")],
        AttributeDefinitions=[
            dynamodb.AttributeDefinition(AttributeName="id", AttributeType="S")
        ],
        BillingMode="PAY_PER_REQUEST",
    )
)"""
WITH_TABLE = script(TABLE).replace("import logs", "import dynamodb, logs")
OTHER = ENVIRONMENT.replace("RetentionDays: 30", "RetentionDays: 60")


def tree(folder: Path, *arguments: str) -> dict[str, Any]:
    """The review as JSON, valid against its schema."""
    outcome = review(folder, "--format", "json", *arguments)

    assert (outcome.code, outcome.stderr) == (0, "")
    found: dict[str, Any] = json.loads(outcome.stdout)
    jsonschema.validate(found, schema())
    return found


def statuses(found: dict[str, Any]) -> dict[str, str]:
    return {f"{one['app']}/{one['environment']}": one["status"] for one in found["stacks"]}


def unchanged(made: Project) -> None:
    made.write("README", "nothing of a stack")


def other_value(made: Project) -> None:
    made.write("hoge/environment.yaml", OTHER)


def no_table(made: Project) -> None:
    made.write("hoge/stack.py", SCRIPT)


def new_app(made: Project) -> None:
    made.app("new")


def gone_app(made: Project) -> None:
    (made.stacks / "hoge" / "stack.py").unlink()
    (made.stacks / "hoge" / "environment.yaml").unlink()
    made.app("other")


@pytest.mark.parametrize(
    ("change", "code", "expected"),
    [
        (unchanged, 0, {"hoge/dev": "unchanged", "hoge/prod": "unchanged"}),
        (other_value, 3, {"hoge/dev": "changed", "hoge/prod": "unchanged"}),
        (no_table, 4, {"hoge/dev": "changed", "hoge/prod": "changed"}),
        (
            new_app,
            3,
            {
                "hoge/dev": "unchanged",
                "hoge/prod": "unchanged",
                "new/dev": "new",
                "new/prod": "new",
            },
        ),
        (
            gone_app,
            3,
            {"hoge/dev": "gone", "hoge/prod": "gone", "other/dev": "new", "other/prod": "new"},
        ),
    ],
)
def test_what_is_found_and_the_exit_code(
    tmp_path: Path, change: Callable[[Project], None], code: int, expected: dict[str, str]
) -> None:
    made = repository(tmp_path, script=WITH_TABLE)
    change(made)

    assert statuses(tree(tmp_path)) == expected
    assert review(tmp_path).code == 0
    assert review(tmp_path, "--exit-code").code == code


def test_it_says_where_a_value_is_written(tmp_path: Path) -> None:
    made = repository(tmp_path)
    other_value(made)

    [stack] = tree(tmp_path, "--env", "dev")["stacks"]

    [parameter] = stack["parameters"]
    assert parameter["place"] == "stacks/hoge/environment.yaml:3"
    assert stack["changes"][0]["line"] == "stacks/hoge/stack.py:18"
    assert "30 → 60 (stacks/hoge/environment.yaml:3)" in review(tmp_path).stdout


def test_a_base_that_cannot_be_rendered_needs_approval(tmp_path: Path) -> None:
    made = repository(tmp_path, script=script("1 / 0"))
    made.write("hoge/stack.py", SCRIPT)

    outcome = review(tmp_path, "--exit-code")
    found = tree(tmp_path)

    assert outcome.code == 4
    assert "the base cannot be rendered" in outcome.stdout
    assert "stacks/hoge/stack.py:23:1: ZeroDivisionError: division by zero" in outcome.stdout
    assert {one["stack_name"] for one in found["stacks"]} == {"hoge-dev", "hoge-prod"}
    assert all(one["digest"] for one in found["stacks"])


def test_an_app_that_is_gone_and_never_rendered_is_a_note(tmp_path: Path) -> None:
    made = repository(tmp_path)
    made.app("gone", text="1 / 0\n")
    commit(tmp_path)
    (made.stacks / "gone" / "stack.py").unlink()
    (made.stacks / "gone" / "environment.yaml").unlink()

    assert tree(tmp_path)["notes"][-1] == "gone is on the base only, where it cannot be rendered"


def test_the_digest_is_of_what_is_reviewed(tmp_path: Path) -> None:
    made = repository(tmp_path)
    digests = [tree(tmp_path)["digest"]]
    for text in (OTHER, OTHER, ENVIRONMENT):
        made.write("hoge/environment.yaml", text)
        digests.append(tree(tmp_path)["digest"])

    assert digests[0] == digests[3] != digests[1] == digests[2]


def test_reviewing_is_pure(tmp_path: Path) -> None:
    """The same twice, wherever it is started."""
    made = repository(tmp_path)
    other_value(made)
    (tmp_path / "deep").mkdir()

    here = review(tmp_path, "--format", "json").stdout

    assert review(tmp_path, "--format", "json").stdout == here
    assert review(tmp_path / "deep", "--format", "json", "--stacks", "../stacks").stdout == here


@pytest.mark.parametrize(
    ("name", "form", "beginning"),
    [
        ("review.md", None, "<!-- ecs-blocks review -->\n### "),
        ("review.json", None, '{\n  "weight": "'),
        ("review.html", None, "<!doctype html>"),
        ("review.txt", None, "HEAD ("),
        ("review", "json", '{\n  "weight": "'),
        ("review.json", "markdown", "<!-- ecs-blocks review -->"),
        ("a/deep/folder/review.md", None, "<!-- ecs-blocks review -->"),
    ],
)
def test_where_to_and_in_which_form(
    tmp_path: Path, name: str, form: str | None, beginning: str
) -> None:
    other_value(repository(tmp_path))

    outcome = review(tmp_path, "--out", name, *(["--format", form] if form else []))

    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, "", "")
    assert (tmp_path / name).read_text(encoding="utf-8").lower().startswith(beginning.lower())
    assert sorted(p.name for p in (tmp_path / name).parent.iterdir() if ".tmp" in p.name) == []


def test_a_dash_is_stdout(tmp_path: Path) -> None:
    repository(tmp_path)

    assert review(tmp_path, "--out", "-").stdout == review(tmp_path).stdout
    assert not (tmp_path / "-").exists()


def test_a_link_that_somebody_committed_is_not_written_through(tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / "precious").write_text("kept", encoding="utf-8")
    (tmp_path / "review.md").symlink_to("precious")

    outcome = review(tmp_path, "--out", "review.md")

    assert (outcome.code, outcome.stderr) == (
        1,
        "review.md: cannot be written: it is a link; name the file that it leads to\n",
    )
    assert (tmp_path / "precious").read_text(encoding="utf-8") == "kept"


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / "taken.md").mkdir()

    outcome = review(tmp_path, "--out", "taken.md")

    assert outcome.code == 1
    assert outcome.stderr == "taken.md: cannot be written: Is a directory\n"
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".taken")] == []


def test_environments_beside_each_other(tmp_path: Path) -> None:
    repository(tmp_path)

    outcome = review(tmp_path, "hoge", "--compare")
    same = review(tmp_path, "--compare", "--exit-code", "--env", "prod")
    differ = review(tmp_path, "--compare", "--exit-code")

    assert outcome.stdout == (
        "\nhoge: dev, prod beside each other\n"
        "  ~ RetentionDays\n"
        "      dev:  30\n"
        "      prod: 365\n"
        "  = 1 parameter has the same value in all\n"
        "  = the template is the same in all\n"
    )
    assert (same.code, differ.code) == (0, 3)
    assert "nothing to compare: none of the apps has two of these environments" in " ".join(
        same.stdout.split()
    )


def test_environments_beside_each_other_have_a_weight_and_a_digest(tmp_path: Path) -> None:
    made = repository(tmp_path)
    command = ("--compare", "--format", "json", "--exit-code")
    differ, alone = review(tmp_path, *command), review(tmp_path, *command, "--env", "prod")
    made.write("hoge/environment.yaml", OTHER)
    other = review(tmp_path, *command)

    found, none, changed = (json.loads(one.stdout) for one in (differ, alone, other))
    assert (differ.code, found["weight"]) == (3, "notice")
    assert (alone.code, none["weight"]) == (0, "calm")
    assert len({found["digest"], none["digest"], changed["digest"], ""}) == 4


@pytest.mark.parametrize("form", ["markdown", "html", "json"])
def test_environments_in_every_form(tmp_path: Path, form: str) -> None:
    repository(tmp_path)

    outcome = review(tmp_path, "--compare", "--format", form)

    assert (outcome.code, outcome.stderr) == (0, "")
    assert "RetentionDays" in outcome.stdout
    assert "365" in outcome.stdout


SHAPED = script(
    "if env.with_queue:\n    stack.add_resource(sqs.Queue('Queue'))",
    fields="with_queue: eb.Shape[bool] = eb.shape(default=False)",
).replace("import logs", "import logs, sqs")


def test_a_shape_is_told_as_resources(tmp_path: Path) -> None:
    made = repository(tmp_path, script=SHAPED)
    made.write("hoge/environment.yaml", ENVIRONMENT + "    WithQueue: true\n")

    assert "  ~ only prod has Queue (AWS::SQS::Queue)\n" in review(tmp_path, "--compare").stdout
    [beside] = tree(tmp_path)["environments"]
    assert beside["resources"] == ["only prod has Queue (AWS::SQS::Queue)"]


def test_the_folder_of_the_apps_has_a_program_of_its_own(tmp_path: Path) -> None:
    made = repository(tmp_path)
    for name in ("__init__.py", "review.py"):
        text = (Path(__file__).parents[3] / "stacks" / name).read_text(encoding="utf-8")
        made.write(name, text)
    other_value(made)

    done = subprocess.run(
        [sys.executable, "-m", "stacks.review", "hoge", "--exit-code"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (3, "")
    assert "30 → 60" in done.stdout


def process(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """As a process of its own, as in a job."""
    command = Path(sys.executable).with_name("ecs-blocks")
    return subprocess.run(
        [command, "review", *arguments],
        cwd=folder,
        env=os.environ | variables,
        capture_output=True,
        check=False,
    )


def test_in_a_log_that_knows_no_more_than_ascii(tmp_path: Path) -> None:
    other_value(repository(tmp_path))

    done = process(tmp_path, PYTHONIOENCODING="ascii", COLUMNS="80")

    assert done.returncode == 0, done.stderr
    assert b"30 -> 60" in done.stdout
    assert b"\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_what_a_machine_reads_is_utf_8_wherever_it_is_made(tmp_path: Path, form: str) -> None:
    other_value(repository(tmp_path))

    done = process(tmp_path, "--format", form, PYTHONIOENCODING="latin-1")

    assert (done.returncode, done.stderr) == (0, b"")
    assert "→" in done.stdout.decode()


def test_text_loads_neither_layout_nor_templates_nor_aws(tmp_path: Path) -> None:
    other_value(repository(tmp_path))
    code = (
        "from ecs_blocks.cli.review import review\n"
        "review([], standalone_mode=False)\n"
        "import sys\nprint('\\n'.join(sys.modules))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert "30 → 60" in done.stdout
    heavy = {"igraph", "jinja2", "boto3", "botocore", "rich", "cloudformation_validate"}
    assert set(done.stdout.splitlines()) & heavy == set()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_review_that_is_ended_leaves_nothing_behind(tmp_path: Path, number: int) -> None:
    slow = SCRIPT.replace("import ecs_blocks", "import pathlib, time\nimport ecs_blocks")
    made = repository(
        tmp_path / "made", script=f"{slow}\n\npathlib.Path('begun').touch()\ntime.sleep(60)\n"
    )
    made.write("hoge/stack.py", SCRIPT)
    (tmp_path / "temporary").mkdir()
    command = [str(Path(sys.executable).with_name("ecs-blocks")), "review"]

    with subprocess.Popen(
        command,
        cwd=made.folder,
        env=os.environ | {"TMPDIR": str(tmp_path / "temporary")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as running:
        deadline = time.monotonic() + 60
        while not (made.folder / "begun").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        running.send_signal(number)
        _, said = running.communicate(timeout=30)

    assert (running.returncode, said.strip()) == (143, b"")
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_pipe_that_nobody_reads(tmp_path: Path) -> None:
    other_value(repository(tmp_path))
    command = f"{Path(sys.executable).with_name('ecs-blocks')} review --format json | head -c 1"

    done = subprocess.run(
        command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.stderr) == ("{", "")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["hoeg"], "stacks: hoeg: no such app; did you mean hoge?"),
        (["hoge/", "fuga"], "stacks: fuga: no such app; there are: hoge"),
        (["../etc"], "stacks: ../etc: no such app; there are: hoge"),
        (["--env", "prd"], "--env: prd: no app has this environment; did you mean prod?"),
        (["--base", "mian"], "--base: mian: there is neither a git revision nor a folder of that"),
        (["--head", "mian"], "--head: mian: there is neither a git revision nor a folder of that"),
        (["--base", "empty"], "--base: empty: the folder is empty"),
        (["--base", "stacks/platform.yaml"], "--base: stacks/platform.yaml: this is a file;"),
        (["--set", "Nope"], "--set: expected Key=value"),
        (["--stacks", "nowhere"], "there is no such folder"),
        (["--template", "nowhere.yaml", "--base", "old.yaml"], "nowhere.yaml: cannot be read"),
        (["--template", "old.yaml", "--base", "nowhere.yaml"], "nowhere.yaml: cannot be read"),
        (["--template", "old.yaml", "--base", "binary"], "binary"),
        (["--template", "old.yaml", "--base", "empty"], "empty: cannot be read: Is a directory"),
        (["--template", "stacks/platform.yaml", "--base", "old.yaml"], "this is not a template"),
        (
            ["--template", "three.yaml", "--base", "old.yaml"],
            "three.yaml: Resources.A: a resource is a mapping with a Type, not 3",
        ),
        (
            ["--template", "old.yaml", "--base", "typeless.yaml"],
            "typeless.yaml: Resources.A: it has no Type, such as AWS::SQS::Queue",
        ),
        (
            ["--template", "old.yaml", "--base", "old.yaml", "--parameters", "binary"],
            "binary",
        ),
    ],
)
def test_bad_input(tmp_path: Path, arguments: list[str], expected: str) -> None:
    repository(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "old.yaml").write_text("Resources: {A: {Type: 'AWS::SNS::Topic'}}\n")
    (tmp_path / "three.yaml").write_text("Resources: {A: 3}\n")
    (tmp_path / "typeless.yaml").write_text("Resources: {A: {Properties: {}}}\n")
    (tmp_path / "binary").write_bytes(bytes(range(256)))

    found = refused(tmp_path, *arguments)

    assert any(expected in line for line in found), found


def test_a_key_that_nobody_declares_is_not_ignored(tmp_path: Path) -> None:
    repository(tmp_path)

    [found] = refused(tmp_path, "--set", "RetentionDay=7")

    assert found == "--set: RetentionDay: no app declares this key; did you mean RetentionDays?"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--template", "a.yaml"], "--template is compared with the one given as --base FILE"),
        (["--parameters", "a.json"], "--parameters and --base-parameters go with --template"),
        (["hoge", "--template", "a.yaml"], "--template stands without APP"),
        (["--template", "a", "--env", "x", "--compare"], "stands without --env, --compare"),
        (["--compare", "--base", "main"], "--compare takes no --base"),
        (["--format", "pdf"], "'pdf' is not one of"),
        (
            ["--out", "x.pdf"],
            "--out x.pdf: no format is written as .pdf; allowed: .md, .html, .json, .txt, or "
            "--format",
        ),
    ],
)
def test_options_that_do_not_go_together(
    tmp_path: Path, arguments: list[str], expected: str
) -> None:
    repository(tmp_path)

    outcome = review(tmp_path, *arguments)

    assert (outcome.code, outcome.stdout) == (2, "")
    assert expected in outcome.stderr


def test_without_git_a_folder_is_as_good(tmp_path: Path) -> None:
    made = Project(tmp_path)
    made.write("platform.yaml", PLATFORM)
    made.app("hoge", OTHER)
    made.rendered()
    made.app("hoge")

    [problem] = refused(tmp_path)
    found = tree(tmp_path, "--base", "build")

    assert problem.startswith(f"--base: {tmp_path} is in no git repository; name a folder")
    assert statuses(found) == {"hoge/dev": "changed", "hoge/prod": "unchanged"}
    assert found["base"] == "build"


def test_a_shallow_clone_is_refused_with_the_way_out(tmp_path: Path) -> None:
    repository(tmp_path / "origin")
    commit(tmp_path / "origin")
    git(tmp_path, "clone", "--quiet", "--depth=1", (tmp_path / "origin").as_uri(), "clone")
    git(tmp_path / "clone", "update-ref", "-d", "refs/remotes/origin/main")

    [problem] = refused(tmp_path / "clone")

    assert "fetch-depth: 0" in problem
