"""``deploy:`` in platform.yaml: merged for each environment, refused with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.environment.deploy_settings import SETTINGS, DeploySettings
from ecs_blocks.environment.files import read_platform
from tests.project import PLATFORM, project

if TYPE_CHECKING:
    from pathlib import Path

FILE = "stacks/platform.yaml"
DEV, PROD = "111122223333", "123456789012"
ROLE = f"arn:aws:iam::{DEV}:role/deployer"
LIKE_ROLE = "a role's ARN, like arn:aws:iam::123456789012:role/deployer"
LIKE_RECORDS = "s3://bucket/prefix or a folder, like s3://example-deploys/records"
LIKE_BUCKET = "a bucket's name, like example-templates-ap-northeast-1"
KEYS = "RoleArn, ServiceRoleArn, Records, TemplateBucket, StackPolicy, TerminationProtection"
LIKE_POLICY = "a JSON file beside platform.yaml, like policies/stack-policy.json"


def settings(folder: Path, deploy: str) -> dict[str, DeploySettings]:
    """What a platform.yaml with this ``deploy:`` gives dev and prod."""
    path = folder / "platform.yaml"
    path.write_text(f"{deploy}\n{PLATFORM}", encoding="utf-8")
    platform, problems = read_platform(path, FILE)

    assert problems == []
    return {name: platform.deploy_settings(name) for name in ("dev", "prod")}


@pytest.mark.parametrize("deploy", ["", "deploy: {}", "deploy:\n  default:\n  dev: {}"])
def test_nothing_has_to_be_said(tmp_path: Path, deploy: str) -> None:
    found = settings(tmp_path, deploy)

    assert found == {"dev": DeploySettings(), "prod": DeploySettings()}
    assert DeploySettings() == DeploySettings(None, None, ".ecs-blocks/records", None)


def test_an_environment_s_own_settings_win_over_the_default_s(tmp_path: Path) -> None:
    deploy = f"""\
deploy:
  default:
    Records: s3://all-deploys/records
    TemplateBucket: templates
  dev:
    RoleArn: {ROLE}
    ServiceRoleArn: arn:aws:iam::{DEV}:role/service/cloudformation
    Records: records of dev
