"""Which commit an image was built from: an annotation says it, or a label."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.image_manifest import revision_of
from ecs_blocks.deploy.preflight.finding import Gap
from tests.deploy.preflight.scripted import DENIED

if TYPE_CHECKING:
    from tests.deploy.preflight.scripted import Scripted

PLACE = {"registryId": "123456789012", "repositoryName": "hoge"}
DIGEST = f"sha256:{'a' * 64}"
INNER = f"sha256:{'b' * 64}"
CONFIG = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": f"sha256:{'c' * 64}"}
COMMIT = "3fa9c1d2" * 5
SAID = {"org.opencontainers.image.revision": COMMIT}
LINUX = {"os": "linux", "architecture": "arm64"}
SIGNATURE = {"digest": DIGEST, "platform": {"os": "unknown", "architecture": "unknown"}}


def revision(server: Scripted, *manifests: Any, labels: Any = None) -> str | Gap:
    """What an image says whose manifest is the first one; the second is that of the image in it."""
    by_digest = dict(zip((DIGEST, INNER), manifests, strict=False))

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        manifest = by_digest[asked["imageIds"][0]["imageDigest"]]
        return {"images": [{"imageManifest": json.dumps(manifest)}], "failures": []}

    server.on("ecr.BatchGetImage", answer)
    server.on("ecr.GetDownloadUrlForLayer", {"downloadUrl": f"{server.url}/config"})
    server.blobs["/config"] = json.dumps({"config": {"Labels": labels}}).encode()
    return revision_of(server.aws.client("ecr"), PLACE, DIGEST)


INDEX = {"manifests": [SIGNATURE, {"digest": INNER, "platform": LINUX}]}

TABLE: list[tuple[list[Any], Any, str]] = [
    ([{"config": CONFIG}], SAID, COMMIT),
    ([{"config": CONFIG, "annotations": SAID}], None, COMMIT),
    ([INDEX | {"annotations": SAID}], None, COMMIT),
    ([INDEX, {"config": CONFIG}], SAID, COMMIT),
    ([INDEX, {"config": CONFIG, "annotations": SAID}], None, COMMIT),
    ([{"config": CONFIG}], None, ""),
    ([{"config": CONFIG}], {"org.opencontainers.image.revision": "main\x1b[31m"}, ""),
    ([{"config": CONFIG}], {"org.opencontainers.image.revision": 7}, ""),
    ([{"config": CONFIG}], "none", ""),
    ([{"config": CONFIG | {"mediaType": "application/vnd.cncf.helm.config.v1+json"}}], SAID, ""),
]


@pytest.mark.parametrize(("manifests", "labels", "expected"), TABLE)
def test_the_commit_of_an_image(
    server: Scripted, manifests: list[Any], labels: Any, expected: str
) -> None:
    assert revision(server, *manifests, labels=labels) == expected


def test_of_an_index_it_is_the_first_image_s(server: Scripted) -> None:
    revision(server, INDEX, {"config": CONFIG}, labels=SAID)

    asked = [one["imageIds"] for one in server.parameters("ecr.BatchGetImage")]
    assert asked == [[{"imageDigest": DIGEST}], [{"imageDigest": INNER}]]


@pytest.mark.parametrize("manifest", [None, [], {}, {"manifests": [SIGNATURE]}])
def test_what_cannot_be_read_is_a_gap(server: Scripted, manifest: Any) -> None:
    assert revision(server, manifest) == Gap("ECR's description of the image cannot be read")


def test_what_may_not_be_read_is_a_gap(server: Scripted) -> None:
    server.on("ecr.BatchGetImage", DENIED)

    found = revision_of(server.aws.client("ecr"), PLACE, DIGEST)

    assert found == Gap("the permission ecr:BatchGetImage is missing")
