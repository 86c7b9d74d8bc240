"""files: keeps what people hand in, and grows by steps while much of it waits."""

import ecs_blocks as eb


class Files(eb.FargateWebServiceEnvironment):
    """How many files may wait."""

    waiting_files: eb.Param[int] = eb.param(default=100, ge=1, help="more that wait bring tasks")


def stack(env: Files) -> eb.Stack:
    """A file system of its own, and steps both ways."""
    stack = eb.Stack(env, description=__doc__)
    kept = stack.add(
        "Kept",
        eb.FileSystem(vpc_id=env.vpc_id, subnet_ids=env.private_subnet_ids, key_arn=env.key_arn),
    )
    files = stack.add(
        "Files",
        eb.WebService.standard(
            env,
            port=8080,
            container=eb.Container(mounts=(eb.Mount(kept.volume("kept"), "/var/lib/files"),)),
            egress=(kept.egress,),
        ),
    )
    stack.add("Files", eb.FileSystemAccess(file_system=kept, tasks=files))
    stack.add(
        "Waiting",
        eb.StepScaling(
            scaling=files.scaling,
            watches=eb.Metric(
                namespace="Files", name="Waiting", statistic="Maximum", dimensions={}
            ),
            out=eb.ScaleOut(
                above=env.waiting_files, steps=(eb.Step(tasks=1), eb.Step(tasks=4, beyond=400))
            ),
            into=eb.ScaleIn(below=10),
        ),
    )
    return stack
