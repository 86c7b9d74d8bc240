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
from ecs_blocks.checks.rules import (
    ecr_lifecycle_releases,
    ecr_lifecycle_text,
    ecr_tag_mutability,
)
from tests.blocks.helpers import KEY, TOKENS, built, resources
from tests.checks.helpers import verdict

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
_MARK = [
    "ecr:BatchGetImage",
    "ecr:DescribeImages",
    "ecr:DescribeRepositories",
    "ecr:PutImage",
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
        for pattern in ("latest", "branch-*", "deployed-*")
    ]


def test_trap_28_a_prefix_that_is_named_keeps_its_last_images() -> None:
    found = rules(untagged_days=7, expiring_tags=(("branch-", 20), ("pr-", 5)))

    assert [rule["rulePriority"] for rule in found] == [1, 2, 3, 4]
    assert found[1]["selection"]["countNumber"] == 7
    assert found[2] == {
        "rulePriority": 3,
        "description": "of branch-* the last 20 stay",
        "selection": {
            "tagStatus": "tagged",
            "tagPrefixList": ["branch-"],
            "countType": "imageCountMoreThan",
            "countNumber": 20,
        },
        "action": {"type": "expire"},
    }


_BRANCHES = {"expiring_tags": (("branch-", 20),)}
_KEEPING: list[tuple[dict[str, Any], list[str | None], list[str]]] = [
    # what is said, which prefix each rule is about in its order, which tags may move
    ({}, [None], []),
    (_BRANCHES, ["deployed-", None, "branch-"], ["deployed-*"]),
    ({"expiring_tags": (("a", 1), ("b", 2))}, ["deployed-", None, "a", "b"], ["deployed-*"]),
    ({"moving_tags": ("latest",)}, ["deployed-", None], ["latest", "deployed-*"]),
    ({"moving_tags": ("deployed-*",)}, ["deployed-", None], ["deployed-*"]),
    ({"moving_tags": tuple("abcd")}, ["deployed-", None], [*"abcd", "deployed-*"]),
    ({"keeps_deployed": None}, [None], []),
    ({"keeps_deployed": None} | _BRANCHES, [None, "branch-"], []),
    ({"keeps_deployed": None, "moving_tags": tuple("abcde")}, [None], [*"abcde"]),
    ({"keeps_deployed": None, "expiring_tags": (("deployed-", 3),)}, [None, "deployed-"], []),
]


@pytest.mark.parametrize(("changed", "prefixes", "moving"), _KEEPING)
def test_trap_28_what_is_deployed_comes_first_and_no_rule_is_about_any_tag(
    changed: dict[str, Any], prefixes: list[str | None], moving: list[str]
) -> None:
    """An image that a rule selects cannot be expired by a rule with a higher number."""
    found, settings = rules(**changed), properties(**changed)
    filters = settings.get("ImageTagMutabilityExclusionFilters", [])

    assert [rule["rulePriority"] for rule in found] == [*range(1, len(prefixes) + 1)]
    assert [rule["selection"].get("tagPrefixList", [None])[0] for rule in found] == prefixes
    assert {rule["selection"]["tagStatus"] for rule in found} <= {"tagged", "untagged"}
    assert [one["ImageTagMutabilityExclusionFilterValue"] for one in filters] == moving
    assert settings["ImageTagMutability"] == ("IMMUTABLE_WITH_EXCLUSION" if moving else "IMMUTABLE")


def test_trap_28_the_rule_of_what_is_deployed_is_never_reached() -> None:
    assert rules(**_BRANCHES)[0] == {
        "rulePriority": 1,
        "description": "what a deploy has marked stays",
        "selection": {
            "tagStatus": "tagged",
            "tagPrefixList": ["deployed-"],
            "countType": "imageCountMoreThan",
            "countNumber": 9999,
        },
        "action": {"type": "expire"},
    }


@pytest.mark.parametrize("changed", [changed for changed, _, _ in _KEEPING])
def test_the_checks_have_nothing_against_its_rules(changed: dict[str, Any]) -> None:
    made = {"WebRepository": repository(**changed)}

    for check in (ecr_lifecycle_text, ecr_lifecycle_releases, ecr_tag_mutability):
        assert verdict(check.CHECK, made) == ([], [])


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
            {
                "keeps_deployed": eb.KeepsDeployed(
                    marking_accounts=("111122223333", TOKENS.account)
                ),
                "moving_tags": ("latest",),
            },
            [statement("MarkFromOtherAccounts", _MARK, "111122223333", "${Account}")],
            id="mark",
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
    pytest.param(
        {"expiring_tags": (("deployed-x", 3),)},
        "expiring_tags: 'deployed-x' would never expire: tags that begin with deployed- are the "
        "marks of deploys; name another prefix, or say keeps_deployed=None",
        id="the marks",
    ),
    pytest.param(
        {"moving_tags": tuple("abcde")},
        "5 moving_tags, and deployed-* for the marks of deploys; ECR takes 5: name one less, or "
        "say keeps_deployed=None",
        id="no room for the marks",
    ),
    *(
        pytest.param(
            {"expiring_tags": pairs},
            'expiring_tags is a tuple of pairs: (("branch-", 20),)',
            id=f"no pairs: {pairs}",
        )
        for pairs in (("branch-", 20), {"branch-": 20}, ("branch-",), (("branch-", "20"),))
    ),
    pytest.param(
        {"expiring_tags": (("branch-*", 20),)},
        "expiring_tags: no tag begins with 'branch-*'; write a prefix, without *, like branch-",
        id="a pattern",
    ),
    pytest.param(
        {"expiring_tags": (("branch-", 20), ("branch-", 5))},
        "expiring_tags: 'branch-' stands there twice",
        id="twice",
    ),
    *(
        pytest.param(
            {name: "dev"},
            f'{name} has to be a tuple, not text; of one it is ("…",), with the comma',
            id=f"{name} without a comma",
        )
        for name in ("moving_tags", "expiring_tags", "pull_accounts", "push_accounts")
    ),
    pytest.param(
        {
            "moving_tags": ("latest",),
            "keeps_deployed": eb.KeepsDeployed(marking_accounts="111122223333"),
        },
        "keeps_deployed.marking_accounts has to be a tuple, not text; of one it is "
        '("…",), with the comma',
        id="marking_accounts without a comma",
    ),
    pytest.param(
        {
            "moving_tags": ("latest",),
            "keeps_deployed": eb.KeepsDeployed(marking_accounts=(111122223333,)),  # type: ignore[arg-type]
        },
        'marking_accounts: an account is 111122223333; it is written as text, like "111122223333"',
        id="a number",
    ),
    pytest.param(
        {"keeps_deployed": eb.KeepsDeployed(marking_accounts=("111122223333",))},
        "keeps_deployed: nothing can expire here that has a tag, so there are no marks to put; "
        "leave marking_accounts out",
        id="nothing to mark",
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
