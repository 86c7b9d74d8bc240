"""daemon-log-agent: Fluent Bit on every instance sends what the agent of ECS logs to a stream."""

from awacs import firehose

import ecs_blocks as eb
from ecs_blocks import policies


class LogAgent(eb.DaemonEnvironment):
    """Where logs go."""

    stream_name: eb.Param[str] = eb.param(pattern=r"[A-Za-z0-9_.-]{1,64}", help="of Firehose")


def stack(env: LogAgent) -> eb.Stack:
    """It may read the logs of its instance and write to one stream."""
    stack = eb.Stack(env, description=__doc__)
    logs = eb.HostVolume("logs", "/var/log/ecs")
    stream = eb.text(
        *("arn:", eb.ref("AWS::Partition"), ":firehose:", env.region, ":", env.account_id),
        *(":deliverystream/", env.stream_name),
    )
    stack.add(
        "LogAgent",
        eb.Daemon.standard(
            env,
            variables={"STREAM": env.stream_name, "REGION": env.region},
            container=eb.Container(mounts=(eb.Mount(logs, "/var/log/ecs", read_only=True),)),
            task_policies=(
                policies.policy("Send", policies.allow([firehose.PutRecordBatch], [stream])),
            ),
        ),
    )
    return stack
