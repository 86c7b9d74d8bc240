"""What holds data, and what carries messages."""

from __future__ import annotations

from typing import Final

from tests.review.verdicts.row import DEPENDS, IN_PLACE, REPLACED, table

_POLICY: Final = {"Statement": [{"Effect": "Allow", "Action": "*", "Principal": "*"}]}
_DENIES: Final = {"Statement": [{"Effect": "Deny", "Action": "*", "Principal": "*"}]}

ROWS: Final = [
    *table(
        "S3::Bucket",
        ("BucketName", "one", "two", REPLACED),
        ("VersioningConfiguration.Status", "Enabled", "Suspended", IN_PLACE),
        ("PublicAccessBlockConfiguration.BlockPublicAcls", True, False, IN_PLACE),
        ("ObjectLockEnabled", False, True, DEPENDS),
    ),
    *table(
        "S3::BucketPolicy",
        ("Bucket", "one", "two", REPLACED),
        ("PolicyDocument", _POLICY, _DENIES, IN_PLACE),
    ),
    *table(
        "SNS::Topic",
        ("TopicName", "one", "two", REPLACED),
        ("FifoTopic", False, True, REPLACED),
        ("KmsMasterKeyId", "one", "two", IN_PLACE),
        ("DisplayName", "one", "two", IN_PLACE),
    ),
    *table("SNS::TopicPolicy", ("PolicyDocument", _POLICY, _DENIES, IN_PLACE)),
    *table(
        "SNS::Subscription",
        ("Endpoint", "a@example.com", "b@example.com", REPLACED),
        ("Protocol", "email", "sqs", REPLACED),
        ("TopicArn", "one", "two", REPLACED),
        ("RawMessageDelivery", False, True, IN_PLACE),
    ),
    *table(
        "SQS::Queue",
        ("QueueName", "one", "two", REPLACED),
        ("FifoQueue", False, True, REPLACED),
        ("VisibilityTimeout", 30, 60, IN_PLACE),
        ("MessageRetentionPeriod", 60, 3600, IN_PLACE),
        ("RedrivePolicy.maxReceiveCount", 3, 5, IN_PLACE),
    ),
    *table("SQS::QueuePolicy", ("PolicyDocument", _POLICY, _DENIES, IN_PLACE)),
    *table(
        "KMS::Key",
        ("KeyPolicy", _POLICY, _DENIES, IN_PLACE),
        ("EnableKeyRotation", True, False, IN_PLACE),
        ("PendingWindowInDays", 30, 7, IN_PLACE),
    ),
    *table(
        "KMS::Alias",
        ("AliasName", "alias/one", "alias/two", REPLACED),
        ("TargetKeyId", "one", "two", IN_PLACE),
    ),
    *table(
        "SSM::Parameter",
        ("Name", "/one", "/two", REPLACED),
        ("Value", "one", "two", IN_PLACE),
        ("Description", "one", "two", IN_PLACE),
    ),
    *table(
        "SecretsManager::Secret",
        ("Name", "one", "two", REPLACED),
        ("KmsKeyId", "one", "two", IN_PLACE),
        ("Description", "one", "two", IN_PLACE),
    ),
    *table(
        "EFS::FileSystem",
        ("Encrypted", False, True, REPLACED),
        ("KmsKeyId", "one", "two", REPLACED),
        ("PerformanceMode", "generalPurpose", "maxIO", REPLACED),
        ("AvailabilityZoneName", "a", "b", REPLACED),
        ("ThroughputMode", "bursting", "elastic", IN_PLACE),
        ("BackupPolicy.Status", "ENABLED", "DISABLED", IN_PLACE),
    ),
    *table(
        "EFS::MountTarget",
        ("FileSystemId", "fs-1", "fs-2", REPLACED),
        ("SubnetId", "one", "two", REPLACED),
        ("SecurityGroups", ["one"], ["two"], IN_PLACE),
    ),
    *table(
        "EFS::AccessPoint",
        ("FileSystemId", "fs-1", "fs-2", REPLACED),
        ("PosixUser.Uid", "1000", "2000", REPLACED),
        ("RootDirectory.Path", "/one", "/two", REPLACED),
    ),
    *table(
        "RDS::DBInstance",
        ("DBInstanceIdentifier", "one", "two", REPLACED),
        ("DBName", "one", "two", REPLACED),
        ("StorageEncrypted", False, True, REPLACED),
        ("KmsKeyId", "one", "two", REPLACED),
        ("MasterUsername", "one", "two", REPLACED),
        ("AllocatedStorage", "20", "50", IN_PLACE),
        ("DBInstanceClass", "db.t4g.small", "db.t4g.large", IN_PLACE),
    ),
    *table(
        "DynamoDB::Table",
        ("TableName", "one", "two", REPLACED),
        ("KeySchema", [{"AttributeName": "a"}], [{"AttributeName": "b"}], DEPENDS),
        ("BillingMode", "PROVISIONED", "PAY_PER_REQUEST", IN_PLACE),
    ),
]
