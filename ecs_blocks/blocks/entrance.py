"""From a load balancer to the tasks: who may pass, and which requests go where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.blocks.balancer import Balancer
from ecs_blocks.blocks.listener_rules import Feed, ListenerRules
from ecs_blocks.blocks.routes import Route
from ecs_blocks.blocks.security_group import Group, Rule, allow_into, allow_out_of, group_id
from ecs_blocks.blocks.service import Attachment
from ecs_blocks.blocks.target_group import TargetGroup
from ecs_blocks.blocks.target_options import TargetOptions
from ecs_blocks.blocks.task import CONTAINER, TaskHandle
from ecs_blocks.errors import BlockError
from ecs_blocks.values import Value, VpcId

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

_NAME: Final = re.compile(r"(?:[A-Z][A-Za-z0-9]*)?")
MAIN: Final = ""
"""The name of the target group of the task's own port."""


class Endpoint(Struct, frozen=True, kw_only=True):
    """One more port of the tasks behind the same load balancer: an admin site, metrics.

    Attributes:
        name: sets the ids of its resources apart: ``Admin``.
        port: one of the task's, ``Container(ports=(Port(9090, "admin"),))``.
        routes: which requests go there.
        container: which container listens.
        health_check_path: as of the service.
        options: how its target group works.
    """

    name: str
    port: int
    routes: tuple[Route, ...]
    container: str = CONTAINER
    health_check_path: str = "/"
    options: TargetOptions = TargetOptions()


class EntranceHandle(Struct, frozen=True, kw_only=True):
    """What stands between callers and tasks; each resource may be changed before the end.

    ``target_groups``, ``rules`` and ``ingress_rules`` are kept by the endpoint's name; those of
    the task's own port under ``MAIN``, the empty one.
    """

    balancer: Balancer
    target_groups: Mapping[str, Any]
    rules: Mapping[str, tuple[Any, ...]]
    ingress_rules: Mapping[str, Any]
    attachments: tuple[Attachment, ...]


class Entrance(Struct, frozen=True, kw_only=True):
    """What leads from the listener of a balancer to the ports of a task.

    Attributes:
        balancer: of this stack or another.
        shared: whether other stacks have rules on its listener.
        label: tells the balancer from another that would take its place, for target groups.
        vpc_id: the VPC.
        task: what listens.
        security_group: of the tasks; it lets the balancer in.
        host: the name that a route without hosts means.
        deregistration_delay_s: how long a task that leaves may finish its requests.
        endpoints: the ports; that of the task itself has the name ``MAIN``.
    """

    balancer: Balancer
    shared: bool
    label: str
    vpc_id: Value[VpcId]
    task: TaskHandle
    security_group: Any
    host: Value[str]
    deregistration_delay_s: Value[int]
    endpoints: tuple[Endpoint, ...]

    def __post_init__(self) -> None:
        names = [one.name for one in self.endpoints]
        for name in names:
            if not _NAME.fullmatch(name):
                raise BlockError(f"{name!r} cannot be an endpoint's name; it is written like Admin")
            if names.count(name) > 1:
                raise BlockError(f"two endpoints have the name {name!r}; give each one of its own")
        known = [port.number for port in self.task.ports]
        for one in self.endpoints:
            if one.port not in known:
                raise BlockError(
                    f"the endpoint {one.name} is on port {one.port}, which no container of the "
                    f"task listens on; they do on: {', '.join(map(str, known)) or 'none'}"
                )

    def build(self, scope: Scope) -> EntranceHandle:
        """Add the rules between the groups, the target groups and the listener rules."""
        ingress: dict[str, Any] = {}
        ports: set[int] = set()
        for one in self.endpoints:
            if one.port not in ports:
                ports.add(one.port)
                ingress[one.name] = self._open(scope, one)
        target_groups = {
            one.name: scope.build(self._group(one), one.name) for one in self.endpoints
        }
        rules = scope.build(
            ListenerRules(
                listener_arn=self.balancer.listener_arn,
                host=self.host,
                shared=self.shared,
                feeds=tuple(
                    Feed(name=one.name, target_group=target_groups[one.name], routes=one.routes)
                    for one in self.endpoints
                ),
            )
        )
        return EntranceHandle(
            balancer=self.balancer,
            target_groups=target_groups,
            rules=rules,
            ingress_rules=ingress,
            attachments=tuple(
                Attachment(
                    target_group=target_groups[one.name],
                    after=rules[one.name][0],
                    container=one.container,
                    port=one.port,
                )
                for one in self.endpoints
            ),
        )

    def _open(self, scope: Scope, endpoint: Endpoint) -> Any:
        """Let the balancer reach the port: from both sides, where its group is another stack's."""
        port = endpoint.port
        if self.shared:
            tasks = Group(group_id(self.security_group), "the tasks")
            suffix = f"{endpoint.name}FromLoadBalancerToTasks"
            allow_out_of(scope, self.balancer.group.id, Rule(port, tasks), suffix)
        into = Rule(port, self.balancer.group)
        return allow_into(scope, self.security_group, into, f"{endpoint.name}FromLoadBalancer")

    def _group(self, endpoint: Endpoint) -> TargetGroup:
        return TargetGroup(
            vpc_id=self.vpc_id,
            port=endpoint.port,
            balancer=self.label,
            health_check_path=endpoint.health_check_path,
            deregistration_delay_s=self.deregistration_delay_s,
            options=endpoint.options,
        )
