"""nginx-sidecar: an API that hears only what NGINX in front of it lets through."""

import ecs_blocks as eb


class Api(eb.FargateWebServiceEnvironment):
    """The second image of the task."""

    api_image: eb.Param[str] = eb.param(help="the API: repository and tag")


def stack(env: Api) -> eb.Stack:
    """The load balancer sends to NGINX; the API's port is open to its own task alone."""
    stack = eb.Stack(env, description=__doc__)
    api = eb.Sidecar(
        name="api",
        image=env.api_image,
        memory_mib=1024,
        cpu=512,
        essential=True,
        container=eb.Container(health_check=eb.HealthCheck(("/app/healthy",), interval_s=10)),
    )
    nginx = eb.Container(
        user="101:101",
        mounts=(eb.Mount(eb.ScratchVolume("cache"), "/var/cache/nginx"),),
        after={"api": "HEALTHY"},
    )
    service = eb.WebService.standard(env, port=8080, container=nginx, sidecars=(api,))
    stack.add("Api", service)
    return stack
