"""The registry of every environment, in prod's account, as ECR tells it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.ministack.shipped import Deployed

pytestmark = pytest.mark.ministack


def test_registry_has_one_repository_for_each_app(prod: Deployed) -> None:
    found = prod.ask("ecr", "describe_repositories")["repositories"]

    assert {item["repositoryUri"] for item in found} == {
        "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/hoge-image",
        "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/fuga-image",
    }


@pytest.mark.parametrize("app", ["hoge", "fuga"])
def test_what_runs_is_what_the_registry_holds(deployed: Deployed, prod: Deployed, app: str) -> None:
    name = {"repositoryNames": [f"{app}-image"]}
    [repository] = prod.ask("ecr", "describe_repositories", **name)["repositories"]
    [container] = deployed.task_definition(app)["containerDefinitions"]

    assert container["image"] == f"{repository['repositoryUri']}:1.0.0"


@pytest.mark.parametrize("name", ["hoge-image", "fuga-image"])
def test_tags_stay_and_images_are_scanned_and_encrypted(prod: Deployed, name: str) -> None:
    found = prod.ask("ecr", "describe_repositories", repositoryNames=[name])["repositories"][0]

    assert found["imageTagMutability"] == "IMMUTABLE_WITH_EXCLUSION"
    assert found["imageScanningConfiguration"] == {"scanOnPush": True}
    assert found["encryptionConfiguration"] == {"encryptionType": "KMS"}


@pytest.mark.parametrize("name", ["hoge-image", "fuga-image"])
def test_only_untagged_and_branch_images_expire_that_are_not_marked(
    prod: Deployed, name: str
) -> None:
    text = prod.ask("ecr", "get_lifecycle_policy", repositoryName=name)["lifecyclePolicyText"]

    assert [rule["selection"] for rule in json.loads(text)["rules"]] == [
        {
            "tagStatus": "tagged",
            "tagPrefixList": ["deployed-"],
            "countType": "imageCountMoreThan",
            "countNumber": 9999,
        },
        {
            "tagStatus": "untagged",
            "countType": "sinceImagePushed",
            "countUnit": "days",
            "countNumber": 14,
        },
        {
            "tagStatus": "tagged",
            "tagPrefixList": ["branch-"],
            "countType": "imageCountMoreThan",
            "countNumber": 20,
        },
    ]


@pytest.mark.parametrize("name", ["hoge-image", "fuga-image"])
def test_the_other_environments_may_pull_and_mark_and_not_push(prod: Deployed, name: str) -> None:
    text = prod.ask("ecr", "get_repository_policy", repositoryName=name)["policyText"]
    statements = json.loads(text)["Statement"]

    for statement in statements:
        assert statement["Principal"] == {
            "AWS": ["arn:aws:iam::111122223333:root", "arn:aws:iam::444455556666:root"]
        }
    assert {one["Sid"]: one["Action"] for one in statements} == {
        "PullFromOtherAccounts": [
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:DescribeImages",
            "ecr:GetDownloadUrlForLayer",
        ],
        "MarkFromOtherAccounts": [
            "ecr:BatchGetImage",
            "ecr:DescribeImages",
            "ecr:DescribeRepositories",
            "ecr:PutImage",
        ],
    }
