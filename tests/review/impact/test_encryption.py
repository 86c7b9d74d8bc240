"""Another key: what is there stays under the old one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.impact.stage import lines
from tests.review.stacks import body


def bucket(key: Any = None) -> dict[str, Any]:
    default = {"SSEAlgorithm": "aws:kms", **({"KMSMasterKeyID": key} if key else {})}
    rules = [{"ServerSideEncryptionByDefault": default}]
    return body("S3::Bucket", BucketEncryption={"ServerSideEncryptionConfiguration": rules})


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            bucket("arn:of:old"),
            bucket("arn:of:new"),
            "objects that are there stay under the key arn:of:old, which must stay usable; new "
            "ones get arn:of:new",
        ),
        (
            bucket("arn:of:old"),
            bucket(),
            "objects that are there stay under the key arn:of:old, which must stay usable; new "
            "ones get no key of your own",
        ),
        (
            body("Logs::LogGroup", KmsKeyId="arn:of:old"),
            body("Logs::LogGroup", KmsKeyId={"Fn::GetAtt": ["Key", "Arn"]}),
            "logs that are there stay under the key arn:of:old, which must stay usable; new ones "
            "get Key.Arn",
        ),
    ],
)
def test_another_key(before: dict[str, Any], after: dict[str, Any], words: str) -> None:
    assert lines({"It": before}, {"It": after}) == [f"notice data: It: {words}"]


def test_a_first_key_leaves_nothing_behind() -> None:
    found = lines({"It": bucket()}, {"It": bucket("arn:of:new")})

    assert not [one for one in found if "stay under" in one]
