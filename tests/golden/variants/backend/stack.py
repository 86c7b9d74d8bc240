"""backend: called by name, on Fargate, with a proxy, shared files and a shell for emergencies."""

from msgspec import structs

import ecs_blocks as eb
from ecs_blocks.blocks.task_size import Architecture


class Backend(eb.FargateBackgroundServiceEnvironment):
    """What differs between environments, beyond what every service without a balancer takes."""

    namespace_arn: eb.Param[str] = eb.param(help="where services find each other")
    client_group_id: eb.Param[eb.SecurityGroupId] = eb.param(help="who may call")
    file_system_id: eb.Param[str] = eb.param(pattern=r"fs-[0-9a-f]+", help="the shared folder's")
    access_point_id: eb.Param[str] = eb.param(pattern=r"fsap-[0-9a-f]+", help="the folder in it")
    file_system_group_id: eb.Param[eb.SecurityGroupId] = eb.param(help="the file system's group")
    exec_enabled: eb.Param[bool] = eb.param(default=False, help="whether a shell may be opened")
    disk_gib: eb.Param[int] = eb.param(default=50, ge=21, le=200, help="GiB of the task's own disk")

    def size(self, architecture: Architecture) -> eb.FargateSize:
        """With a disk that can be larger than the 20 GiB that come for free."""
        return structs.replace(super().size(architecture), ephemeral_storage_gib=self.disk_gib)


def stack(env: Backend) -> eb.Stack:
    """Everything that a task can have."""
    stack = eb.Stack(env, description=__doc__)
    files = eb.EfsVolume(
        name="files", file_system_id=env.file_system_id, access_point_id=env.access_point_id
    )
    socket = eb.ScratchVolume("socket")
    proxy = eb.Sidecar(
        name="proxy",
        image="123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/proxy:4.5.6",
        memory_mib=64,
        variables={"LEVEL": "info"},
        secrets={"TOKEN": eb.SsmParameter(eb.SsmParameterName("/backend/token"))},
        container=eb.Container(
            health_check=eb.HealthCheck("test -S /run/app/proxy.sock", start_period_s=10),
            restart=eb.Restart(ignored_exit_codes=(0,)),
            mounts=(eb.Mount(socket, "/run/app"),),
            ports=(eb.Port(9901, name="admin"),),
        ),
    )
    stack.add(
        "Backend",
        eb.BackgroundService.standard(
            env,
            port=eb.Port(8080, app_protocol="http"),
            clients=(eb.Group(env.client_group_id, "the web shop"),),
            discovery=eb.ServiceConnectServer(
                namespace_arn=env.namespace_arn, discovery_name="backend", request_timeout_s=30
            ),
            egress=(eb.Rule(2049, eb.Group(env.file_system_group_id, "the file system")),),
            container=eb.Container(
                command=("serve", "--port", "8080"),
                health_check=eb.HealthCheck(("/bin/healthy",), interval_s=10),
                ulimits=(eb.Ulimit("nofile", 65536),),
                mounts=(eb.Mount(files, "/data"), eb.Mount(socket, "/run/app", read_only=True)),
                after={"proxy": "HEALTHY"},
                exec=eb.Exec(
                    key_arn=env.key_arn,
                    log_group_name="/ecs/cluster-prod/exec",
                    enabled=env.exec_enabled,
                ),
            ),
            sidecars=(proxy,),
        ),
    )
    return stack
