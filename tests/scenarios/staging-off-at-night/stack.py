"""staging-off-at-night: reports; it sleeps when nobody works, and hurries when many do."""

import ecs_blocks as eb


class Reports(eb.OffHours, eb.FargateWebServiceEnvironment):
    """What a web service takes, the off hours, and how many reports may wait."""

    waiting_reports: eb.Param[int] = eb.param(default=50, ge=1, help="more that wait bring tasks")


def stack(env: Reports) -> eb.Stack:
    """Beside CPU, memory and requests it scales by what waits, which the application tells."""
    stack = eb.Stack(env, description=__doc__)
    made = stack.add("Reports", eb.WebService.standard(env, port=8080))
    stack.add(
        "Waiting",
        eb.StepScaling(
            scaling=made.scaling,
            watches=eb.Metric(
                namespace="Reports", name="Waiting", statistic="Maximum", dimensions={}
            ),
            out=eb.ScaleOut(
                above=env.waiting_reports, steps=(eb.Step(tasks=1), eb.Step(tasks=5, beyond=200))
            ),
        ),
    )
    return stack
