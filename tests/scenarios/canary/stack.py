"""canary: a search that meets a twentieth of its users first."""

import ecs_blocks as eb


class Search(eb.FargateWebServiceEnvironment):
    """How careful a deployment is."""

    canary_percent: eb.Param[float] = eb.param(default=50.0, ge=0.1, le=100, help="the first share")
    canary_minutes: eb.Param[int] = eb.param(default=1, ge=0, le=1440, help="how long it is alone")
    failed_tasks: eb.Param[int] = eb.param(default=3, ge=1, help="so many fail a deployment")


def stack(env: Search) -> eb.Stack:
    """Canary, and an alarm for the day on which more tasks would help and there may be none."""
    stack = eb.Stack(env, description=__doc__)
    deployment = eb.Canary(
        percent=env.canary_percent,
        wait_minutes=env.canary_minutes,
        threshold=eb.FailedTasks(count=env.failed_tasks),
        alarms=("TargetErrors", "ResponseTime", "NoHealthyHost"),
    )
    search = stack.add("Search", eb.WebService.standard(env, port=8080, deployment=deployment))
    stack.add(
        "Search",
        eb.BusyAtMaximum(
            service=search.service,
            busy=search.alarms[:2],
            max_count=env.service_max_count,
            notify=eb.Notify(topic_arn=env.alarm_topic_arn, enabled=env.alarms_enabled),
        ),
    )
    return stack
