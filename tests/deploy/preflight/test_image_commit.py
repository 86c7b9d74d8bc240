"""Which commit an image was built from: an annotation says it, or a label."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.image_manifest import Absent, read_image, revision_of
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
        image_id = asked["imageIds"][0]
        if image_id["imageDigest"] not in by_digest:
            return {"images": [], "failures": [{"failureCode": "ImageNotFound"}]}
        manifest = json.dumps(by_digest[image_id["imageDigest"]])
        return {"images": [{"imageId": image_id, "imageManifest": manifest}], "failures": []}

    server.on("ecr.BatchGetImage", answer)
    server.on("ecr.GetDownloadUrlForLayer", {"downloadUrl": f"{server.url}/config"})
    server.blobs["/config"] = json.dumps({"config": {"Labels": labels}}).encode()
    return asked(server)


def asked(server: Scripted) -> str | Gap:
    """What ECR says of the image, with the further calls that an index may need."""
    client = server.aws.client("ecr")
    found = read_image(client, PLACE, {"imageDigest": DIGEST})
    assert not isinstance(found, Absent)
    return found if isinstance(found, Gap) else revision_of(client, PLACE, found.revision)


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

    wanted = [one["imageIds"] for one in server.parameters("ecr.BatchGetImage")]
    assert wanted == [[{"imageDigest": DIGEST}], [{"imageDigest": INNER}]]


@pytest.mark.parametrize("manifest", [None, [], {}, {"manifests": [SIGNATURE]}])
def test_what_cannot_be_read_is_a_gap(server: Scripted, manifest: Any) -> None:
    assert revision(server, manifest) == Gap("ECR's description of the image cannot be read")


def test_what_may_not_be_read_is_a_gap(server: Scripted) -> None:
    server.on("ecr.BatchGetImage", DENIED)

    assert asked(server) == Gap("the permission ecr:BatchGetImage is missing")


def test_an_image_that_is_not_in_its_index_s_repository_is_a_gap(server: Scripted) -> None:
    assert revision(server, INDEX) == Gap("ECR says ImageNotFound")


@pytest.mark.parametrize(
    ("manifests", "calls"),
    [
        ([INDEX | {"annotations": SAID}], (1, 0)),
        ([{"config": CONFIG}], (1, 1)),
        ([INDEX, {"config": CONFIG}], (2, 1)),
    ],
)
def test_nothing_is_fetched_twice(
    server: Scripted, manifests: list[Any], calls: tuple[int, int]
) -> None:
    revision(server, *manifests, labels=SAID)
    operations = "BatchGetImage", "GetDownloadUrlForLayer"

    assert tuple(len(server.parameters(f"ecr.{one}")) for one in operations) == calls


_DEEP = "[" * 20_000 + "]" * 20_000


@pytest.mark.parametrize(
    ("manifest", "config", "expected"),
    [
        pytest.param(
            f'{{"config": {{}}, "x": {_DEEP}}}',
            "",
            "ECR's description of the image cannot be read",
            id="a nested manifest",
        ),
        pytest.param(
            json.dumps({"config": CONFIG}),
            f'{{"config": {_DEEP}}}',
            "ECR's description of the image cannot be read",
            id="a nested config",
        ),
        pytest.param(json.dumps({"config": CONFIG | {"mediaType": ["x"]}}), "", "", id="a type"),
        pytest.param(
            json.dumps({"config": CONFIG | {"size": 4 * 1024 * 1024 + 1}}),
            "{}",
            "the image's config is larger than 4 MiB",
            id="says that it is large",
        ),
        pytest.param(
            json.dumps({"config": CONFIG | {"size": 7}}),
            "x" * (5 * 1024 * 1024),
            "the image's config is larger than 4 MiB",
            id="is large",
        ),
    ],
)
def test_whoever_pushes_an_image_stops_nobody(
    server: Scripted, manifest: str, config: str, expected: str
) -> None:
    image = {"imageId": {"imageDigest": DIGEST}, "imageManifest": manifest}
    server.on("ecr.BatchGetImage", {"images": [image], "failures": []})
    server.on("ecr.GetDownloadUrlForLayer", {"downloadUrl": f"{server.url}/config"})
    server.blobs["/config"] = config.encode()

    assert asked(server) == (Gap(expected) if expected else "")
