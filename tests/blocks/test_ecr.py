"""An image repository.

Trap 21: what has a fixed name and stays after a create that failed blocks the second try.
Trap 27: a tag that moves deploys something else, or nothing; releases are immutable.
Trap 28: "keep the last N" takes away what production still runs; only named prefixes expire.
Trap 30: a repository that holds images cannot be deleted, unless somebody said that it may.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import KEY, TOKENS, built, resources

_UNTAGGED: dict[str, Any] = {
    "rulePriority": 1,
    "description": "untagged images go after 14 days",
    "selection": {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": 14,
    },
    "action": {"type": "expire"},
}
_PULL = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:DescribeImages",
    "ecr:GetDownloadUrlForLayer",
]
_PUSH = [
    *_PULL,
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
]


def repository(**changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = resources(eb.Ecr(**{"name": "web"} | changed))["WebRepository"]
    return found


def properties(**changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = repository(**changed)["Properties"]
    return found


def rules(**changed: Any) -> list[dict[str, Any]]:
    text = properties(**changed)["LifecyclePolicy"]["LifecyclePolicyText"]
    found: list[dict[str, Any]] = json.loads(text)["rules"]
    return found


def test_a_repository_with_nothing_said() -> None:
    found = repository()
    text = found["Properties"]["LifecyclePolicy"].pop("LifecyclePolicyText")

    assert json.loads(text) == {"rules": [_UNTAGGED]}
    assert found == {
        "Type": "AWS::ECR::Repository",
        "DeletionPolicy": "RetainExceptOnCreate",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "RepositoryName": "web",
            "EncryptionConfiguration": {"EncryptionType": "KMS"},
            "ImageScanningConfiguration": {"ScanOnPush": True},
            "ImageTagMutability": "IMMUTABLE",
            "LifecyclePolicy": {},
        },
    }


def test_trap_21_a_create_that_fails_leaves_no_repository_behind() -> None:
    assert repository()["DeletionPolicy"] == "RetainExceptOnCreate"


def test_trap_27_a_tag_does_not_move() -> None:
    found = properties()

    assert found["ImageTagMutability"] == "IMMUTABLE"
    assert "ImageTagMutabilityExclusionFilters" not in found


def test_trap_27_only_the_tags_that_are_named_move() -> None:
    found = properties(moving_tags=("latest", "branch-*"))

    assert found["ImageTagMutability"] == "IMMUTABLE_WITH_EXCLUSION"
    assert found["ImageTagMutabilityExclusionFilters"] == [
        {
            "ImageTagMutabilityExclusionFilterType": "WILDCARD",
            "ImageTagMutabilityExclusionFilterValue": pattern,
        }
        for pattern in ("latest", "branch-*")
    ]


def test_trap_28_a_prefix_that_is_named_keeps_its_last_images() -> None:
    found = rules(untagged_days=7, expiring_tags=(("branch-", 20), ("pr-", 5)))

    assert [rule["rulePriority"] for rule in found] == [1, 2, 3]
    assert found[0]["selection"]["countNumber"] == 7
    assert found[1] == {
        "rulePriority": 2,
        "description": "of branch-* the last 20 stay",
        "selection": {
            "tagStatus": "tagged",
            "tagPrefixList": ["branch-"],
            "countType": "imageCountMoreThan",
            "countNumber": 20,
        },
        "action": {"type": "expire"},
    }


@pytest.mark.parametrize("expiring", [(), (("branch-", 20),), (("a", 1), ("b", 2))])
def test_trap_28_no_rule_is_about_any_tag(expiring: tuple[tuple[str, int], ...]) -> None:
    about = [
        (rule["selection"]["tagStatus"], rule["selection"].get("tagPrefixList"))
        for rule in rules(expiring_tags=expiring)
    ]

    assert about == [
        ("untagged", None),
        *(("tagged", [prefix]) for prefix, _ in expiring),
    ]


@pytest.mark.parametrize(("asked", "written"), [(False, None), (True, True)])
def test_trap_30_images_go_with_the_repository_only_if_somebody_says_so(
    *, asked: bool, written: bool | None
) -> None:
    assert properties(empty_on_delete=asked).get("EmptyOnDelete") is written


def test_trap_30_the_repository_stays_when_its_stack_goes() -> None:
    assert repository(empty_on_delete=True)["DeletionPolicy"] == "RetainExceptOnCreate"


@pytest.mark.parametrize(
    ("key", "written"),
    [
        pytest.param(KEY, KEY, id="literal"),
        pytest.param(TOKENS.key_arn, {"Ref": "KeyArn"}, id="token"),
    ],
)
def test_a_key_of_one_s_own(key: eb.Value[eb.KeyArn], written: object) -> None:
    assert properties(key_arn=key)["EncryptionConfiguration"] == {
        "EncryptionType": "KMS",
        "KmsKey": written,
    }


def statement(sid: str, actions: list[str], *accounts: str) -> dict[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {
            "AWS": [
                {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::{account}:root"} for account in accounts
            ]
        },
        "Action": actions,
    }


@pytest.mark.parametrize(
    ("accounts", "statements"),
    [
        pytest.param(
            {"pull_accounts": ("111122223333", TOKENS.account)},
            [statement("PullFromOtherAccounts", _PULL, "111122223333", "${Account}")],
            id="pull",
        ),
        pytest.param(
            {"push_accounts": ("444455556666",)},
            [statement("PushFromOtherAccounts", _PUSH, "444455556666")],
            id="push",
        ),
        pytest.param(
            {"pull_accounts": ("111122223333",), "push_accounts": ("444455556666",)},
            [
                statement("PullFromOtherAccounts", _PULL, "111122223333"),
                statement("PushFromOtherAccounts", _PUSH, "444455556666"),
            ],
            id="both",
        ),
    ],
)
def test_other_accounts_do_what_they_are_named_for(
    accounts: dict[str, Any], statements: list[dict[str, Any]]
) -> None:
    assert properties(**accounts)["RepositoryPolicyText"] == {
        "Version": "2012-10-17",
        "Statement": statements,
    }


@pytest.mark.parametrize("name", ["web", "team/web", "team/web-app_1.x", "ab", "a" * 256])
def test_a_name_that_ecr_takes(name: str) -> None:
    assert properties(name=name)["RepositoryName"] == name


_NAMES = "2 to 256 lower case letters, digits and . _ - / between them"
BAD = [
    *(
        pytest.param(
            {"name": name}, f"{name!r} cannot be a repository's name: {_NAMES}", id=name[:10] or "-"
        )
        for name in ("", "a", "Web", "web/", "/web", "web--app", "web:1", "a" * 257)
    ),
    pytest.param({"untagged_days": 0}, "untagged_days is 0; allowed: 1 and more", id="0 days"),
    pytest.param(
        {"expiring_tags": (("", 20),)},
        "expiring_tags: ('', 20) would expire release tags; name a prefix, and keep at least one "
        "image",
        id="any tag",
    ),
    pytest.param(
        {"expiring_tags": (("branch-", 0),)},
        "expiring_tags: ('branch-', 0) would expire release tags; name a prefix, and keep at least "
        "one image",
        id="no image",
    ),
]


@pytest.mark.parametrize(("changed", "message"), BAD)
def test_a_repository_that_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.Ecr(**{"name": "web"} | changed)

    assert str(refused.value) == message


def test_the_logical_id_is_a_contract() -> None:
    assert built(eb.Ecr(name="web")).ids == ["WebRepository"]


def test_every_property_is_reachable_through_the_handle() -> None:
    made = built(eb.Ecr(name="web"))

    made.handle.ImageTagMutability = "MUTABLE"

    assert made.resources["WebRepository"]["Properties"]["ImageTagMutability"] == "MUTABLE"
