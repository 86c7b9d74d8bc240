"""Reviews made by hand, to be shown."""

from __future__ import annotations

from typing import Any, Final

from ecs_blocks.review.model import (
    VERSION,
    Action,
    Cause,
    Consequence,
    EnvironmentsSideBySide,
    Fate,
    Headroom,
    Noise,
    ParameterChange,
    ParameterRow,
    PropertyChange,
    Replacement,
    ResourceChange,
    Reversal,
    Review,
    RollbackStory,
    StackReview,
    Status,
    Weight,
)

IMAGE: Final = Cause(
    kind="parameter",
    name="ImageTag",
    before="1.8.2",
    after="1.8.3",
    place="stacks/hoge/environment.yaml:12",
)
CHANGED: Final = ResourceChange(
    logical_id="HogeTaskDefinition",
    type="AWS::ECS::TaskDefinition",
    action=Action.MODIFY,
    replacement=Replacement.YES,
    fate=Fate.RETAINED,
    line="stacks/hoge/stack.py:15",
    properties=(
        PropertyChange(
            path="ContainerDefinitions[app].Image",
            before="a:1.8.2",
            after="a:1.8.3",
            causes=(IMAGE,),
        ),
        PropertyChange(path="Tags[Team]", before="a", after="b", noise=Noise.TAGS),
    ),
)
GONE: Final = ResourceChange(
    logical_id="HogeTable", type="AWS::DynamoDB::Table", action=Action.REMOVE, fate=Fate.DELETED
)


def stack(environment: str = "prod", **settings: Any) -> StackReview:
    """A stack that needs approval, or what *settings* say."""
    wanted: dict[str, Any] = {
        "app": "hoge",
        "environment": environment,
        "stack_name": f"hoge-{environment}",
        "status": Status.CHANGED,
        "headline": "rolling, 2→2 tasks, peak 4; the table is deleted",
        "consequences": (
            Consequence(
                kind="deletion",
                weight=Weight.APPROVAL,
                text="the table HogeTable is deleted, with its data",
                details=("there is no snapshot",),
                resources=("HogeTable",),
            ),
            Consequence(
                kind="rollout",
                weight=Weight.CALM,
                text="rolling, 2→2 tasks, peak 4, no downtime expected",
                causes=(IMAGE,),
            ),
        ),
        "changes": (CHANGED, GONE),
        "parameters": (
            ParameterChange(name="ImageTag", before="1.8.2", after="1.8.3", place=IMAGE.place),
            ParameterChange(name="Password", before="(hidden)", after="(hidden)", hidden=True),
        ),
        "rollback": RollbackStory(
            reversal=Reversal.IRREVERSIBLE, reasons=("the data of HogeTable do not come back",)
        ),
        "headroom": (
            Headroom(name="template bytes", used=48_000, before=47_000, limit=51_200),
            Headroom(name="resources", used=20, before=20, limit=500),
        ),
        "unknowns": ("whether the image exists; a deploy asks ECR",),
        "digest": "sha256:0123",
    }
    return StackReview(**wanted | settings)


def calm(environment: str = "dev", **settings: Any) -> StackReview:
    """A stack in which nothing but the image changes."""
    rollout = Consequence(
        kind="rollout", weight=Weight.CALM, text="rolling, 1→1 tasks", causes=(IMAGE,)
    )
    wanted = {
        "headline": "rolling, 1→1 tasks",
        "consequences": (rollout,),
        "changes": (CHANGED,),
        "rollback": RollbackStory(reversal=Reversal.REVERSIBLE),
        "unknowns": (),
    }
    return stack(environment, **wanted | settings)


def still(app: str, environment: str) -> StackReview:
    """A stack that does not change."""
    return StackReview(
        app=app,
        environment=environment,
        stack_name=f"{app}-{environment}",
        status=Status.UNCHANGED,
        headline="nothing changes",
    )


BESIDE: Final = EnvironmentsSideBySide(
    app="hoge",
    parameters=(
        ParameterRow(name="Port", values={"stg": "80", "prod": "80"}, differs=False),
        ParameterRow(
            name="JavaOpts", values={"stg": "-Xmx256m", "prod": "-Xmx1500m"}, differs=True
        ),
        ParameterRow(name="WafArn", values={"stg": None, "prod": ""}, differs=True),
    ),
    resources=("only prod has HogeWaf (AWS::WAFv2::WebACL)",),
)


def review(*stacks: StackReview, **settings: Any) -> Review:
    """A review of *stacks*."""
    wanted: dict[str, Any] = {
        "version": VERSION,
        "base": "main (3f2a1c9)",
        "head": "the work tree",
        "stacks": stacks,
        "digest": "sha256:4567",
    }
    return Review(**wanted | settings)
