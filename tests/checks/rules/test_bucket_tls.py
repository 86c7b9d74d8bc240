"""EB233."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.bucket_tls import CHECK
from tests.checks.helpers import resource, verdict


def deny(**changes: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        **changes,
    }
    return {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*"}, statement]}


def template(document: Any, bucket: Any = None, **properties: Any) -> dict[str, Any]:
    return {
        "Bucket": resource("AWS::S3::Bucket", **properties),
        "Policy": resource(
            "AWS::S3::BucketPolicy", Bucket=bucket or {"Ref": "Bucket"}, PolicyDocument=document
        ),
    }


GOOD = [
    pytest.param(template(deny()), id="deny"),
    pytest.param(template(deny(), "logs", BucketName="logs"), id="by its name"),
    pytest.param(template(deny(Action="*")), id="any action"),
]
BAD = [
    pytest.param({"Bucket": {"Type": "AWS::S3::Bucket"}}, ["Bucket"], id="no policy"),
    pytest.param(template(deny(), "other"), ["Bucket"], id="policy of another"),
    pytest.param(template(deny(Action="s3:PutObject")), ["Bucket"], id="writing only"),
    pytest.param(template(deny(Condition={})), ["Bucket"], id="no condition"),
]
UNKNOWN = [
    pytest.param(template({"Fn::If": ["A", {}, {}]}), ["Bucket.PolicyDocument"], id="document"),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
