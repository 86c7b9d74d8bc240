"""Container images, made without Docker: the bytes that a registry keeps."""

from __future__ import annotations

import hashlib
import io
import tarfile
from typing import Any, Final

import msgspec
from msgspec import Struct

from ecs_blocks.deploy.local.web_server import ARCHITECTURES, web_server

DOCKER_IMAGE: Final = "ecs-blocks.docker-image"
"""The annotation of an index that stands for an image in Docker: its id."""
PLACEHOLDER: Final = "ecs-blocks.placeholder"
"""The annotation of an index that stands in the place of an image that nobody has built."""

_INDEX: Final = "application/vnd.oci.image.index.v1+json"
_MANIFEST: Final = "application/vnd.oci.image.manifest.v1+json"
_CONFIG: Final = "application/vnd.oci.image.config.v1+json"
_LAYER: Final = "application/vnd.oci.image.layer.v1.tar"
_PROGRAM: Final = "web-server"


class Blob(Struct, frozen=True):
    """Bytes and what they are."""

    media_type: str
    content: bytes

    @property
    def digest(self) -> str:
        """What they are called by."""
        return f"sha256:{hashlib.sha256(self.content).hexdigest()}"

    def descriptor(self, **more: Any) -> dict[str, Any]:
        """How a manifest names them."""
        size = len(self.content)
        return {"mediaType": self.media_type, "digest": self.digest, "size": size, **more}


class Artifact(Struct, frozen=True):
    """An image for one or more platforms, in the order in which a registry takes its parts."""

    blobs: tuple[Blob, ...]
    manifests: tuple[Blob, ...]
    index: Blob


def placeholder(port: int, answer: str) -> Artifact:
    """An image for both architectures that answers *answer* on *port*, over HTTP, as any user."""
    blobs: list[Blob] = []
    manifests: list[Blob] = []
    descriptors = []
    for architecture in ARCHITECTURES:
        layer = Blob(_LAYER, _tar(_PROGRAM, web_server(architecture, port, answer)))
        config = _json(
            _CONFIG,
            {
                "architecture": architecture,
                "os": "linux",
                # The program is process 1 of its container, which no other signal ends.
                "config": {"Entrypoint": [f"/{_PROGRAM}"], "StopSignal": "SIGKILL"},
                "rootfs": {"type": "layers", "diff_ids": [layer.digest]},
            },
        )
        manifest = _manifest(config, layer)
        blobs += [layer, config]
        manifests.append(manifest)
        platform = {"os": "linux", "architecture": architecture}
        descriptors.append(manifest.descriptor(platform=platform))
    return Artifact(tuple(blobs), tuple(manifests), _index(descriptors, {PLACEHOLDER: "true"}))


def stand_in(image_id: str, architecture: str, system: str = "linux") -> Artifact:
    """What a registry holds in the place of an image that Docker has, by its id there."""
    platform = {"os": system, "architecture": architecture}
    config = _json(_CONFIG, {**platform, "rootfs": {"type": "layers", "diff_ids": []}})
    manifest = _manifest(config)
    index = _index([manifest.descriptor(platform=platform)], {DOCKER_IMAGE: image_id})
    return Artifact((config,), (manifest,), index)


def _manifest(config: Blob, *layers: Blob) -> Blob:
    content = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "config": config.descriptor(),
        "layers": [layer.descriptor() for layer in layers],
    }
    return _json(_MANIFEST, content)


def _index(manifests: list[dict[str, Any]], annotations: dict[str, str] | None = None) -> Blob:
    content: dict[str, Any] = {"schemaVersion": 2, "mediaType": _INDEX, "manifests": manifests}
    if annotations:
        content["annotations"] = annotations
    return _json(_INDEX, content)


def _json(media_type: str, content: dict[str, Any]) -> Blob:
    return Blob(media_type, msgspec.json.encode(content))


def _tar(name: str, program: bytes) -> bytes:
    """One executable file, the same bytes each time."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(program), 0o755
        archive.addfile(entry, io.BytesIO(program))
    return buffer.getvalue()
