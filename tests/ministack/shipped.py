"""The shipped stacks on MiniStack: rendered by the real command, created unchanged, then asked.

An environment lives in its own account and region, as ``stacks/platform.yaml`` says. What only the
account knows (``lookups`` in a parameter file) is looked up there, as a deploy does it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from tests.ministack.deploy import CreatedStack, deploy_stack
from tests.ministack.server import ROOT, MiniStack

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

APPS: Final = ("registry", "cluster", "hoge", "fuga")
"""In the order in which a new account gets them."""
REGION: Final = "ap-northeast-1"
ACCOUNTS: Final = {"dev": "111122223333", "stg": "444455556666", "prod": "123456789012"}
ZONES: Final = {
    "dev": ("Z0DEV1234567890ABCDEF", "dev.example.com"),
    "stg": ("Z0STG1234567890ABCDEF", "stg.example.com"),
    "prod": ("Z0PROD123456789ABCDEF", "example.com"),
}
CLUSTERS: Final = {"dev": "dev-default", "stg": "stg-default", "prod": "default"}
VPCS: Final = {
    "dev": "vpc-0d5e1a2b3c4d5e6f7",
    "stg": "vpc-057a1a2b3c4d5e6f7",
    "prod": "vpc-0c0d1a2b3c4d5e6f7",
}
PRIVATE_SUBNETS: Final = {
    "dev": ["subnet-0d1a2b3c4d5e6f711", "subnet-0d1a2b3c4d5e6f712"],
    "stg": ["subnet-051a2b3c4d5e6f711", "subnet-051a2b3c4d5e6f712"],
    "prod": ["subnet-0c1a2b3c4d5e6f711", "subnet-0c1a2b3c4d5e6f712", "subnet-0c1a2b3c4d5e6f713"],
}
LOG_DAYS: Final = {"dev": 30, "stg": 30, "prod": 365}
# What MiniStack's SSM parameter of the ECS-optimized image holds.
IMAGE_ID: Final = "ami-0ec5a2023e8664c01"


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """An account with the stacks of one environment."""

    server: MiniStack
    environment: str
    account: str
    stacks: Mapping[str, CreatedStack]

    @property
    def cluster(self) -> str:
        """The name of the ECS cluster."""
        return CLUSTERS[self.environment]

    @property
    def zone(self) -> str:
        """The name of the hosted zone."""
        return ZONES[self.environment][1]

    def ask(self, service: str, operation: str, **arguments: Any) -> Any:
        """Call a service's API in this account, and give the answer without its envelope."""
        client = self.server.client(service, self.account, REGION)
        answer = getattr(client, operation)(**arguments)
        answer.pop("ResponseMetadata", None)
        return answer

    def id_of(self, app: str, name: str) -> str:
        """Give the physical id of an app's resource; a logical id may end in a short hash."""
        prefix = {"cluster": "Shared"}.get(app, app.title())
        pattern = re.compile(f"{prefix}{name}([0-9A-F]{{6}})?")
        resources = self.stacks[app].resources
        [found] = [item for logical_id, item in resources.items() if pattern.fullmatch(logical_id)]
        return found

    def parameters(self, app: str) -> dict[str, str]:
        """Give the parameters with which a stack was created, as CloudFormation tells them."""
        [stack] = self.ask("cloudformation", "describe_stacks", StackName=self.stack_name(app))[
            "Stacks"
        ]
        return {item["ParameterKey"]: item["ParameterValue"] for item in stack["Parameters"]}

    def stack_name(self, app: str) -> str:
        """Give the name of an app's stack."""
        return f"{app}-{self.environment}"

    def service(self, app: str) -> Any:
        """Describe an app's ECS service."""
        return self.ask(
            "ecs",
            "describe_services",
            cluster=self.cluster,
            services=[self.id_of(app, "Service")],
            include=["TAGS"],
        )["services"][0]

    def task_definition(self, app: str) -> Any:
        """Describe the task definition that an app's service runs."""
        arn = self.service(app)["taskDefinition"]
        return self.ask("ecs", "describe_task_definition", taskDefinition=arn)["taskDefinition"]


def render(out: Path, *arguments: str) -> Path:
    """Run the command that CI runs, from the top of the repository."""
    command = [sys.executable, "-m", "stacks.render", "--out", str(out), *arguments]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    return out


def create_environment(
    server: MiniStack,
    rendered: Path,
    environment: str,
    *,
    account: str,
    apps: tuple[str, ...] = APPS,
) -> Deployed:
    """Create the stacks of an environment in an account that has nothing but the hosted zone."""
    zone_id, zone = ZONES[environment]
    route53 = server.client("route53", account, REGION)
    route53.create_hosted_zone(Name=zone, CallerReference=zone_id)
    stacks = {
        app: deploy_app(server, rendered, app, environment, account=account)
        for app in apps
        if (rendered / app / f"{environment}.json").exists()
    }
    return Deployed(server=server, environment=environment, account=account, stacks=stacks)


def deploy_app(
    server: MiniStack,
    rendered: Path,
    app: str,
    environment: str,
    *,
    account: str,
    change: Literal["CREATE", "UPDATE"] = "CREATE",
) -> CreatedStack:
    """Deploy one stack from its rendered files, with its lookups resolved in the account."""
    stack_name = f"{app}-{environment}"
    path = rendered / app / f"{environment}.json"
    asked = json.loads(path.read_text(encoding="utf-8")).get("lookups", {})
    return deploy_stack(
        server,
        account=account,
        region=REGION,
        stack_name=stack_name,
        template_path=rendered / app / "template.yaml",
        parameters_path=path,
        lookups=resolve(server, account, stack_name, asked),
        change=change,
    )


def resolve(
    server: MiniStack, account: str, stack_name: str, lookups: Mapping[str, Any]
) -> dict[str, str]:
    """Turn a parameter file's lookups into values, by what the account holds now."""
    values = {}
    for key, lookup in lookups.items():
        match lookup:
            case {"StackOutput": {"StackName": other, "OutputName": output}}:
                values[key] = stack_output(server, account, other, output)
            case {"RunningImage": {"Repository": repository}}:
                values[key] = running_image(server, account, stack_name, repository)
            case _:
                raise AssertionError(f"{key}: nothing here resolves {lookup}")
    return values


def stack_output(server: MiniStack, account: str, stack_name: str, output: str) -> str:
    """Look an output of another stack up."""
    cloudformation = server.client("cloudformation", account, REGION)
    [stack] = cloudformation.describe_stacks(StackName=stack_name)["Stacks"]
    [value] = [item["OutputValue"] for item in stack["Outputs"] if item["OutputKey"] == output]
    return str(value)


def running_image(server: MiniStack, account: str, stack_name: str, repository: str) -> str:
    """Look the image up that the stack's service runs now."""
    cloudformation = server.client("cloudformation", account, REGION)
    resources = cloudformation.describe_stack_resources(StackName=stack_name)["StackResources"]
    [arn] = [
        item["PhysicalResourceId"]
        for item in resources
        if item["ResourceType"] == "AWS::ECS::Service"
    ]
    ecs = server.client("ecs", account, REGION)
    [service] = ecs.describe_services(cluster=arn.split("/")[1], services=[arn])["services"]
    task = ecs.describe_task_definition(taskDefinition=service["taskDefinition"])
    [image] = [
        container["image"]
        for container in task["taskDefinition"]["containerDefinitions"]
        if container["image"].startswith((f"{repository}:", f"{repository}@"))
    ]
    return str(image)
