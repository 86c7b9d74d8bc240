"""efs-service: the wiki; its pages lie on a file system that every task shares."""

import ecs_blocks as eb


def stack(env: eb.FargateWebServiceEnvironment) -> eb.Stack:
    """A web service with a folder that outlives its tasks."""
    stack = eb.Stack(env, description=__doc__)
    pages = stack.add(
        "Pages",
        eb.FileSystem(vpc_id=env.vpc_id, subnet_ids=env.private_subnet_ids, key_arn=env.key_arn),
    )
    wiki = stack.add(
        "Wiki",
        eb.WebService.standard(
            env,
            port=8080,
            health_check_path="/health",
            container=eb.Container(mounts=(eb.Mount(pages.volume("pages"), "/var/lib/wiki"),)),
            egress=(pages.egress,),
        ),
    )
    stack.add("Wiki", eb.FileSystemAccess(file_system=pages, tasks=wiki))
    return stack
