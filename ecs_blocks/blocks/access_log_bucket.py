"""Where load balancers write who asked for what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import awacs.s3
from awacs.aws import ArnLike, Condition, Principal, StringEquals
from msgspec import Struct
from troposphere import s3

from ecs_blocks import policies
from ecs_blocks.blocks.limits import check_at_least
from ecs_blocks.values import ACCOUNT_ID, PARTITION, Token, Value, arn, get_att, ref, text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope
    from ecs_blocks.values import BucketName


class BucketHandle(Struct, frozen=True, kw_only=True):
    """The bucket and its policy."""

    resource: Any
    policy: Any

    @property
    def name(self) -> Token[BucketName]:
        """The bucket's name."""
        return ref(self.resource.title)


class AccessLogBucket(Struct, frozen=True, kw_only=True):
    """A private bucket for access and connection logs of every balancer of this account.

    Attributes:
        retention_days: after this long a log is deleted.
        network_balancers: whether Network Load Balancers may write too, of TLS connections.
        buckets: whether other buckets may, of who read and wrote (S3 server access logs). Without
            it their logs are lost without a word.

    Load balancers write with S3's own encryption only (SSE-S3), and check that they may before
    they take the setting: the bucket's policy has to stand first (trap 32), so the bucket is in
    the cluster's stack and the balancers are in others. It is kept when the stack goes.
    """

    retention_days: Value[int] = 365
    network_balancers: bool = False
    buckets: bool = False

    def __post_init__(self) -> None:
        check_at_least("retention_days", self.retention_days, 1)

    def build(self, scope: Scope) -> BucketHandle:
        """Add the bucket and its policy."""
        bucket = scope.add(
            s3.Bucket(
                scope.id("AccessLogBucket"),
                DeletionPolicy="RetainExceptOnCreate",
                UpdateReplacePolicy="Retain",
                BucketEncryption=s3.BucketEncryption(
                    ServerSideEncryptionConfiguration=[
                        s3.ServerSideEncryptionRule(
                            ServerSideEncryptionByDefault=s3.ServerSideEncryptionByDefault(
                                SSEAlgorithm="AES256"
                            )
                        )
                    ]
                ),
                OwnershipControls=s3.OwnershipControls(
                    Rules=[s3.OwnershipControlsRule(ObjectOwnership="BucketOwnerEnforced")]
                ),
                PublicAccessBlockConfiguration=s3.PublicAccessBlockConfiguration(
                    BlockPublicAcls=True,
                    BlockPublicPolicy=True,
                    IgnorePublicAcls=True,
                    RestrictPublicBuckets=True,
                ),
                VersioningConfiguration=s3.VersioningConfiguration(Status="Enabled"),
                LifecycleConfiguration=s3.LifecycleConfiguration(
                    Rules=[
                        s3.LifecycleRule(
                            Id="expire",
                            Status="Enabled",
                            ExpirationInDays=self.retention_days,
                            NoncurrentVersionExpiration=s3.NoncurrentVersionExpiration(
                                NoncurrentDays=30
                            ),
                            AbortIncompleteMultipartUpload=s3.AbortIncompleteMultipartUpload(
                                DaysAfterInitiation=7
                            ),
                        )
                    ]
                ),
            )
        )
        own = get_att(bucket, "Arn")
        policy = scope.add(
            s3.BucketPolicy(
                scope.id("AccessLogBucketPolicy"),
                Bucket=ref(bucket.title),
                PolicyDocument=policies.document(
                    policies.allow(
                        [awacs.s3.PutObject],
                        [text(own, "/*/AWSLogs/", ACCOUNT_ID, "/*")],
                        "LoadBalancersOfThisAccount",
                        Principal=Principal(
                            "Service", ["logdelivery.elasticloadbalancing.amazonaws.com"]
                        ),
                        Condition=Condition(
                            ArnLike(
                                {"aws:SourceArn": arn("elasticloadbalancing", "loadbalancer/*")}
                            )
                        ),
                    ),
                    *(_of_network_balancers(own) if self.network_balancers else ()),
                    *((_of_buckets(own),) if self.buckets else ()),
                    policies.deny_without_tls(
                        [awacs.aws.Action("s3", "*")], [own, text(own, "/*")]
                    ),
                ),
            )
        )
        return BucketHandle(resource=bucket, policy=policy)


def _of_buckets(bucket: Value[str]) -> Any:
    """A bucket whose objects are its owner's takes logs by its policy alone.

    Source: Amazon S3 User Guide, "Enabling Amazon S3 server access logging", permissions.
    """
    return policies.allow(
        [awacs.s3.PutObject],
        [text(bucket, "/*")],
        "BucketsOfThisAccount",
        Principal=Principal("Service", ["logging.s3.amazonaws.com"]),
        Condition=Condition(
            [
                StringEquals({"aws:SourceAccount": ACCOUNT_ID}),
                ArnLike({"aws:SourceArn": text("arn:", PARTITION, ":s3:::*")}),
            ]
        ),
    )


def _of_network_balancers(bucket: Value[str]) -> tuple[Any, Any]:
    """Their logs come by another service, which looks at the bucket's owner first.

    Source: User Guide for Network Load Balancers, "Access logs", bucket requirements.
    """
    service = Principal("Service", ["delivery.logs.amazonaws.com"])
    ours = [
        StringEquals({"aws:SourceAccount": ACCOUNT_ID}),
        ArnLike({"aws:SourceArn": arn("logs", "*")}),
    ]
    owned = StringEquals(
        {"aws:SourceAccount": ACCOUNT_ID, "s3:x-amz-acl": "bucket-owner-full-control"}
    )
    return (
        policies.allow(
            [awacs.s3.GetBucketAcl],
            [bucket],
            "LogDeliveryLooks",
            Principal=service,
            Condition=Condition(ours),
        ),
        policies.allow(
            [awacs.s3.PutObject],
            [text(bucket, "/*/AWSLogs/", ACCOUNT_ID, "/*")],
            "LogDeliveryWrites",
            Principal=service,
            Condition=Condition([owned, ours[1]]),
        ),
    )