"""
    found = settings(tmp_path, deploy)

    assert found["dev"] == DeploySettings(
        ROLE, f"arn:aws:iam::{DEV}:role/service/cloudformation", "records of dev", "templates"
    )
    assert found["prod"] == DeploySettings(
        records="s3://all-deploys/records", template_bucket="templates"
    )


def test_an_environment_that_is_not_there_has_what_nothing_says(tmp_path: Path) -> None:
    path = tmp_path / "platform.yaml"
    path.write_text(f"deploy: {{default: {{TemplateBucket: templates}}}}\n{PLATFORM}")
    platform, _ = read_platform(path, FILE)

    assert platform.deploy_settings("stg") == DeploySettings()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("RoleArn", f"arn:aws-us-gov:iam::{PROD}:role/a/b+c=d,e.f@g-h_i"),
        ("RoleArn", f'"arn:aws-cn:iam::{PROD}:role/x"'),
        ("Records", "s3://abc"),
        ("Records", "s3://abc.d-e/f/g_h!(i)/"),
        ("Records", "../records"),
        ("Records", "/var/lib/records"),
        ("TemplateBucket", "abc"),
        ("TemplateBucket", "a" * 63),
    ],
)
def test_a_value_of_the_right_form_is_taken_as_it_is(tmp_path: Path, key: str, value: str) -> None:
    [setting] = [setting for setting in SETTINGS if setting.key == key]
    found = settings(tmp_path, f"deploy:\n  prod:\n    {key}: {value}")["prod"]

    assert getattr(found, setting.field) == value.strip('"')


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: s.key)
def test_the_example_of_each_setting_is_right(tmp_path: Path, setting: object) -> None:
    assert isinstance(setting, type(SETTINGS[0]))
    file = policy(tmp_path)
    found = settings(tmp_path, f"deploy: {{prod: {{{setting.key}: {setting.example}}}}}")

    expected = {"stack_policy": str(file), "termination_protection": True}
    assert getattr(found["prod"], setting.field) == expected.get(setting.field, setting.example)


def policy(folder: Path) -> Path:
    """A stack policy where the example says."""
    file = folder / "policies" / "stack-policy.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text("{}")
    return file


@pytest.mark.parametrize(("text", "expected"), [("true", True), ("false", False)])
def test_protection_is_switched_on_or_off_or_left(
    tmp_path: Path, text: str, *, expected: bool
) -> None:
    found = settings(tmp_path, f"deploy: {{prod: {{TerminationProtection: {text}}}}}")

    assert found["prod"].termination_protection is expected
    assert found["dev"].termination_protection is None


@pytest.mark.parametrize(
    ("deploy", "expected"),
    [
        ("deploy:", "1:8: deploy: expected a mapping of environments, got nothing"),
        ("deploy: [a]", "1:9: deploy: expected a mapping of environments, got a list"),
        ("deploy: {dev: x}", '1:15: deploy.dev: expected a mapping of settings, got text "x"'),
        ("deploy: {dev: [x]}", "1:15: deploy.dev: expected a mapping of settings, got a list"),
        ("deploy: {dve: {}}", "1:10: deploy.dve: unknown environment; did you mean dev?"),
        ("deploy: {zzz: {}}", "1:10: deploy.zzz: unknown environment; there are: dev, prod"),
        ("deploy: {defaults: {}}", "1:10: deploy.defaults: unknown environment; did you mean "),
        ("deploy: {dev: {Rolearn: x}}", "1:16: deploy.dev.Rolearn: unknown key; did you mean "),
        ("deploy: {dev: {Zz: x}}", f"1:16: deploy.dev.Zz: unknown key; there are: {KEYS}"),
        (
            "deploy: {dev: {TerminationProtection: yes}}",
            "1:39: deploy.dev.TerminationProtection: got ",
        ),
        (
            'deploy: {dev: {TerminationProtection: "true"}}',
            "1:39: deploy.dev.TerminationProtection: expected true or false, like true, got ",
        ),
        (
            "deploy: {dev: {StackPolicy: gone.json}}",
            "1:29: deploy.dev.StackPolicy: there is no file gone.json beside platform.yaml",
        ),
        (
            "deploy: {dev: {StackPolicy: /etc/policy.json}}",
            '1:29: deploy.dev.StackPolicy: got text "/etc/policy.json", which is not '
            f"{LIKE_POLICY}",
        ),
        (
            "deploy: {dev: {RoleArn: deployer}}",
            f'1:25: deploy.dev.RoleArn: got text "deployer", which is not {LIKE_ROLE}',
        ),
        (
            "deploy: {dev: {RoleArn: }}",
            f"1:25: deploy.dev.RoleArn: expected {LIKE_ROLE}, got nothing",
        ),
        (
            "deploy: {dev: {RoleArn: !Ssm /role}}",
            f"1:25: deploy.dev.RoleArn: expected {LIKE_ROLE}, got !Ssm …",
        ),
        (
            "deploy: {dev: {Records: 5}}",
            f"1:25: deploy.dev.Records: expected {LIKE_RECORDS}, got the number 5",
        ),
        (
            "deploy: {dev: {Records: [a]}}",
            f"1:25: deploy.dev.Records: expected {LIKE_RECORDS}, got a list",
        ),
        *(
            (
                f'deploy: {{dev: {{Records: "{value}"}}}}',
                f'1:25: deploy.dev.Records: got text "{value}", which is not {LIKE_RECORDS}',
            )
            for value in ("", "gs://bucket/x", "S3://bucket", "s3:bucket", "s3://b", "~/records")
        ),
        *(
            (
                f"deploy: {{dev: {{TemplateBucket: {value}}}}}",
                f'1:32: deploy.dev.TemplateBucket: got text "{value}", which is not {LIKE_BUCKET}',
            )
            for value in ("s3://templates", "Templates", "ab", "a" * 30 + "_", "templates/x")
        ),
        (
            "deploy: {dev: {Records: s3://AKIAIOSFODNN7EXAMPLE}}",
            "1:25: deploy.dev.Records: this looks like an AWS access key; a deploy uses the "
            "credentials of whoever runs it",
        ),
        (
            f"deploy: {{prod: {{ServiceRoleArn: {ROLE}}}}}",
            f"1:33: deploy.prod.ServiceRoleArn: a role of account {DEV}, but prod is account "
            f"{PROD}",
        ),
        (
            f"deploy: {{default: {{RoleArn: {ROLE}}}}}",
            f"1:29: deploy.default.RoleArn: a role of account {DEV}, but prod is account {PROD}",
        ),
    ],
)
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, deploy: str, expected: str) -> None:
    made = project(tmp_path, platform=f"{deploy}\n{PLATFORM}")
    [problem] = made.refusal()

    assert problem.startswith(f"{FILE}:{expected}")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    deploy = "deploy:\n  dev: {RoleArn: x, Record: y}\n  pord: {TemplateBucket: Z}\n"
    made = project(tmp_path, platform=f"{deploy}{PLATFORM}")
    found = [problem.split(": ")[0:2] for problem in made.refusal()]

    assert found == [
        [f"{FILE}:2:18", "deploy.dev.RoleArn"],
        [f"{FILE}:2:21", "deploy.dev.Record"],
        [f"{FILE}:3:3", "deploy.pord"],
        [f"{FILE}:3:26", "deploy.pord.TemplateBucket"],
    ]


def test_a_role_is_compared_only_with_an_account_that_is_written_down(tmp_path: Path) -> None:
    platform = PLATFORM.replace(f'"{DEV}"', "!Ssm /account")
    text = f"deploy: {{dev: {{RoleArn: arn:aws:iam::999999999999:role/x}}}}\n{platform}"
    path = tmp_path / "platform.yaml"
    path.write_text(text, encoding="utf-8")
    _, problems = read_platform(path, FILE)

    assert problems == []
