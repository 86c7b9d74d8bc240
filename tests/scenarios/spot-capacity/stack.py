"""spot-capacity: thumbnails, three of four tasks on Spot, and a password that may change."""

import ecs_blocks as eb


class Thumbnails(eb.FargateWebServiceEnvironment):
    """Where the password is."""

    password_parameter: eb.Param[eb.SsmParameterName] = eb.param(
        default=eb.SsmParameterName("/thumbnails/storage-password"), help="of the storage"
    )


def stack(env: Thumbnails) -> eb.Stack:
    """On Spot beyond the base; what Spot takes away is told nobody, what breaks down is."""
    stack = eb.Stack(env, description=__doc__)
    secrets = {"STORAGE_PASSWORD": eb.SsmParameter(env.password_parameter)}
    made = stack.add(
        "Thumbnails",
        eb.WebService.standard(env, port=8080, architecture="ARM64", secrets=secrets),
    )
    stack.add("Thumbnails", eb.EcsEvents(service=made.service, topic_arn=env.alarm_topic_arn))
    stack.add(
        "Thumbnails",
        eb.RedeployOnSecretChange(
            service=made.service,
            secrets=secrets,
            notify=eb.Notify(topic_arn=env.alarm_topic_arn, enabled=env.alarms_enabled),
        ),
    )
    return stack
