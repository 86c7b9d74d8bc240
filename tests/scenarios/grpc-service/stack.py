"""grpc-service: routes parcels; spoken to by gRPC, from the world."""

import ecs_blocks as eb


def stack(env: eb.FargateWebServiceEnvironment) -> eb.Stack:
    """gRPC to the tasks; the health check is that of gRPC itself."""
    stack = eb.Stack(env, description=__doc__)
    grpc = eb.TargetOptions(
        protocol_version="GRPC", algorithm="least_outstanding_requests", slow_start_s=0
    )
    stack.add(
        "Parcels",
        eb.WebService.standard(
            env,
            port=eb.Port(50051, app_protocol="grpc"),
            architecture="ARM64",
            front=eb.Own(options=grpc),
        ),
    )
    return stack
