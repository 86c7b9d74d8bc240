"""The images are what a registry and Docker expect: digests fit, and the same each time."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile

import pytest

from ecs_blocks.deploy.local.oci import DOCKER_IMAGE, Artifact, placeholder, stand_in

PLACEHOLDER = placeholder(8080, "hello\n")
STAND_IN = stand_in("sha256:" + "ab" * 32, "arm64")
BOTH = pytest.mark.parametrize("artifact", [PLACEHOLDER, STAND_IN], ids=["placeholder", "own"])


def content(blob: bytes) -> dict[str, object]:
    found: dict[str, object] = json.loads(blob)
    return found


def named(manifest: bytes) -> set[str]:
    """Every digest that a manifest or an index names."""
    found = json.loads(manifest)
    parts = [found.get("config"), *found.get("layers", []), *found.get("manifests", [])]
    return {part["digest"] for part in parts if part}


@BOTH
def test_everything_that_is_named_is_there(artifact: Artifact) -> None:
    manifests = {blob.digest for blob in artifact.manifests}
    blobs = {blob.digest for blob in artifact.blobs}

    assert named(artifact.index.content) == manifests
    assert set().union(*(named(one.content) for one in artifact.manifests)) == blobs


@BOTH
def test_a_digest_is_that_of_the_bytes(artifact: Artifact) -> None:
    for blob in (*artifact.blobs, *artifact.manifests, artifact.index):
        assert blob.digest == f"sha256:{hashlib.sha256(blob.content).hexdigest()}"
        assert blob.descriptor()["size"] == len(blob.content)


@pytest.mark.parametrize(
    ("artifact", "platforms"),
    [(PLACEHOLDER, ["amd64", "arm64"]), (STAND_IN, ["arm64"])],
    ids=["placeholder", "own"],
)
def test_the_index_tells_the_platforms(artifact: Artifact, platforms: list[str]) -> None:
    listed = json.loads(artifact.index.content)["manifests"]

    assert [one["platform"] for one in listed] == [
        {"os": "linux", "architecture": architecture} for architecture in platforms
    ]


def test_a_placeholder_holds_one_program_that_anybody_may_run() -> None:
    for manifest in PLACEHOLDER.manifests:
        [layer] = json.loads(manifest.content)["layers"]
        [blob] = [one for one in PLACEHOLDER.blobs if one.digest == layer["digest"]]
        with tarfile.open(fileobj=io.BytesIO(blob.content)) as archive:
            [program] = archive.getmembers()

        assert (program.name, program.mode, program.isfile()) == ("web-server", 0o755, True)


def test_a_placeholder_is_the_same_bytes_each_time_and_others_are_others() -> None:
    assert placeholder(8080, "hello\n") == PLACEHOLDER
    assert placeholder(8081, "hello\n").index != PLACEHOLDER.index
    assert placeholder(8080, "hello!\n").index != PLACEHOLDER.index


def test_an_image_of_docker_is_named_in_its_index() -> None:
    assert content(STAND_IN.index.content)["annotations"] == {DOCKER_IMAGE: "sha256:" + "ab" * 32}
    found = content(PLACEHOLDER.index.content)["annotations"]
    assert found == {"ecs-blocks.placeholder": "true"}
