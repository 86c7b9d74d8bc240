"""``ecs-blocks check``: what it says, of the apps and of anybody's template."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

pytestmark = pytest.mark.slow  # each case is a process that loads the validator

ROOT: Final = Path(__file__).parents[2]

PRIVILEGED: Final = """\
Parameters:
  Privileged: {Type: String, Default: "false"}
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
      - Name: app
        Image: example/app:1
        Memory: 128
        User: "1000"
        ReadonlyRootFilesystem: true
        Privileged: !Ref Privileged
        LogConfiguration: {LogDriver: json-file}
"""


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


def check(folder: Path, *arguments: str, **variables: str) -> Outcome:
    done = subprocess.run(
        [sys.executable, "-c", "from ecs_blocks.cli import main; main()", "check", *arguments],
        cwd=folder,
        env=os.environ | {"CI": ""} | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "stacks", tmp_path / "stacks")
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_shipped_stacks_have_no_error_and_no_warning(project: Path) -> None:
    outcome = check(project)

    assert outcome.code == 0
    assert ": 0 errors, 0 warnings, 0 suppressed, " in outcome.out
    assert outcome.out.startswith("10 templates with values, ")


def test_what_is_not_known_is_counted_and_listed(project: Path) -> None:
    outcome = check(project, "hoge", "--verbose")

    lines = [line for line in outcome.out.splitlines() if "not checked by" in line]
    assert lines
    assert f", {len(lines)} not checked" in outcome.out


def test_a_second_run_answers_from_the_cache_and_says_the_same(project: Path) -> None:
    first = check(project, "hoge")
    [*verdicts] = (project / ".ecs-blocks" / "check").iterdir()

    second = check(project, "hoge")

    assert len(verdicts) == 3
    assert second == first


def test_a_spoilt_cache_is_found_again(project: Path) -> None:
    first = check(project, "hoge")
    for path in (project / ".ecs-blocks" / "check").iterdir():
        path.write_text('{"findings": 1', encoding="utf-8")

    assert check(project, "hoge") == first


def test_a_verdict_that_somebody_committed_is_not_believed_in_a_ci_job(project: Path) -> None:
    """Whoever may add a file to a pull request can work out what it has to be called."""
    (project / "t.yaml").write_text(PRIVILEGED.replace('"false"', '"true"'), encoding="utf-8")
    judged = check(project, "--template", "t.yaml", CI="true")
    assert not (project / ".ecs-blocks").exists()
    assert check(project, "--template", "t.yaml") == judged
    [verdict] = (project / ".ecs-blocks" / "check").iterdir()
    verdict.write_text('{"findings": [], "not_checked": [], "judged": 1}', encoding="utf-8")

    assert judged.code == 2
    assert check(project, "--template", "t.yaml").code == 0
    assert check(project, "--template", "t.yaml", CI="true") == judged


def test_a_finding_says_where_what_and_how_to_mend_it(project: Path) -> None:
    change(
        project / "stacks" / "hoge" / "stack.py",
        "    return stack\n",
        '    stack.template.resources["HogeService"].LoadBalancers[0].ContainerPort = 81\n'
        "    return stack\n",
    )

    outcome = check(project, "hoge")

    assert outcome.code == 2
    first, second = outcome.out.splitlines()[:2]
    assert first.startswith(
        "stacks/hoge/stack.py (dev, stg, prod): HogeService.LoadBalancers.0.ContainerPort: "
        "error EB404: "
    )
    assert second.startswith("    to mend it: ")


def test_a_suppression_with_a_reason_silences_it(project: Path) -> None:
    change(
        project / "stacks" / "hoge" / "stack.py",
        "    return stack\n",
        '    task = stack.template.resources["HogeTaskDefinition"]\n'
        "    task.ContainerDefinitions[0].Privileged = True\n"
        '    eb.suppress(task, "EB301", reason="measures the host")\n'
        "    return stack\n",
    )

    outcome = check(project, "hoge", "--verbose")

    assert outcome.code == 0
    assert "0 errors, 0 warnings, 1 suppressed" in outcome.out
    assert "    suppressed: measures the host" in outcome.out


def test_a_guard_rule_of_the_users_own_is_asked_with_the_values_put_in(project: Path) -> None:
    rule = """\
let groups = Resources.*[ Type == 'AWS::Logs::LogGroup' ]
rule KEPT_A_YEAR when %groups !empty {
  %groups.Properties.RetentionInDays >= 365 <<log lines are kept for a year>>
}
"""
    (project / "stacks" / "policies" / "year.guard").write_text(rule, encoding="utf-8")

    outcome = check(project, "hoge")

    assert outcome.code == 2
    assert outcome.out.startswith(
        "stacks/hoge/stack.py (dev, stg): HogeLogGroup.RetentionInDays: error KEPT_A_YEAR: log "
        "lines are kept for a year"
    )


def test_a_guard_rule_does_not_judge_what_is_not_known_yet(tmp_path: Path) -> None:
    template = """\
Parameters:
  Days: {Type: Number}
Resources:
  Known: {Type: "AWS::Logs::LogGroup", Properties: {RetentionInDays: 4000}}
  Open: {Type: "AWS::Logs::LogGroup", Properties: {RetentionInDays: !Ref Days}}
