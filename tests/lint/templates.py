"""Every template with each environment's values put in: what a linter can judge.

Those of the shipped stacks, of the golden variants and of the scenarios; together they have every
block (``tests/scenarios/used.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from ecs_blocks.deploy.local.invented import invented
from ecs_blocks.templates.text import to_json
from tests.golden.files import STACKS, VARIANTS, rendered
from tests.scenarios.table import scenarios

if TYPE_CHECKING:
    from ecs_blocks.templates.render import RenderedEnvironment

LOOKED_UP: Final = {
    "AccessLogBucket": "access-logs",
    "AlarmTopicArn": "arn:aws:sns:ap-northeast-1:123456789012:alarms",
    "Image": "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/image:1.2.3",
    "KeyArn": "arn:aws:kms:ap-northeast-1:123456789012:key/0a1b2c3d-0003-4000-8000-000000000003",
    "OrdersTopicArn": "arn:aws:sns:ap-northeast-1:123456789012:orders",
}
"""What a deploy would find for what the shipped stacks look up."""


@dataclass(frozen=True)
class Resolved:
    """One environment's template, resolved. ``name`` is ``hoge.prod``."""

    name: str
    region: str
    template: dict[str, Any]

    @property
    def text(self) -> str:
        """As JSON."""
        return to_json(self.template)


def resolved() -> list[Resolved]:
    """Every app in every environment; of a scenario prod, as its own tests check the others."""
    apps = [(app.app, app) for app in (*rendered(STACKS), *rendered(VARIANTS))]
    apps += [(f"{one.name}.{app.app}", app) for one in scenarios() for app in one.rendered()]
    return [
        Resolved(
            f"{name}.{environment.name}",
            environment.pseudo["AWS::Region"],
            _filled(environment).resolved(),
        )
        for name, app in apps
        for environment in app.environments
        if name == app.app or environment.name == "prod"
    ]


def _filled(environment: RenderedEnvironment) -> RenderedEnvironment:
    declared = environment.template.get("Parameters", {})
    found = {key: LOOKED_UP.get(key) or invented(declared[key], key) for key in environment.lookups}
    return structs.replace(environment, parameters={**environment.parameters, **found})


def spoilt(hoge: dict[str, Any]) -> dict[str, Any]:
    """*hoge* with one fault for each linter: what must not pass."""
    template = {**hoge, "Resources": {**hoge["Resources"]}}
    resources = template["Resources"]
    service = resources["HogeService"]
    resources["HogeService"] = {
        **service,
        "Properties": {**service["Properties"], "LaunchTyp": "FARGATE"},
    }
    group = dict(resources["HogeLogGroup"]["Properties"])
    del group["KmsKeyId"]
    resources["HogeLogGroup"] = {**resources["HogeLogGroup"], "Properties": group}
    return template
