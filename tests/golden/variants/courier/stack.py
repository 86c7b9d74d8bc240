"""courier: a worker on Fargate, three in four on Spot, which finds others by name and is found."""

import ecs_blocks as eb


class Courier(eb.FargateQueueWorkerEnvironment):
    """What differs between environments, beyond what every worker takes."""

    namespace_arn: eb.Param[str] = eb.param(help="where services find each other")
    namespace_id: eb.Param[str] = eb.param(help="where names of tasks are made")
    spot_share: eb.Param[int] = eb.param(default=3, ge=0, le=1000, help="for each one not on Spot")
    database_client_id: eb.Param[eb.SecurityGroupId] = eb.param(help="whom the database lets in")
    settings_bucket: eb.Param[eb.BucketName] = eb.param(help="where settings are kept")
    failed_tasks: eb.Param[int] = eb.param(default=3, ge=1, help="so many end a deployment")
    orders_alarm: eb.Param[str] = eb.param(help="the alarm of the shop that ends a deployment")
    scale_in_seconds: eb.Param[int] = eb.param(default=900, ge=0, help="between workers that go")

    def capacity(self) -> eb.CapacityStrategy:
        """The first one not on Spot, of the others a share that differs."""
        own = eb.Provider("FARGATE", base=1)
        spot = eb.Provider("FARGATE_SPOT", weight=self.spot_share)
        return eb.CapacityStrategy(providers=(own, spot))

    def cooldowns(self) -> eb.Cooldowns:
        """A worker takes long to be of use, and is kept for as long."""
        return eb.Cooldowns(out_s=180, in_s=self.scale_in_seconds)

    def addresses(self) -> eb.Addresses:
        """Let in by the database."""
        return eb.Addresses(security_group_ids=(self.database_client_id,))


def stack(env: Courier) -> eb.Stack:
    """Everything that a worker can be told beside its work."""
    stack = eb.Stack(env, description=__doc__)
    stack.add(
        "Courier",
        eb.QueueWorker.standard(
            env,
            connect=eb.ServiceConnectClient(env.namespace_arn),
            cloud_map=eb.CloudMapName(namespace_id=env.namespace_id, name="courier"),
            deployment=eb.Rolling(
                threshold=eb.FailedTasks(count=env.failed_tasks),
                alarms=("MessageAge", eb.ExistingAlarm(env.orders_alarm)),
            ),
            container=eb.Container(
                environment_files=(
                    eb.EnvironmentFile(
                        bucket=env.settings_bucket, key="courier/v1.env", key_arn=env.key_arn
                    ),
                ),
                version_consistency="disabled",
            ),
        ),
    )
    return stack
