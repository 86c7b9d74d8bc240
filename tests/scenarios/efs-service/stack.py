"""efs-service: the wiki; its pages lie on a file system that every task shares."""

import ecs_blocks as eb


class Wiki(eb.FargateWebServiceEnvironment):
    """Where the pages lie."""

    file_system_id: eb.Param[str] = eb.param(pattern="fs-[0-9a-f]+", help="the file system")
    access_point_id: eb.Param[str] = eb.param(pattern="fsap-[0-9a-f]+", help="its folder and user")
    file_system_group_id: eb.Param[eb.SecurityGroupId] = eb.param(help="who may reach it")


def stack(env: Wiki) -> eb.Stack:
    """A web service with a folder that outlives its tasks."""
    stack = eb.Stack(env, description=__doc__)
    pages = eb.EfsVolume(
        name="pages", file_system_id=env.file_system_id, access_point_id=env.access_point_id
    )
    stack.add(
        "Wiki",
        eb.WebService.standard(
            env,
            port=8080,
            health_check_path="/health",
            container=eb.Container(mounts=(eb.Mount(pages, "/var/lib/wiki"),)),
            egress=(eb.Rule(2049, eb.Group(env.file_system_group_id, "the file system")),),
        ),
    )
    return stack
