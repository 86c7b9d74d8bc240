"""Services in the stack of ``hoge``, which run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.cli.deploying.stage import app

if TYPE_CHECKING:
    from tests.cli.deploying.stage import Stage
    from tests.fake_aws.ecs.model import Service

BREAKER: Final = """
    DeploymentConfiguration=ecs.DeploymentConfiguration(
        MinimumHealthyPercent=100,
        MaximumPercent=200,
        DeploymentCircuitBreaker=ecs.DeploymentCircuitBreaker(Enable=True, Rollback=True),
    ),"""
SERVICE: Final = """\
from troposphere import ecs
container = ecs.ContainerDefinition(Name="app", Image="{image}", Environment=[
    ecs.Environment(Name="TITLE", Value=env.title)])
task = stack.add_resource(
    ecs.TaskDefinition("{name}Task", Family="hoge-{name}", ContainerDefinitions=[container])
)
stack.add_resource(ecs.Service(
    "{name}", Cluster="default", TaskDefinition=Ref(task), DesiredCount=2,{more}))
"""


def with_services(
    stage: Stage, *names: str, image: str = "public.ecr.aws/hoge:1", more: str = BREAKER
) -> None:
    """Services that run, with a circuit breaker unless *more* says otherwise."""
    stage.fake.ecs.cluster()
    script = "".join(SERVICE.format(name=name, image=image, more=more) for name in names)
    app(stage.project, "hoge", more=script)
    stage.deployed()
    while any(one.deployments[0].rollout != "COMPLETED" for one in stage.fake.ecs.services):
        stage.fake.clock.advance(1)
    stage.fake.calls.clear()


def service(stage: Stage, name: str = "Web") -> Service:
    """The one of this logical id."""
    return next(one for one in stage.fake.ecs.services if f"-{name}-" in one.name)
