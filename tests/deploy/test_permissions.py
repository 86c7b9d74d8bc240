"""The deployer's policy, held against the calls in the code: none is missing, none too many."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore import xform_name
from msgspec import structs

from ecs_blocks.deploy.execute.permissions import EXEC, exec_policy
from ecs_blocks.deploy.permissions import BUCKETS, GRANTS, MARKS, OBJECTS, SETUP, policy
from ecs_blocks.environment.deploy_settings import DeploySettings
from tests.deploy.stage import place
from tests.fake_aws.models import LOADER
from tests.project import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ecs_blocks.deploy.place import Place

DEPLOY: Final = REPOSITORY / "ecs_blocks" / "deploy"
SERVICES: Final = {  # boto3's name of each service, and IAM's
    "cloudformation": "cloudformation",
    "ecs": "ecs",
    "elbv2": "elasticloadbalancing",
    "logs": "logs",
    "ecr": "ecr",
    "cloudwatch": "cloudwatch",
    "application-autoscaling": "application-autoscaling",
    "service-quotas": "servicequotas",
    "ssm": "ssm",
    "kms": "kms",
    "secretsmanager": "secretsmanager",
    "acm": "acm",
    "route53": "route53",
    "ec2": "ec2",
    "iam": "iam",
    "s3": "s3",
    "sts": "sts",
}
OTHERWISE: Final = {"s3:HeadBucket": "s3:ListBucket", "s3:ListObjectsV2": "s3:ListBucket"}
"""Calls whose action has another name."""
FREE: Final = {"sts:GetCallerIdentity"}
"""Needs no permission."""
WITH_ANOTHER: Final = {
    "ecs:TagResource",
    *("cloudformation:DetectStackResourceDrift", "cloudformation:BatchDescribeTypeConfigurations"),
    "kms:GenerateDataKey",
}
"""Are needed by other calls: one that has tags among its arguments, DetectStackDrift,
ExecuteCommand.
"""
NOT_OURS: Final = {
    *("ec2:DescribeImages", "cloudformation:DescribeAccountLimits"),
    *("elasticloadbalancing:DescribeTags",),
}
"""Calls of other services by the same name."""
FILES: Final = "t/ecs-blocks/templates/*"
"""Where a large template lies in the bucket t."""


def operations() -> dict[str, set[str]]:
    """The IAM actions that a method of a boto3 client may stand for, by its name in Python."""
    found: dict[str, set[str]] = {}
    for service, prefix in SERVICES.items():
        model = LOADER.load_service_model(service, "service-2")
        for operation in model["operations"]:
            action = f"{prefix}:{operation}"
            found.setdefault(xform_name(operation), set()).add(OTHERWISE.get(action, action))
    return found


def called() -> set[str]:
    """Every action that the code of a deploy asks for, by the methods and names in it."""
    known = operations()
    actions = set().union(*known.values())
    found: set[str] = set()
    for path in DEPLOY.rglob("*.py"):
        if path.is_relative_to(DEPLOY / "local") or path.name == "permissions.py":
            continue
        for name in names(ast.parse(path.read_text(encoding="utf-8"))):
            found |= known.get(name, set())
            if name in actions and re.fullmatch(r"[a-z0-9]+:[A-Z]\w+", name):
                found.add(name)
    return found - FREE - NOT_OURS


def names(tree: ast.AST) -> Iterator[str]:
    """Attributes, and texts that could name a call: a paginator's, or an action."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def granted() -> set[str]:
    own = {f"{one.service}:{action}" for one in (*GRANTS, MARKS, *EXEC) for action in one.actions}
    return own | set(SETUP.actions) | {f"s3:{action}" for action in (*BUCKETS, *OBJECTS)}


@pytest.mark.slow
def test_what_the_code_calls_is_granted_and_nothing_else() -> None:
    assert called() - granted() == set()
    assert granted() - called() - WITH_ANOTHER == set()


@pytest.mark.slow
def test_the_scan_sees_a_call_in_every_way_that_one_is_written() -> None:
    assert {
        "cloudformation:ExecuteChangeSet",  # client.execute_change_set(…)
        "cloudformation:ListStackResources",  # get_paginator("list_stack_resources")
        "ecs:DescribeServiceRevisions",  # _optional("ecs:DescribeServiceRevisions", …)
        "s3:ListBucket",  # head_bucket
    } <= called()


def test_the_values_of_secrets_are_not_to_be_read() -> None:
    assert not granted() & {"secretsmanager:GetSecretValue", "kms:Decrypt"}


def test_parameters_are_read_but_not_decrypted() -> None:
    """ssm:GetParameters is enough for a SecureString under aws/ssm, unless that is denied."""
    found = statement("NoSecretValues", DeploySettings())

    assert found is not None
    assert (found["Effect"], found["Action"], found["Resource"]) == ("Deny", "kms:Decrypt", "*")
    assert found["Condition"] == {
        "StringEquals": {"kms:ViaService": "ssm.ap-northeast-1.amazonaws.com"}
    }