"""
    (tmp_path / "t.yaml").write_text(template, encoding="utf-8")
    shutil.copytree(ROOT / "stacks" / "policies", tmp_path / "stacks" / "policies")

    lines = check(tmp_path, "--template", "t.yaml", "--verbose").out.splitlines()

    assert [line for line in lines if "LOG_GROUPS_END:" in line] == [
        "t.yaml: Known.RetentionInDays: error LOG_GROUPS_END: a log group has to end after ten "
        "years at most",
        "t.yaml: Open.RetentionInDays: not checked by LOG_GROUPS_END: the value is known only when "
        "CloudFormation runs",
    ]


def test_a_guard_rule_that_is_none_is_refused(project: Path) -> None:
    (project / "stacks" / "policies" / "bad.guard").write_text("rule x {", encoding="utf-8")

    outcome = check(project, "hoge")

    assert outcome.code == 2
    assert "bad.guard" in outcome.err
    assert "Traceback" not in outcome.err


def test_a_credential_in_a_file_is_found_and_not_shown(project: Path) -> None:
    key = "AKIA" + "Z7QVXN4TLKJD2MWP"
    with (project / "stacks" / "hoge" / "stack.py").open("a", encoding="utf-8") as file:
        file.write(f'\nKEY = "{key}"\n')

    outcome = check(project, "hoge")

    assert outcome.code == 2
    assert outcome.out.startswith("stacks/hoge/stack.py:20: error EB002: ")
    assert key not in outcome.out


def test_a_credential_in_a_comment_is_found_unless_it_is_marked_as_none(project: Path) -> None:
    path = project / "stacks" / "hoge" / "environment.yaml"
    count = path.read_text(encoding="utf-8").count("\n")
    key = "AKIA" + "Z7QVXN4TLKJD2MWP"
    with path.open("a", encoding="utf-8") as file:
        file.write(f"# {key}\n# {key}  # pragma: allowlist secret\n")

    outcome = check(project, "hoge")

    assert [line for line in outcome.out.splitlines() if "error EB002" in line] == [
        f"stacks/hoge/environment.yaml:{count + 1}: error EB002: this looks like a secret (an AWS "
        "access key)"
    ]
    assert key not in outcome.out


def test_a_mistake_in_a_file_is_told_as_a_render_tells_it(project: Path) -> None:
    change(project / "stacks" / "hoge" / "environment.yaml", "TaskMemory: 512", "TaskMemroy: 512")

    outcome = check(project)

    assert outcome.code == 2
    assert (
        "stacks/hoge/environment.yaml:5:5: parameters.default.TaskMemroy: unknown key; "
        "did you mean TaskMemory?"
    ) in outcome.err.splitlines()
    assert outcome.err.splitlines()[-1] == "1 problem"


def test_anybodys_template_is_judged_with_its_defaults(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(PRIVILEGED, encoding="utf-8")

    outcome = check(tmp_path, "--template", "t.yaml")

    assert outcome.code == 0
    assert "EB301" not in outcome.out


@pytest.mark.parametrize(
    "content",
    [
        {"Parameters": {"Privileged": "true"}},
        [{"ParameterKey": "Privileged", "ParameterValue": "true"}],
        {"Privileged": "true"},
    ],
    ids=["ours", "the CLI's list", "a plain mapping"],
)
def test_anybodys_template_is_judged_with_its_parameters(tmp_path: Path, content: Any) -> None:
    (tmp_path / "t.yaml").write_text(PRIVILEGED, encoding="utf-8")
    (tmp_path / "p.json").write_text(json.dumps(content), encoding="utf-8")

    outcome = check(tmp_path, "--template", "t.yaml", "--parameters", "p.json")

    assert outcome.code == 2
    assert "t.yaml: Task.ContainerDefinitions.0.Privileged: error EB301: " in outcome.out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "t.yaml: the file is empty", id="empty"),
        pytest.param(
            b"a: 1", "t.yaml: this is not a template: it has no mapping", id="no template"
        ),
        pytest.param(b"- a", "t.yaml: this is not a template: it has no mapping", id="a list"),
        pytest.param(b"\xff\xfe", "t.yaml:1:1: the file is not UTF-8 text", id="not UTF-8"),
        pytest.param(b"a: [", "t.yaml:2:1: not YAML: ", id="not YAML"),
        pytest.param(b"[" * 200_000, "t.yaml:1:101: values are nested deeper than 100", id="deep"),
    ],
)
def test_what_is_no_template_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "t.yaml").write_bytes(content)

    outcome = check(tmp_path, "--template", "t.yaml")

    assert outcome.code == 2
    assert outcome.err.startswith(message)
    assert "Traceback" not in outcome.err


def test_a_template_that_is_not_there_is_refused(tmp_path: Path) -> None:
    outcome = check(tmp_path, "--template", "none.yaml")

    assert outcome.code == 2
    assert outcome.err.startswith("none.yaml: cannot be read: No such file")


def test_everything_is_there_as_json(project: Path) -> None:
    outcome = check(project, "--json")

    content = json.loads(outcome.out)
    assert content["templates"] == 10
    assert content["findings"] == []
    assert content["not_checked"]
    assert set(content["not_checked"][0]) == {"file", "environment", "id", "resource", "property"}
