"""One run lists every problem: of every value, every environment, every file and every app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.environment.web import ENVIRONMENT as WEB_ENVIRONMENT
from tests.environment.web import FILE, LINE, web
from tests.project import ENVIRONMENT, PLATFORM, project

if TYPE_CHECKING:
    from pathlib import Path

FIXED = "it is fixed for the whole environment in stacks/platform.yaml"


def test_every_fault_of_a_file_is_listed_in_its_order(tmp_path: Path) -> None:
    made = web(
        tmp_path,
        "TaskMemroy: 512",
        "TaskCpu: 010",
        "JavaOpts: on",
        "JavaOpts: twice",
        "DeletionProtection: yes",
        "LogRetentionDays: 31",
        "VpcId: vpc-0a1b2c3d",
        "1: x",
    )
    at = [f"{FILE}:{LINE + n}" for n in range(8)]
    retention = (
        "1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, "
        "2922, 3288, 3653"
    )

    assert made.refusal("hoge") == [
        f"{at[0]}:5: parameters.dev.TaskMemroy: unknown key; did you mean TaskMemory?",
        f"{at[1]}:14: parameters.dev.TaskCpu: expected a whole number, got the number 010, which "
        "YAML 1.1 reads as 8; write digits only, without a leading zero",
        f"{at[2]}:15: parameters.dev.JavaOpts: expected text, but YAML reads on as true; "
        'write it in quotes: "on"',
        f"{at[3]}:5: JavaOpts: duplicate key; it stands in line {LINE + 2} too",
        f"{at[4]}:25: parameters.dev.DeletionProtection: expected true or false, got yes; "
        "write true",
        f"{at[5]}:23: parameters.dev.LogRetentionDays: got 31; allowed: {retention}",
        f"{at[6]}:5: parameters.dev.VpcId: {FIXED}",
        f'{at[7]}:5: YAML reads this key as the number 1; write it in quotes: "1"',
    ]


def test_every_environment_is_checked_whatever_is_asked_for(tmp_path: Path) -> None:
    environment = "parameters:\n  dev: {RetentionDays: 0}\n  prod: {RetentionDays: 366}\n"
    made = project(tmp_path, environment)

    assert made.refusal("--env", "dev") == [
        f"{FILE}:2:24: parameters.dev.RetentionDays: got 0; allowed: 1 to 365",
        f"{FILE}:3:25: parameters.prod.RetentionDays: got 366; allowed: 1 to 365",
    ]


def test_every_app_is_listed_and_the_platform_once(tmp_path: Path) -> None:
    made = project(tmp_path, platform=PLATFORM.replace('"111122223333"', "1"))
    made.app("fuga", ENVIRONMENT.replace("365", "366"))
    made.app("piyo", ENVIRONMENT.replace("30", "x"))
    made.write("broken/stack.py", "stack = 1 +\n")
    made.write("broken/environment.yaml", "[")

    assert made.refusal() == [
        "stacks/broken/environment.yaml:2:1: not YAML: did not find expected node content "
        "(while parsing a flow node)",
        "stacks/broken/stack.py:1:12: not Python: invalid syntax",
        "stacks/fuga/environment.yaml:6:20: parameters.prod.RetentionDays: got 366; "
        "allowed: 1 to 365",
        "stacks/piyo/environment.yaml:3:20: parameters.default.RetentionDays: expected a whole "
        'number, got text "x"',
        "stacks/platform.yaml:5:16: parameters.dev.AccountId: expected an account id, but YAML "
        'reads 1 as the number 1; write it in quotes: "1"',
    ]


def test_one_app_alone_does_not_see_the_others(tmp_path: Path) -> None:
    made = project(tmp_path)
    made.app("fuga", "[")

    assert made.render("hoge").code == 0


def test_what_is_wrong_on_the_command_line_is_listed_with_the_files(tmp_path: Path) -> None:
    made = project(tmp_path, ENVIRONMENT.replace("365", "366"))

    assert made.refusal("--set", "GroupName=a\x07", "--set", "RetentionDays=0") == [
        "--set: GroupName: the text holds characters that nobody can see",
        "--set: RetentionDays: got 0; allowed: 1 to 365",
        f"{FILE}:6:20: parameters.prod.RetentionDays: got 366; allowed: 1 to 365",
    ]


def test_a_web_service_without_anything_is_told_all_that_is_missing(tmp_path: Path) -> None:
    made = web(tmp_path)
    made.write("hoge/environment.yaml", "parameters:\n  dev:\n")
    missing = "parameters.dev.{}: missing ({}); give it {}, here or under default"

    assert made.refusal("hoge") == [
        f"{FILE}:2:3: {missing.format(key, meaning, kind)}"
        for key, meaning, kind in (
            ("ClusterName", "the ECS cluster that the service runs on", "text"),
            (
                "ImageRepositoryUrl",
                "the repository of the image, one of those under images",
                "text",
            ),
            ("TaskMaxMemory", "MiB of memory at which a task is killed", "a whole number"),
            ("TaskMemory", "MiB of memory that are set aside for a task", "a whole number"),
        )
    ]


def test_rules_of_several_values_are_all_told(tmp_path: Path) -> None:
    made = web(tmp_path, "TaskMemory: 2000", "ServiceDesiredCount: 5", "ServiceMaxCount: 4")
    environment = WEB_ENVIRONMENT.replace("images:\n- 123456789012", "images:\n- 210987654321")
    tail = "    TaskMemory: 2000\n    ServiceDesiredCount: 5\n    ServiceMaxCount: 4\n"
    made.write("hoge/environment.yaml", environment + tail)
    url = "dkr.ecr.ap-northeast-1.amazonaws.com/hoge"

    assert made.refusal("hoge") == [
        f"{FILE}:8:25: parameters.default.ImageRepositoryUrl: 123456789012.{url} does not stand "
        f"under images, in dev; did you mean 210987654321.{url}?",
        f"{FILE}:{LINE}:17: parameters.dev.TaskMemory: 2000 MiB set aside are more than the 1024 "
        "MiB of TaskMaxMemory",
        f"{FILE}:{LINE + 2}:22: parameters.dev.ServiceMaxCount: at most 4 tasks are fewer than the "
        "5 of ServiceDesiredCount",
    ]
