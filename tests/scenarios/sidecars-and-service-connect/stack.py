"""sidecars-and-service-connect: prices, called by name; traces go to X-Ray, logs to a provider."""

from awacs import xray

import ecs_blocks as eb
from ecs_blocks import policies

_COLLECTOR = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"
_ROUTER = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.34.0"


class Prices(eb.FargateBackgroundServiceEnvironment):
    """Who calls, and where."""

    namespace_arn: eb.Param[str] = eb.param(help="where services find each other")
    authority_arn: eb.Param[str] = eb.param(help="the private CA of the environment")
    shop_group_id: eb.Param[eb.SecurityGroupId] = eb.param(help="the tasks of the shop")
    log_key_parameter: eb.Param[eb.SsmParameterName] = eb.param(help="the log provider's key")


def stack(env: Prices) -> eb.Stack:
    """A collector that the application waits for, and a router that takes its log."""
    stack = eb.Stack(env, description=__doc__)
    collector = eb.Sidecar(
        name="collector",
        image=_COLLECTOR,
        memory_mib=256,
        cpu=128,
        container=eb.Container(
            command=("--config=/etc/ecs/ecs-xray.yaml",),
            health_check=eb.HealthCheck(("/healthcheck",), start_period_s=10),
            restart=eb.Restart(),
        ),
    )
    router = eb.LogRouter(
        image=_ROUTER,
        options={"Name": "datadog", "dd_service": "prices", "TLS": "on"},
        secret_options={"apikey": eb.SsmParameter(env.log_key_parameter)},
    )
    stack.add(
        "Prices",
        eb.BackgroundService.standard(
            env,
            port=eb.Port(8080, app_protocol="http"),
            clients=(eb.Group(env.shop_group_id, "the shop"),),
            discovery=eb.ServiceConnectServer(
                namespace_arn=env.namespace_arn,
                discovery_name="prices",
                tls=eb.PrivateTls(authority_arn=env.authority_arn, key_arn=env.key_arn),
            ),
            variables={"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4317"},
            container=eb.Container(
                health_check=eb.HealthCheck(("/app/healthy",)), after={"collector": "HEALTHY"}
            ),
            sidecars=(collector, router),
            task_policies=(
                policies.policy(
                    "Trace",
                    policies.allow([xray.PutTraceSegments, xray.PutTelemetryRecords], ["*"]),
                ),
            ),
        ),
    )
    return stack
