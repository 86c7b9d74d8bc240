"""directory: found by a name in DNS, on the instances of the cluster, off at night, or held."""

import ecs_blocks as eb


class Directory(eb.BackgroundServiceEnvironment):
    """The zone differs between environments."""

    namespace_id: eb.Param[str] = eb.param(help="the private DNS namespace")


def stack(env: Directory) -> eb.Stack:
    """Cloud Map, a disk for each task, and bounds that change by the clock."""
    stack = eb.Stack(env, description=__doc__)
    disk = eb.EbsVolume(name="entries", size_gib=20)
    directory = stack.add(
        "Directory",
        eb.BackgroundService.standard(
            env,
            port=389,
            clients=(eb.Cidr("10.0.0.0/8"),),
            discovery=eb.CloudMapName(namespace_id=env.namespace_id, name="directory"),
            container=eb.Container(mounts=(eb.Mount(disk, "/var/lib/directory"),)),
        ),
    )
    night = eb.ScheduledCount(
        name="Night",
        schedule="cron(0 20 ? * MON-FRI *)",
        time_zone="Asia/Tokyo",
        min_count=0,
        max_count=0,
    )
    morning = eb.ScheduledCount(
        name="Morning",
        schedule="cron(0 7 ? * MON-FRI *)",
        time_zone="Asia/Tokyo",
        min_count=env.service_desired_count,
        max_count=env.service_max_count,
    )
    directory.scaling.target.ScheduledActions = [night.resource(), morning.resource()]
    return stack