def test_only_stacks_of_the_environment_can_be_changed() -> None:
    others = "arn:aws:cloudformation:ap-northeast-1:123456789012:stack/*"
    writing = re.compile(r"cloudformation:(?!Describe|List|Get|Detect|BatchDescribe)")
    written = [
        one
        for one in policy(place(), "*-prod")["Statement"]
        if any(writing.match(action) for action in one["Action"])
    ]

    assert [one["Sid"] for one in written] == ["Stacks"]
    assert written[0]["Resource"] == f"{others}-prod/*"
    states = statement("StackStates", DeploySettings())

    assert states is not None
    assert states["Resource"] == others


def test_only_services_of_the_environment_are_started_again() -> None:
    """CloudFormation names a service after its stack: hoge-prod-HogeService-1A2B3C."""
    found = [
        one
        for one in policy(place(), "*-prod")["Statement"]
        if "ecs:UpdateService" in one["Action"]
    ]

    assert [one["Resource"] for one in found] == [
        "arn:aws:ecs:ap-northeast-1:123456789012:service/*/*-prod-*"
    ]


@pytest.mark.parametrize("made", [policy, exec_policy])
def test_every_statement_has_a_name_of_its_own(made: Callable[[Place], dict[str, Any]]) -> None:
    names = [one["Sid"] for one in made(place())["Statement"]]

    assert len(set(names)) == len(names)
    assert all(name.isalnum() for name in names)


def test_a_deployer_gets_into_no_container() -> None:
    actions = {action for one in policy(place())["Statement"] for action in one["Action"]}

    assert "ecs:ExecuteCommand" not in actions
    assert "kms:GenerateDataKey" not in actions


def test_who_gets_into_containers_changes_nothing_else() -> None:
    """IAM wants the right on a cluster and on a task; the rest is what finds the container."""
    found = {one["Sid"]: one for one in exec_policy(place())["Statement"]}
    reads = {action for sid in ("StackStates", "Services") for action in found[sid]["Action"]}
    arn = "arn:aws:{}:ap-northeast-1:123456789012:{}"

    assert all(re.fullmatch(r"\w+:(Describe|List|Get)\w+", one) for one in reads)
    assert {sid: one["Resource"] for sid, one in found.items() if sid.startswith("Exec")} == {
        "ExecInClusters": arn.format("ecs", "cluster/*"),
        "ExecInTasks": arn.format("ecs", "task/*"),
        "ExecKeys": arn.format("kms", "key/*"),
    }


@pytest.mark.parametrize(
    ("images", "resources"),
    [
        ((), None),
        (("public.ecr.aws/nginx/nginx", "ghcr.io/a/b"), None),
        (
            (
                "999999999999.dkr.ecr.eu-west-1.amazonaws.com/team/hoge",
                "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/fuga",
                "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/fuga",
                "nginx",
            ),
            [
                "arn:aws:ecr:ap-northeast-1:123456789012:repository/fuga",
                "arn:aws:ecr:eu-west-1:999999999999:repository/team/hoge",
            ],
        ),
    ],
)
def test_marks_are_put_in_the_repositories_of_the_apps_alone(
    images: tuple[str, ...], resources: list[str] | None
) -> None:
    found = policy(place(), images=images)["Statement"]
    puts = [one["Resource"] for one in found if "ecr:PutImage" in one["Action"]]

    assert puts == ([resources] if resources else [])


def statement(sid: str, settings: DeploySettings) -> dict[str, Any] | None:
    found = policy(structs.replace(place(), settings=settings))["Statement"]
    return next((one for one in found if one["Sid"] == sid), None)


@pytest.mark.parametrize(
    ("settings", "buckets", "objects"),
    [
        (DeploySettings(), None, None),
        (DeploySettings(records="s3://r"), ["r"], ["r/*"]),
        (DeploySettings(records="s3://r/records/"), ["r"], ["r/records/*"]),
        (DeploySettings(records="s3://r/a/b", template_bucket="t"), ["r", "t"], ["r/a/b/*", FILES]),
        (DeploySettings(records="s3://t/a", template_bucket="t"), ["t"], ["t/a/*", FILES]),
        (DeploySettings(template_bucket="t"), ["t"], [FILES]),
    ],
)
def test_buckets_are_those_of_the_settings(
    settings: DeploySettings, buckets: list[str] | None, objects: list[str] | None
) -> None:
    for sid, wanted in (("Buckets", buckets), ("Objects", objects)):
        found = statement(sid, settings)

        assert (found and found["Resource"]) == (
            [f"arn:aws:s3:::{one}" for one in wanted] if wanted else None
        )


def test_only_the_service_role_is_passed_to_cloudformation() -> None:
    role = "arn:aws:iam::123456789012:role/cloudformation"
    found = statement("PassToCloudformation", DeploySettings(service_role_arn=role))

    assert found is not None
    assert found["Resource"] == role
    assert statement("PassToCloudformation", DeploySettings()) is None
