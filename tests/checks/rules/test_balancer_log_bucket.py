"""EB526."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.balancer_log_bucket import CHECK
from tests.checks.helpers import resource, verdict

BUCKET = {"Ref": "Bucket"}
ATTRIBUTES = ["Balancer.LoadBalancerAttributes"]
ALLOWED = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}
DENIED = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}


def template(*logs: str, bucket: Any = BUCKET, on: Any = "true", **others: Any) -> dict[str, Any]:
    attributes = [
        {"Key": f"{log}.s3.{key}", "Value": value}
        for log in logs
        for key, value in (("enabled", on), ("bucket", bucket))
    ]
    return {
        "Balancer": {
            **resource(
                "AWS::ElasticLoadBalancingV2::LoadBalancer", LoadBalancerAttributes=attributes
            ),
            "DependsOn": ["Policy"],
        },
        "Bucket": resource("AWS::S3::Bucket", BucketName="web-logs"),
        **others,
    }


def policy(*statements: Any, bucket: Any = BUCKET) -> dict[str, Any]:
    document = {"Statement": list(statements)}
    return {"Policy": resource("AWS::S3::BucketPolicy", Bucket=bucket, PolicyDocument=document)}


def too_late(resources: dict[str, Any]) -> dict[str, Any]:
    del resources["Balancer"]["DependsOn"]
    return resources


GOOD = [
    pytest.param(template("access_logs", **policy(ALLOWED)), id="allowed"),
    pytest.param(template("access_logs", **policy(DENIED, ALLOWED)), id="beside a denial"),
    pytest.param(
        template("access_logs", bucket="web-logs", **policy(ALLOWED, bucket="web-logs")),
        id="by name",
    ),
    pytest.param(
        template("access_logs", **policy(ALLOWED | {"Action": ["s3:Put*"]})), id="wildcard"
    ),
    pytest.param(
        template(
            "access_logs",
            Policy=resource("AWS::S3::BucketPolicy", Bucket=BUCKET, PolicyDocument="{}"),
        ),
        id="a text is not read",
    ),
    pytest.param(template(), id="no logs"),
    pytest.param(template("access_logs", on="false"), id="switched off"),
    pytest.param(template("access_logs", bucket="others"), id="bucket of another stack"),
    pytest.param(template("access_logs", bucket={"Ref": "LogBucket"}), id="from outside"),
]
BAD = [
    pytest.param(template("access_logs"), ATTRIBUTES, id="no policy"),
    pytest.param(template("access_logs", bucket="web-logs"), ATTRIBUTES, id="no policy, by name"),
    pytest.param(template("connection_logs"), ATTRIBUTES, id="connection logs"),
    pytest.param(template("access_logs", "connection_logs"), ATTRIBUTES, id="told once"),
    pytest.param(template("access_logs", **policy(DENIED)), ATTRIBUTES, id="only a denial"),
    pytest.param(
        template("access_logs", **policy(ALLOWED, bucket="others")), ATTRIBUTES, id="another's"
    ),
    pytest.param(
        too_late(template("access_logs", **policy(ALLOWED))), ["Balancer.DependsOn"], id="order"
    ),
]
UNKNOWN = [
    pytest.param(
        template("access_logs", on={"Ref": "On"}),
        ["Balancer.LoadBalancerAttributes.access_logs.s3.enabled"],
        id="on or off",
    ),
    pytest.param(
        template("access_logs", **policy(ALLOWED | {"Action": {"Ref": "Action"}})),
        ATTRIBUTES,
        id="what is allowed",
    ),
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
