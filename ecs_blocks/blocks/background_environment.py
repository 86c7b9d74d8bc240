"""What environment.yaml and platform.yaml may say of a service without a load balancer."""

from __future__ import annotations

from abc import ABC

from ecs_blocks.blocks.task_environment import OnFargate, OnInstances, UtilizationEnvironment


class BackgroundEnvironment(UtilizationEnvironment, ABC):
    """What every service without a load balancer takes, wherever it runs."""


class BackgroundServiceEnvironment(OnInstances, BackgroundEnvironment):
    """A service without a load balancer on the instances of the cluster.

    ``TaskMemory`` is what the scheduler sets aside for a task, ``TaskMaxMemory`` where it is
    killed.
    """


class FargateBackgroundServiceEnvironment(OnFargate, BackgroundEnvironment):
    """A service without a load balancer on Fargate.

    ``TaskCpu`` and ``TaskMaxMemory`` are a size that exists.
    """
