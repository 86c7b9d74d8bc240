"""Which container is meant, and which version of its image."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.one_off import containers
from ecs_blocks.deploy.one_off.service import Service

DIGEST = f"sha256:{'ab' * 32}"
REGISTRY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com"


@pytest.mark.parametrize(
    ("image", "wanted", "expected"),
    [
        ("hoge", "1.8.2", "hoge:1.8.2"),
        ("hoge:1.8.1", "1.8.2", "hoge:1.8.2"),
        ("hoge:1.8.1", DIGEST, f"hoge@{DIGEST}"),
        (f"hoge@{DIGEST}", "1.8.2", "hoge:1.8.2"),
        (f"hoge:1.8.1@{DIGEST}", "main_42", "hoge:main_42"),
        (f"{REGISTRY}/team/hoge:1", "2", f"{REGISTRY}/team/hoge:2"),
        ("localhost:5000/hoge", "2", "localhost:5000/hoge:2"),
        ("localhost:5000/hoge:1", DIGEST, f"localhost:5000/hoge@{DIGEST}"),
    ],
)
def test_a_version_takes_the_place_of_tag_and_digest(
    image: str, wanted: str, expected: str
) -> None:
    assert containers.with_version(image, wanted) == expected


@pytest.mark.parametrize(
    "wanted", ["", "other/image:1", "repo:1", "sha256:abc", f"sha256:{'AB' * 32}", "-x", "a b"]
)
def test_what_is_neither_tag_nor_digest_is_refused(wanted: str) -> None:
    with pytest.raises(DeployError) as caught:
        containers.with_version(f"{REGISTRY}/hoge:1", wanted)

    assert caught.value.message == (
        f"--image {wanted} is neither a tag nor a digest (sha256: and 64 digits)"
    )
    assert caught.value.hint == (
        f"the repository stays that of the service, {REGISTRY}/hoge; give its tag or digest alone"
    )


def service(*bodies: dict[str, Any], behind: tuple[str, ...] = ()) -> Service:
    described = {"taskDefinition": "x", "loadBalancers": [{"containerName": n} for n in behind]}
    definition = {
        "taskDefinitionArn": "arn:aws:ecs:r:1:task-definition/hoge:42",
        "containerDefinitions": list(bodies),
    }
    return Service("Service", "arn", described, definition, dt.datetime.now(dt.UTC))


PROXY = {"name": "proxy", "essential": False}
APP = {"name": "app", "essential": True}
WORKER = {"name": "worker"}


@pytest.mark.parametrize(
    ("bodies", "behind", "wanted", "expected"),
    [
        ((PROXY, APP), (), None, "app"),
        ((PROXY, WORKER, APP), (), None, "worker"),
        ((APP, WORKER), ("worker",), None, "worker"),
        ((APP, PROXY), ("proxy",), None, "proxy"),
        ((APP, PROXY), ("gone",), None, "app"),
        ((APP, PROXY), ("app",), "proxy", "proxy"),
    ],
)
def test_the_main_container_is_the_one_behind_the_load_balancer_or_the_first_essential_one(
    bodies: tuple[dict[str, Any], ...],
    behind: tuple[str, ...],
    wanted: str | None,
    expected: str,
) -> None:
    assert containers.chosen(service(*bodies, behind=behind), wanted) == expected


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("ap", "hoge:42 has no container ap; did you mean app?"),
        ("zzz", "hoge:42 has no container zzz; there are: app, proxy"),
    ],
)
def test_an_unknown_container_is_refused(wanted: str, message: str) -> None:
    with pytest.raises(DeployError) as caught:
        containers.chosen(service(APP, PROXY), wanted)

    assert caught.value.message == message


def test_a_container_is_essential_unless_it_says_otherwise() -> None:
    definition = service(PROXY, WORKER).definition

    assert not containers.is_essential(definition, "proxy")
    assert containers.is_essential(definition, "worker")
    assert not containers.is_essential(definition, "nobody")
