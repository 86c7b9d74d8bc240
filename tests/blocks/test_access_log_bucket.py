"""The bucket for the load balancers' logs.

Trap 32: load balancers write as a service principal, with S3's own encryption only, and check at
once that they may: the bucket has its policy, in a stack before theirs.
Trap 43: they write for this account only.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import TOKENS, built, resources

_ARN = {"Fn::GetAtt": ["WebAccessLogBucket", "Arn"]}


def statements(**changed: Any) -> dict[str, dict[str, Any]]:
    found = resources(eb.AccessLogBucket(**changed))["WebAccessLogBucketPolicy"]["Properties"]
    return {statement.pop("Sid"): statement for statement in found["PolicyDocument"]["Statement"]}


def test_trap_32_the_bucket_is_private_kept_and_encrypted_by_s3_itself() -> None:
    assert resources(eb.AccessLogBucket())["WebAccessLogBucket"] == {
        "Type": "AWS::S3::Bucket",
        "DeletionPolicy": "RetainExceptOnCreate",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
                ]
            },
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
            "VersioningConfiguration": {"Status": "Enabled"},
            "LifecycleConfiguration": {
                "Rules": [
                    {
                        "Id": "expire",
                        "Status": "Enabled",
                        "ExpirationInDays": 365,
                        "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
                        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                    }
                ]
            },
        },
    }


@pytest.mark.parametrize(
    ("days", "written"),
    [
        pytest.param(90, 90, id="literal"),
        pytest.param(TOKENS.number, {"Ref": "Number"}, id="token"),
    ],
)
def test_logs_go_after_the_days_that_were_asked_for(days: eb.Value[int], written: object) -> None:
    found = resources(eb.AccessLogBucket(retention_days=days))["WebAccessLogBucket"]["Properties"]

    assert found["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == written


def test_trap_32_load_balancers_write_as_the_service_for_any_prefix() -> None:
    assert statements()["LoadBalancersOfThisAccount"] == {
        "Effect": "Allow",
        "Principal": {"Service": ["logdelivery.elasticloadbalancing.amazonaws.com"]},
        "Action": ["s3:PutObject"],
        "Resource": [{"Fn::Sub": "${WebAccessLogBucket.Arn}/*/AWSLogs/${AWS::AccountId}/*"}],
        "Condition": {
            "ArnLike": {
                "aws:SourceArn": {
                    "Fn::Sub": "arn:${AWS::Partition}:elasticloadbalancing:${AWS::Region}"
                    ":${AWS::AccountId}:loadbalancer/*"
                }
            }
        },
    }


def test_trap_43_no_other_account_s_balancer_writes_here() -> None:
    statement = statements()["LoadBalancersOfThisAccount"]

    assert "AWS::AccountId" in str(statement["Resource"])
    assert "AWS::AccountId" in str(statement["Condition"])


def test_nobody_reads_or_writes_without_tls() -> None:
    assert statements()["DenyWithoutTls"] == {
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:*"],
        "Resource": [_ARN, {"Fn::Sub": "${WebAccessLogBucket.Arn}/*"}],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def test_the_logical_ids_are_a_contract() -> None:
    assert built(eb.AccessLogBucket()).ids == ["WebAccessLogBucket", "WebAccessLogBucketPolicy"]


def test_the_handle_hands_on_the_bucket_s_name() -> None:
    made = built(eb.AccessLogBucket())
    made.stack.output("Bucket", made.handle.name, "the bucket")

    assert made.template["Outputs"]["Bucket"]["Value"] == {"Ref": "WebAccessLogBucket"}


def test_every_property_is_reachable_through_the_handle() -> None:
    made = built(eb.AccessLogBucket())

    made.handle.resource.BucketName = "logs-of-ours"

    assert made.resources["WebAccessLogBucket"]["Properties"]["BucketName"] == "logs-of-ours"


def test_network_balancers_write_by_another_service_for_this_account_only() -> None:
    found = statements(network_balancers=True)
    ours = {
        "ArnLike": {
            "aws:SourceArn": {
                "Fn::Sub": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:*"
            }
        }
    }
    account = {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}

    assert found.keys() - statements().keys() == {"LogDeliveryLooks", "LogDeliveryWrites"}
    assert found["LogDeliveryLooks"] == {
        "Effect": "Allow",
        "Principal": {"Service": ["delivery.logs.amazonaws.com"]},
        "Action": ["s3:GetBucketAcl"],
        "Resource": [_ARN],
        "Condition": {"StringEquals": account, **ours},
    }
    assert found["LogDeliveryWrites"] == {
        "Effect": "Allow",
        "Principal": {"Service": ["delivery.logs.amazonaws.com"]},
        "Action": ["s3:PutObject"],
        "Resource": [{"Fn::Sub": "${WebAccessLogBucket.Arn}/*/AWSLogs/${AWS::AccountId}/*"}],
        "Condition": {
            "StringEquals": {**account, "s3:x-amz-acl": "bucket-owner-full-control"},
            **ours,
        },
    }


def test_other_buckets_write_by_the_policy_and_of_this_account_only() -> None:
    found = statements(buckets=True)

    assert found.keys() - statements().keys() == {"BucketsOfThisAccount"}
    assert found["BucketsOfThisAccount"] == {
        "Effect": "Allow",
        "Principal": {"Service": ["logging.s3.amazonaws.com"]},
        "Action": ["s3:PutObject"],
        "Resource": [{"Fn::Sub": "${WebAccessLogBucket.Arn}/*"}],
        "Condition": {
            "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
            "ArnLike": {"aws:SourceArn": {"Fn::Sub": "arn:${AWS::Partition}:s3:::*"}},
        },
    }
