"""A standard web service over the tokens of an environment class, and its logical ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import ecs_blocks as eb
from ecs_blocks.environment.declare import fields_of
from ecs_blocks.templates.stack import encode
from tests.blocks.helpers import REPOSITORY

if TYPE_CHECKING:
    from ecs_blocks.blocks.web_service import WebServiceHandle

E = TypeVar("E", bound=eb.ServiceEnvironment)


class Made(Generic[E]):
    """A standard web service over tokens of the environment class *kind*."""

    def __init__(self, kind: type[E], **changed: Any) -> None:
        self.fields = fields_of(kind)
        self.env = kind(
            app="my-web",
            images=(REPOSITORY,),
            values={name: field.token() for name, field in self.fields.items()},
        )
        self.stack = eb.Stack(self.env)
        block = eb.WebService.standard(self.env, **{"port": 8080} | changed)
        self.handle: WebServiceHandle = self.stack.add("Web", block)

    @property
    def template(self) -> dict[str, Any]:
        """The encoded template."""
        return encode(self.stack, self.fields)

    def properties(self, id_: str) -> dict[str, Any]:
        """The properties of one resource."""
        found: dict[str, Any] = self.template["Resources"][id_]["Properties"]
        return found


def on_instances(**changed: Any) -> Made[eb.WebServiceEnvironment]:
    """On the instances of the cluster; *changed* are arguments of ``standard``."""
    return Made(eb.WebServiceEnvironment, **changed)


def on_fargate(**changed: Any) -> Made[eb.FargateWebServiceEnvironment]:
    """On Fargate; *changed* are arguments of ``standard``."""
    return Made(eb.FargateWebServiceEnvironment, **changed)


IDS: Final = [
    "WebLogGroup",
    "WebExecutionRole",
    "WebTaskRole",
    "WebTaskDefinition",
    "WebSecurityGroup",
    "WebLoadBalancerSecurityGroup",
    "WebLoadBalancer",
    "WebHttpListener",
    "WebHttpsListener",
    "WebFromLoadBalancer",
    "WebTargetGroup3FF6B5",
    "WebListenerRule",
    "WebRecordA",
    "WebRecordAaaa",
    "WebService",
    "WebScalableTarget",
    "WebCpuScaling",
    "WebMemoryScaling",
    "WebRequestsScaling",
    "WebCpuAlarm",
    "WebMemoryAlarm",
    "WebTargetErrorsAlarm",
    "WebTargetConnectionErrorsAlarm",
    "WebBalancerErrorsAlarm",
    "WebRejectedConnectionsAlarm",
    "WebUnhealthyHostsAlarm",
    "WebResponseTimeAlarm",
    "WebRunningBelowDesiredAlarm",
    "WebNoHealthyHostAlarm",
]
