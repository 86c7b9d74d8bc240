"""A record as a deploy of hoge would make it, and variations of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from ecs_blocks.deploy.content import Content
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.git import Revision
from ecs_blocks.deploy.place import Place
from ecs_blocks.deploy.records.record import Deployed, Ended, record_of
from ecs_blocks.environment.deploy_settings import DeploySettings
from ecs_blocks.templates.text import to_yaml

if TYPE_CHECKING:
    from ecs_blocks.deploy.records.record import Record

ACCOUNT: Final = "111122223333"
PSEUDO: Final = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": "ap-northeast-1",
}
IMAGE: Final = f"{ACCOUNT}.dkr.ecr.ap-northeast-1.amazonaws.com/hoge@sha256:{'9c' * 32}"
TEMPLATE: Final[dict[str, Any]] = {
    "Description": "会計",
    "Parameters": {
        "Image": {"Type": "String"},
        "Password": {"Type": "String", "NoEcho": True},
    },
    "Resources": {"Group": {"Type": "AWS::Logs::LogGroup"}},
}
WHEN: Final = dt.datetime(2026, 11, 23, 1, 49, 3, tzinfo=dt.UTC)


def record(**given: Any) -> Record:
    """A verified deploy; what is *given* replaces a field of what it is made from, or of itself."""
    template = given.get("template", TEMPLATE)
    place = Place(
        app="hoge",
        environment="prod",
        stack_name="hoge-prod",
        account_id=ACCOUNT,
        region="ap-northeast-1",
        settings=DeploySettings(),
        pseudo=PSEUDO,
    )
    content = Content(
        template=given.get("template_text", to_yaml(template)),
        parameters=given.get("parameters", {"Image": IMAGE, "Password": "hunter2"}),
        tags=given.get("tags", {"Application": "hoge"}),
    )
    deployed = Deployed(
        place=structs.replace(place, **_of(Place, given)),
        content=content,
        template=template,
        images=given.get("images", {"Image": IMAGE}),
        who=given.get("who", f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/ci"),
        revision=given.get("revision", Revision("4ca8" * 10, dirty=False, branch="main")),
    )
    ended = Ended(
        stack_id=f"arn:aws:cloudformation:ap-northeast-1:{ACCOUNT}:stack/hoge-prod/0a1b",
        operation="eb-1111-2222",
        when=WHEN,
        code=Exit.DONE,
        duration_s=251.26,
    )
    made = record_of(deployed, structs.replace(ended, **_of(Ended, given)), "0.3.0")
    known = {"template_text", *Deployed.__struct_fields__, *Content.__struct_fields__}
    known |= {*Place.__struct_fields__, *Ended.__struct_fields__}
    return structs.replace(made, **{key: one for key, one in given.items() if key not in known})


def _of(kind: type[Place | Ended], given: dict[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in given.items() if key in kind.__struct_fields__}


def at(minute: int, **given: Any) -> Record:
    """As ``record``, begun at another minute: another operation with another content."""
    other: dict[str, Any] = {
        "when": WHEN.replace(minute=minute),
        "operation": f"operation {minute}",
        "tags": {"Minute": str(minute)},
    }
    return record(**(other | given))
