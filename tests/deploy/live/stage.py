"""A stack with a service in the fake, and the review of its next version against what runs."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from ecs_blocks.deploy.live.history import Records
from ecs_blocks.deploy.live.reading import Reading
from ecs_blocks.deploy.records.shelf import Folder
from ecs_blocks.deploy.records.store import RecordStore
from ecs_blocks.review.judging import review_pair
from ecs_blocks.templates.text import to_yaml
from tests.deploy.stage import prepared
from tests.deploy.test_service_deploy import TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ecs_blocks.deploy.target import Target
    from ecs_blocks.environment.deploy_settings import DeploySettings
    from ecs_blocks.review.model import StackReview
    from tests.fake_aws import FakeAws

SECRET: Final = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:hoge"
SCALED: Final = copy.deepcopy(TEMPLATE)
"""A service that is scaled between 2 and 4 tasks, reads a secret, and exports its cluster."""
del SCALED["Resources"]["Service"]["Properties"]["DesiredCount"]
SCALED["Resources"]["Target"] = {
    "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
    "Properties": {
        "MinCapacity": 2,
        "MaxCapacity": 4,
        "ResourceId": {"Fn::Sub": "service/default/${Service.Name}"},
        "ScalableDimension": "ecs:service:DesiredCount",
        "ServiceNamespace": "ecs",
    },
}
SCALED["Outputs"] = {
    "Log": {"Value": {"Ref": "Log"}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-log"}}}
}


def changed(change: Callable[[dict[str, Any]], object], of: Mapping[str, Any] = SCALED) -> Any:
    """A copy of a template, after *change* of it."""
    found = copy.deepcopy(dict(of))
    change(found)
    return found


def target_of(
    name: str, template: Mapping[str, Any] = SCALED, settings: DeploySettings | None = None
) -> Target:
    """What is to be deployed: *template* with its parameter Name."""
    target = prepared(name, template).target
    assert target.text == to_yaml(template)
    if settings is None:
        return target
    return structs.replace(target, place=structs.replace(target.place, settings=settings))


def reviewed(
    fake: FakeAws,
    target: Target,
    folder: Path,
    said: list[str] | None = None,
    *,
    detects: bool = False,
    beside: tuple[str, ...] = (),
    elsewhere: tuple[str, ...] = (),
) -> StackReview:
    """The review of *target* against what runs; records lie in *folder*."""
    records = Records(store=RecordStore(Folder(folder)), beside=beside, elsewhere=elsewhere)
    reading = Reading(
        aws=fake.aws(),
        target=target,
        records=records,
        say=(said if said is not None else []).append,
        detects=detects,
    )
    return review_pair(reading.pair())


def sentences(review: StackReview) -> list[str]:
    """Its consequences: ``approval: …``."""
    return [f"{one.weight.value}: {one.text}" for one in review.consequences]


def service(fake: FakeAws) -> str:
    """The name of the one service."""
    [one] = fake.ecs.services
    return one.name


def bounds(low: int, high: int) -> Any:
    def change(template: dict[str, Any]) -> None:
        template["Resources"]["Target"]["Properties"] |= {"MinCapacity": low, "MaxCapacity": high}

    return changed(change)


def fixed(template: dict[str, Any]) -> None:
    template["Resources"]["Service"]["Properties"]["DesiredCount"] = 2


def renamed(template: dict[str, Any]) -> None:
    template["Outputs"]["Log"]["Export"]["Name"] = "another"
