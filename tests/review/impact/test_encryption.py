"""Another key: what is there stays under the old one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.impact.stage import lines, told
from tests.review.stacks import body

OF_AWS = (
    "under the key arn:of:old, which must stay usable; new ones are encrypted with a key of AWS's"
)


def bucket(key: Any = None, algorithm: str = "aws:kms") -> dict[str, Any]:
    default = {"SSEAlgorithm": algorithm, **({"KMSMasterKeyID": key} if key else {})}
    rules = [{"ServerSideEncryptionByDefault": default}]
    return body("S3::Bucket", BucketEncryption={"ServerSideEncryptionConfiguration": rules})


@pytest.mark.parametrize(
    ("before", "after", "weight", "words"),
    [
        (
            bucket("arn:of:old"),
            bucket("arn:of:new"),
            "notice",
            "objects that are there stay under the key arn:of:old, which must stay usable; new "
            "ones get arn:of:new",
        ),
        (
            bucket("arn:of:old"),
            bucket(),
            "approval",
            f"objects that are there stay {OF_AWS}",
        ),
        (
            bucket("arn:of:old"),
            body("S3::Bucket"),
            "approval",
            f"objects that are there stay {OF_AWS}",
        ),
        (
            bucket("arn:of:old"),
            bucket(algorithm="AES256"),
            "approval",
            f"objects that are there stay {OF_AWS}",
        ),
        (
            body("Logs::LogGroup", KmsKeyId="arn:of:old"),
            body("Logs::LogGroup"),
            "approval",
            f"logs that are there stay {OF_AWS}",
        ),
        (
            body("Logs::LogGroup", KmsKeyId="arn:of:old"),
            body("Logs::LogGroup", KmsKeyId={"Fn::GetAtt": ["Key", "Arn"]}),
            "notice",
            "logs that are there stay under the key arn:of:old, which must stay usable; new ones "
            "get Key.Arn",
        ),
    ],
)
def test_another_key(
    before: dict[str, Any], after: dict[str, Any], weight: str, words: str
) -> None:
    assert lines({"It": before}, {"It": after}) == [f"{weight} data: It: {words}"]


def reader(*keys: Any) -> dict[str, Any]:
    """A role that may decrypt with these keys."""
    statement = {"Effect": "Allow", "Action": "kms:Decrypt*", "Resource": list(keys)}
    document = {"Version": "2012-10-17", "Statement": [statement] if keys else []}
    return body("IAM::Role", Policies=[{"PolicyName": "p", "PolicyDocument": document}])


KEYS = {one: body("KMS::Key") for one in ("Old", "New")}
ARNS = [{"Fn::GetAtt": [one, "Arn"]} for one in KEYS]


@pytest.mark.parametrize(
    ("keys", "held", "expected"),
    [
        (ARNS, [[ARNS[0]], [ARNS[1]]], ["the role Reader may no longer decrypt them"]),
        # the id of a key, and its ARN in the policy
        (
            [{"Ref": "Old"}, {"Ref": "New"}],
            [[ARNS[0]], [ARNS[1]]],
            ["the role Reader may no longer decrypt them"],
        ),
        (
            ["arn:aws:kms:eu-central-1:1:key/a", "arn:aws:kms:eu-central-1:1:key/b"],
            [["arn:aws:kms:*:1:key/*"], []],
            ["the role Reader may no longer decrypt them"],
        ),
        # it may still, or never might
        (ARNS, [[ARNS[0]], ARNS], []),
        (ARNS, [[ARNS[0]], ["*"]], []),
        (ARNS, [[], [ARNS[1]]], []),
    ],
)
def test_who_can_no_longer_read_what_is_there(
    keys: list[Any], held: list[list[Any]], expected: list[str]
) -> None:
    sides = [
        {**KEYS, "It": bucket(key), "Reader": reader(*may)}
        for key, may in zip(keys, held, strict=True)
    ]
    [found] = [one for one in told(*sides) if one.kind == "data"]

    assert list(found.details) == expected
    assert found.weight == ("approval" if expected else "notice")


def test_a_first_key_leaves_nothing_behind() -> None:
    found = lines({"It": bucket()}, {"It": bucket("arn:of:new")})

    assert not [one for one in found if "stay under" in one]
