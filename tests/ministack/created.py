"""A scenario or golden variant in the account that its platform names, on a server of its own.

What else the platform names (network, zone, certificate, topic, images) is made there first, by
what ``deploy --local`` makes it with. What nobody but AWS can name, a firewall or a namespace, is
made here, and its own id given in the place of the one in ``environment.yaml``.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any, Final

import yaml
from msgspec import structs

from ecs_blocks.deploy.graph import dependencies
from ecs_blocks.deploy.local.prepare import prepare_account
from ecs_blocks.deploy.lookups import resolve
from ecs_blocks.deploy.place import place_of
from ecs_blocks.deploy.target import Target
from ecs_blocks.templates.render import Project, RenderedApp, RenderedEnvironment, render_app
from ecs_blocks.templates.text import to_yaml
from tests.golden.files import VARIANTS
from tests.ministack.deploy import CreatedStack, deploy_stack
from tests.scenarios.table import scenarios

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.ministack.server import MiniStack

REGION: Final = "ap-northeast-1"
SHARED: Final = "Shared"
"""How the parameters of a shared load balancer begin; its stack's outputs have the same names."""


@dataclass(frozen=True)
class Group:
    """Apps that are made together: ``part`` is behind the load balancer of ``ingress``."""

    name: str
    root: Path
    apps: tuple[str, ...]

    @property
    def place(self) -> str:
        """Groups of one place share a server: their stacks have other names, or other accounts."""
        return self.name if len(self.apps) > 1 else self.root.name

    @property
    def environments(self) -> list[str]:
        """Those of any of its apps, as its files say; to render all takes seconds."""
        keys: set[str] = set()
        for app in self.apps:
            text = (self.root / app / "environment.yaml").read_text(encoding="utf-8")
            root = yaml.compose(text, Loader=yaml.SafeLoader)
            assert isinstance(root, yaml.MappingNode)
            [parameters] = [value for key, value in root.value if key.value == "parameters"]
            keys |= {key.value for key, _ in parameters.value}
        return sorted(keys - {"default"})

    def rendered(self) -> tuple[Project, list[RenderedApp]]:
        """Its apps, in every environment."""
        path = list(sys.path)
        try:
            project = Project.open(self.root)
            return project, [render_app(project, app, {}) for app in self.apps]
        finally:
            sys.path[:] = path


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account with the stacks of one group in one environment."""

    server: MiniStack
    account: str
    stacks: Mapping[str, CreatedStack]
    targets: Mapping[str, Target]

    def ask(self, service: str, operation: str, **arguments: Any) -> Any:
        """Call a service's API in this account, and give the answer without its envelope."""
        answer = getattr(self.server.client(service, self.account, REGION), operation)(**arguments)
        answer.pop("ResponseMetadata", None)
        return answer

    def ids(self, app: str, kind: str) -> list[str]:
        """The physical ids of an app's resources of a type, by their logical ids' order."""
        template = self.targets[app].rendered.template
        found = self.stacks[app].resources
        return [found[key] for key, one in template["Resources"].items() if one["Type"] == kind]

    def id_of(self, app: str, kind: str) -> str:
        """The physical id of an app's only resource of a type."""
        [found] = self.ids(app, kind)
        return found


_BEHIND_INGRESS: Final = ("part", "tried")
"""Variants behind the load balancer of another one."""


def groups() -> list[Group]:
    """Every scenario, and every golden variant."""
    variants = [
        Group(name, VARIANTS, ("ingress", name) if name in _BEHIND_INGRESS else (name,))
        for name in sorted(path.parent.name for path in VARIANTS.glob("*/stack.py"))
        if name != "ingress"  # it is made with those behind it
    ]
    return [*(Group(f"scenario {one.name}", one.root, one.apps) for one in scenarios()), *variants]


def create(server: MiniStack, group: Group, environment: str, folder: Path) -> Account:
    """Make what the group needs, then its stacks in the order in which they need each other.

    Raises:
        AssertionError: a stack failed; every reason is told.
    """
    project, apps = group.rendered()
    found = {
        app.app: Target(place_of(project, app.app, environment), one, to_yaml(one.template))
        for app in apps
        for one in app.environments
        if one.name == environment
    }
    [account] = {one.account_id for one in found.values()}
    aws = server.aws(account, REGION)
    by_stack = {one.stack_name: one for one in found.values()}
    stacks: dict[str, CreatedStack] = {}
    targets: dict[str, Target] = {}
    for name in TopologicalSorter(dependencies(found.values())).static_order():
        wanted = by_stack[name]
        others = [one for one in found.values() if one is not wanted]
        outputs = {key: value for one in stacks.values() for key, value in one.outputs.items()}
        rendered = _given(server, account, wanted.rendered, outputs)
        made = prepare_account(
            aws, structs.replace(wanted, rendered=rendered), others, lambda _: None
        )
        targets[made.app] = made
        stacks[made.app] = _create(
            server, account, made, resolve(aws, made.place, made.rendered).values, folder
        )
    return Account(server=server, account=account, stacks=stacks, targets=targets)


def _create(
    server: MiniStack, account: str, made: Target, values: Mapping[str, str], folder: Path
) -> CreatedStack:
    content = made.content(values)
    template, parameters = folder / f"{made.app}.yaml", folder / f"{made.app}.json"
    template.write_text(made.text, encoding="utf-8")
    file = {"Parameters": dict(content.parameters), "Tags": dict(made.rendered.tags)}
    parameters.write_text(json.dumps(file), encoding="utf-8")
    return deploy_stack(
        server,
        account=account,
        region=REGION,
        stack_name=made.stack_name,
        template_path=template,
        parameters_path=parameters,
        lookups={},
    )


def _given(
    server: MiniStack, account: str, rendered: RenderedEnvironment, outputs: Mapping[str, str]
) -> RenderedEnvironment:
    """*rendered* with the ids of what only AWS can name, made here and now."""
    parameters = dict(rendered.parameters)
    for name in parameters:
        if name in _MADE:
            parameters[name] = _MADE[name](server, account)
        elif name.startswith(SHARED) and name in outputs:
            parameters[name] = outputs[name]
    return structs.replace(rendered, parameters=parameters)


def _web_acl(server: MiniStack, account: str) -> str:
    client = server.client("wafv2", account, REGION)
    shown = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "all"}
    made = client.create_web_acl(
        Name="front", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=shown
    )
    return str(made["Summary"]["ARN"])


def _namespace(server: MiniStack, account: str) -> str:
    client = server.client("servicediscovery", account, REGION)
    name = f"internal-{len(client.list_namespaces()['Namespaces'])}"
    made = client.create_private_dns_namespace(Name=name, Vpc="vpc-1")["OperationId"]
    return str(client.get_operation(OperationId=made)["Operation"]["Targets"]["NAMESPACE"])


_MADE: Final[dict[str, Callable[[MiniStack, str], str]]] = {
    "NamespaceId": _namespace,
    "WebAclArn": _web_acl,
}
