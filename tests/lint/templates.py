"""Every template with each environment's values put in: what a linter can judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from ecs_blocks.templates.text import to_json
from tests.golden.files import STACKS, VARIANTS, rendered

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
    """Every app in every environment, the variants of the golden files too."""
    return [
        Resolved(
            f"{app.app}.{environment.name}",
            environment.pseudo["AWS::Region"],
            _filled(environment).resolved(),
        )
        for app in (*rendered(STACKS), *rendered(VARIANTS))
        for environment in app.environments
    ]


def _filled(environment: RenderedEnvironment) -> RenderedEnvironment:
    found = {key: LOOKED_UP[key] for key in environment.lookups}
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
