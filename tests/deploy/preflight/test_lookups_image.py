"""The image of a deploy: the one that is named, or the one that runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.lookups import resolve
from tests.deploy.preflight.lookups_world import (
    DIGEST,
    REPOSITORY,
    RUNNING,
    parameters,
    refusal,
    rendered,
    stacks,
)
from tests.deploy.stage import place

if TYPE_CHECKING:
    from tests.deploy.preflight.scripted import Scripted


def image(server: Scripted) -> None:
    entry = {"platform": {"os": "linux", "architecture": "amd64"}}
    manifest = json.dumps({"manifests": [entry]})
    found = {"imageId": {"imageDigest": DIGEST}, "imageManifest": manifest}
    server.on("ecr.BatchGetImage", {"images": [found]})


def test_a_tag_is_fed_as_its_digest(server: Scripted) -> None:
    stacks(server, hoge_prod=parameters(Image=f"{REPOSITORY}:1.8.1"))
    image(server)
    found = resolve(server.aws, place(), rendered({}, image=f"{REPOSITORY}:1.8.2"))

    assert found.values == {"Image": f"{REPOSITORY}@{DIGEST}"}
    assert found.sources == {"Image": f"digest of {REPOSITORY}:1.8.2"}
    assert [str(one) for one in found.images[0].findings] == [
        f"hoge:1.8.2: is {DIGEST}, for linux/amd64"
    ]


@pytest.mark.parametrize("running", [f"{REPOSITORY}:1.8.1", f"{REPOSITORY}@{DIGEST}"])
def test_without_a_tag_the_image_stays_the_one_that_runs(server: Scripted, running: str) -> None:
    stacks(server, hoge_prod=parameters(Image=running))
    image(server)
    found = resolve(server.aws, place(), rendered({"Image": RUNNING}))

    assert found.values == {"Image": running}
    assert found.sources == {"Image": "what hoge-prod runs now"}


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (None, "no ImageTag was given, and hoge-prod does not run an image yet"),
        (
            {**parameters(Image=f"{REPOSITORY}:1"), "StackStatus": "ROLLBACK_COMPLETE"},
            "no ImageTag was given, and hoge-prod does not run an image yet",
        ),
        (
            parameters(Other="x"),
            "no ImageTag was given, and hoge-prod does not run an image yet",
        ),
        (
            parameters(Image="old/hoge:1"),
            f"hoge-prod runs old/hoge:1, which is not of {REPOSITORY}",
        ),
        (
            parameters(Image=f"{REPOSITORY}-old:1"),
            f"hoge-prod runs {REPOSITORY}-old:1, which is not of {REPOSITORY}",
        ),
    ],
)
def test_without_a_tag_and_an_image_that_runs_it_is_refused(
    server: Scripted, own: dict[str, Any] | None, expected: str
) -> None:
    stacks(server, **({"hoge_prod": own} if own else {}))

    assert refusal(server, rendered({"Image": RUNNING})) == (
        2,
        [f"Image: {expected}"],
        ["say which: ecs-blocks deploy hoge --env prod --set ImageTag=…"],
    )
