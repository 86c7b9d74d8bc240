"""watchful: everything that a service may notice by itself, and what it does about it."""

from troposphere import s3

import ecs_blocks as eb
from ecs_blocks import policies


class Watchful(eb.FargateWebServiceEnvironment):
    """Where the secrets are, and how many failures a deployment may have."""

    password_parameter: eb.Param[eb.SsmParameterName] = eb.param(help="holds a password")
    token_arn: eb.Param[eb.SecretArn] = eb.param(help="a secret that is one word")
    failed_tasks: eb.Param[int] = eb.param(default=3, ge=1, help="so many fail a deployment")


def stack(env: Watchful) -> eb.Stack:
    """Rolling with alarms, events, a composite alarm, a redeploy, and a bucket of its own."""
    stack = eb.Stack(env, description=__doc__)
    uploads = stack.add_resource(
        s3.Bucket(
            "Uploads",
            DeletionPolicy="Retain",
            UpdateReplacePolicy="Retain",
            BucketEncryption=s3.BucketEncryption(
                ServerSideEncryptionConfiguration=[
                    s3.ServerSideEncryptionRule(
                        ServerSideEncryptionByDefault=s3.ServerSideEncryptionByDefault(
                            SSEAlgorithm="aws:kms", KMSMasterKeyID=env.key_arn
                        )
                    )
                ]
            ),
            LoggingConfiguration=s3.LoggingConfiguration(
                DestinationBucketName=env.access_log_bucket, LogFilePrefix="uploads/"
            ),
            PublicAccessBlockConfiguration=s3.PublicAccessBlockConfiguration(
                BlockPublicAcls=True,
                BlockPublicPolicy=True,
                IgnorePublicAcls=True,
                RestrictPublicBuckets=True,
            ),
            VersioningConfiguration=s3.VersioningConfiguration(Status="Enabled"),
        )
    )
    everything = [eb.get_att(uploads, "Arn"), eb.text(eb.get_att(uploads, "Arn"), "/*")]
    stack.add_resource(
        s3.BucketPolicy(
            "UploadsPolicy",
            Bucket=eb.ref("Uploads"),
            PolicyDocument=policies.document(policies.deny_without_tls(["s3:*"], everything)),
        )
    )
    secrets: dict[str, eb.SsmParameter | eb.Secret] = {
        "PASSWORD": eb.SsmParameter(env.password_parameter),
        "TOKEN": eb.Secret(env.token_arn),
    }
    shop = stack.add(
        "Shop",
        eb.WebService.standard(
            env,
            port=8080,
            secrets=secrets,
            task_policies=(eb.grant_bucket(uploads, read=True, write=True, key_arn=env.key_arn),),
            deployment=eb.Rolling(
                threshold=eb.FailedTasks(count=env.failed_tasks),
                alarms=("TargetErrors", "ResponseTime", "NoHealthyHost"),
                explicit=True,
            ),
        ),
    )
    notify = eb.Notify(topic_arn=env.alarm_topic_arn, enabled=env.alarms_enabled)
    stack.add("Shop", eb.EcsEvents(service=shop.service, topic_arn=env.alarm_topic_arn))
    stack.add(
        "Shop",
        eb.BusyAtMaximum(
            service=shop.service,
            busy=shop.alarms[:2],
            max_count=env.service_max_count,
            notify=notify,
        ),
    )
    stack.add(
        "Shop",
        eb.RedeployOnSecretChange(service=shop.service, secrets=secrets, notify=notify),
    )
    return stack
