"""s3-uploads: scans whatever is put into a bucket; S3 tells a queue of each file."""

from troposphere import s3

import ecs_blocks as eb
from ecs_blocks import policies


class Uploads(eb.FargateQueueWorkerEnvironment):
    """The bucket, whose name the queue has to know before it is there."""

    bucket_name: eb.Param[eb.BucketName] = eb.param(help="of the bucket, unique in the world")
    access_log_bucket: eb.Param[eb.BucketName] = eb.param(help="who read and wrote")


def bucket(env: Uploads, queue: eb.Value[str]) -> s3.Bucket:
    """Private, encrypted, with versions, and gone after a month."""
    return s3.Bucket(
        "Uploads",
        DeletionPolicy="Retain",
        UpdateReplacePolicy="Retain",
        BucketName=env.bucket_name,
        BucketEncryption=s3.BucketEncryption(
            ServerSideEncryptionConfiguration=[
                s3.ServerSideEncryptionRule(
                    ServerSideEncryptionByDefault=s3.ServerSideEncryptionByDefault(
                        SSEAlgorithm="aws:kms", KMSMasterKeyID=env.key_arn
                    )
                )
            ]
        ),
        LifecycleConfiguration=s3.LifecycleConfiguration(
            Rules=[
                s3.LifecycleRule(
                    Status="Enabled", ExpirationInDays=30, NoncurrentVersionExpirationInDays=30
                )
            ]
        ),
        LoggingConfiguration=s3.LoggingConfiguration(
            DestinationBucketName=env.access_log_bucket, LogFilePrefix="uploads/"
        ),
        NotificationConfiguration=s3.NotificationConfiguration(
            QueueConfigurations=[s3.QueueConfigurations(Event="s3:ObjectCreated:*", Queue=queue)]
        ),
        PublicAccessBlockConfiguration=s3.PublicAccessBlockConfiguration(
            BlockPublicAcls=True,
            BlockPublicPolicy=True,
            IgnorePublicAcls=True,
            RestrictPublicBuckets=True,
        ),
        VersioningConfiguration=s3.VersioningConfiguration(Status="Enabled"),
    )


def stack(env: Uploads) -> eb.Stack:
    """The bucket comes after the queue's policy: S3 sends a message to try it."""
    stack = eb.Stack(env, description=__doc__)
    arn = eb.text("arn:", eb.ref("AWS::Partition"), ":s3:::", env.bucket_name)
    grant = eb.grant_bucket(arn, name="Uploads", read=True, key_arn=env.key_arn)
    worker = stack.add(
        "Scan",
        eb.QueueWorker.standard(
            env,
            senders=(eb.FromService("s3", arn),),
            container=eb.Container(command=("./scan",), tmp_mib=1024, stop_timeout_s=120),
            task_policies=(grant,),
        ),
    )
    uploads = bucket(env, worker.queue.arn)
    uploads.DependsOn = [one.title for one in worker.queue.policies]
    stack.add_resource(uploads)
    only_tls = policies.deny_without_tls(["s3:*"], [arn, eb.text(arn, "/*")])
    stack.add_resource(
        s3.BucketPolicy(
            "UploadsPolicy",
            Bucket=eb.ref("Uploads"),
            PolicyDocument=policies.document(only_tls),
        )
    )
    return stack
