"""grpc: gRPC to the tasks, on the instances of the cluster, for callers inside the VPC."""

import ecs_blocks as eb


def stack(env: eb.WebServiceEnvironment) -> eb.Stack:
    """Its health check is a method; who is least busy is next."""
    stack = eb.Stack(env, description=__doc__)
    options = eb.TargetOptions(
        protocol_version="GRPC", algorithm="least_outstanding_requests", slow_start_s=0
    )
    front = eb.Own(scheme="internal", options=options)
    port = eb.Port(50051, app_protocol="grpc")
    stack.add("Grpc", eb.WebService.standard(env, port=port, front=front))
    return stack
