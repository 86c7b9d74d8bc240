"""own-table-and-bucket: orders, in a table of its own, with their papers in a bucket."""

from troposphere import dynamodb, s3

import ecs_blocks as eb
from ecs_blocks import policies


def table(env: eb.FargateWebServiceEnvironment) -> dynamodb.Table:
    """Orders by customer and number."""
    keys = (("Customer", "HASH"), ("Number", "RANGE"))
    return dynamodb.Table(
        "Orders",
        DeletionPolicy="Retain",
        UpdateReplacePolicy="Retain",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            dynamodb.AttributeDefinition(AttributeName=name, AttributeType="S") for name, _ in keys
        ],
        KeySchema=[dynamodb.KeySchema(AttributeName=name, KeyType=kind) for name, kind in keys],
        PointInTimeRecoverySpecification=dynamodb.PointInTimeRecoverySpecification(
            PointInTimeRecoveryEnabled=True
        ),
        SSESpecification=dynamodb.SSESpecification(
            SSEEnabled=True, SSEType="KMS", KMSMasterKeyId=env.key_arn
        ),
    )


def bucket(env: eb.FargateWebServiceEnvironment) -> s3.Bucket:
    """Invoices and delivery notes."""
    encryption = s3.ServerSideEncryptionByDefault(
        SSEAlgorithm="aws:kms", KMSMasterKeyID=env.key_arn
    )
    return s3.Bucket(
        "Papers",
        DeletionPolicy="Retain",
        UpdateReplacePolicy="Retain",
        BucketEncryption=s3.BucketEncryption(
            ServerSideEncryptionConfiguration=[
                s3.ServerSideEncryptionRule(ServerSideEncryptionByDefault=encryption)
            ]
        ),
        LoggingConfiguration=s3.LoggingConfiguration(
            DestinationBucketName=env.access_log_bucket, LogFilePrefix="papers/"
        ),
        PublicAccessBlockConfiguration=s3.PublicAccessBlockConfiguration(
            BlockPublicAcls=True,
            BlockPublicPolicy=True,
            IgnorePublicAcls=True,
            RestrictPublicBuckets=True,
        ),
        VersioningConfiguration=s3.VersioningConfiguration(Status="Enabled"),
    )


def stack(env: eb.FargateWebServiceEnvironment) -> eb.Stack:
    """A service that may read and write both, and nothing else."""
    stack = eb.Stack(env, description=__doc__)
    orders, papers = stack.add_resource(table(env)), stack.add_resource(bucket(env))
    arn = eb.get_att(papers, "Arn")
    only_tls = policies.deny_without_tls(["s3:*"], [arn, eb.text(arn, "/*")])
    stack.add_resource(
        s3.BucketPolicy(
            "PapersPolicy",
            Bucket=eb.ref(papers.title),
            PolicyDocument=policies.document(only_tls),
        )
    )
    stack.add(
        "Orders",
        eb.WebService.standard(
            env,
            port=8080,
            variables={"TABLE": eb.ref(orders.title), "BUCKET": eb.ref(papers.title)},
            task_policies=(
                eb.grant_table(orders, read=True, write=True, key_arn=env.key_arn),
                eb.grant_bucket(papers, read=True, write=True, key_arn=env.key_arn),
            ),
        ),
    )
    return stack
