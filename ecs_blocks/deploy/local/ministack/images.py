"""MiniStack's ECR: read across accounts as AWS's is, and its images put into Docker without a pull.

Docker Desktop's engine lives in a virtual machine that does not reach this server, so nothing is
pulled from it: an image is loaded, once, from the registry's blobs. A manifest may also stand for
an image that is in Docker anyhow; then its annotation says which.
"""

# ruff: noqa: SLF001 - MiniStack is extended from inside
# MiniStack is not there where types are checked.
# mypy: disable-error-code="import-not-found,no-any-return"

from __future__ import annotations

import importlib
import io
import json
import os
import re
import tarfile
import threading
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import (
    error_response_json,
    get_account_id,
    get_region,
    request_scope,
)
from ministack.services import ecr

if TYPE_CHECKING:
    from collections.abc import Callable

DOCKER_IMAGE: Final = "ecs-blocks.docker-image"
"""The annotation of an index that stands for an image in Docker: its id."""
MADE_HERE: Final = "ecs-blocks:made-for-an-image"
"""The tag of a repository that no stack made, so that there was one for an image."""

_URI: Final = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/"
    r"(?P<name>[^:@]+)(?::(?P<tag>[^@]+))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
_ARCHITECTURES: Final = {"x86_64": "amd64", "aarch64": "arm64"}
"""Docker's name for its machine, and that of an image."""
_READS: Final = (
    *("_batch_get_image", "_batch_check_layer_availability", "_describe_images"),
    *("_describe_repositories", "_list_images", "_get_download_url_for_layer"),
)
_describe: Final = ecr._describe_repositories
_download_url: Final = ecr._get_download_url_for_layer
_loading: Final = threading.Lock()


class NotThere(Exception):  # noqa: N818 - an answer rather than an error
    """The registry or Docker does not have the image."""


def install() -> None:
    """Let an account read the registry of another, which MiniStack takes no notice of."""
    ecr._get_download_url_for_layer = _local_download_url
    ecr._describe_repositories = _own_repositories
    for name in _READS:
        setattr(ecr, name, _in_registry(getattr(ecr, name)))


def _in_registry(operation: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read(request: Any) -> Any:
        with request_scope(request.get("registryId") or get_account_id(), get_region()):
            return operation(request)

    return read


def _own_repositories(request: Any) -> Any:
    """Without those made for an image: in AWS nobody made them, and a stack may yet do so.

    CloudFormation takes one over then, with its images; its tags become the stack's.
    """
    status, headers, body = _describe(request)
    answer = json.loads(body)
    every = answer.get("repositories", [])
    own = [one for one in every if not _is_made_here(one["repositoryName"])]
    if every and not own and request.get("repositoryNames"):
        message = "The repository does not exist: it was made for an image"
        return error_response_json("RepositoryNotFoundException", message, 400)
    return status, headers, json.dumps({**answer, "repositories": own} if every else answer)


def _is_made_here(name: str) -> bool:
    return any(tag["Key"] == MADE_HERE for tag in ecr._repositories[name].get("tags", ()))


def _local_download_url(request: Any) -> Any:
    """The place of a blob in MiniStack's registry; MiniStack's own answer leads to AWS."""
    status, headers, body = _download_url(request)
    answer = json.loads(body)
    if url := answer.get("downloadUrl"):
        registry, _, path = url.removeprefix("https://").partition("/")
        answer["downloadUrl"] = (
            f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}/{path}?ns={registry}"
        )
    return status, headers, json.dumps(answer).encode()


def image_of(docker: Any, uri: str) -> str | None:
    """What Docker knows the image *uri* by; None where it is not one of ECR.

    Raises:
        NotThere: MiniStack's ECR does not have it.
    """
    found = _URI.fullmatch(uri)
    if found is None:
        return None
    with request_scope(found["account"], found["region"]):
        name, reference = found["name"], found["digest"] or found["tag"] or "latest"
        digest, manifest = _manifest(uri, name, reference)
        if own := manifest.get("annotations", {}).get(DOCKER_IMAGE):
            return _own(docker, uri, own)
        if "manifests" in manifest:
            chosen = _chosen(docker, manifest["manifests"])
            digest, manifest = _manifest(uri, name, chosen["digest"])
        known = f"ecs-blocks-local/{name}:{digest.removeprefix('sha256:')[:12]}"
        with _loading:
            if not _has(docker, known):
                docker.images.load(_archive(uri, name, manifest, known))
        return known


def _manifest(uri: str, name: str, reference: str) -> tuple[str, dict[str, Any]]:
    digest, blob, _ = ecr._resolve_manifest(name, reference)
    if blob is None:
        raise NotThere(f"{uri}: not found")
    return digest, json.loads(blob)


def _own(docker: Any, uri: str, image_id: str) -> str:
    if not _has(docker, image_id):
        raise NotThere(f"{uri}: it stood for {image_id}, which is not in Docker any more")
    return image_id


def _has(docker: Any, image: str) -> bool:
    absent = importlib.import_module("docker.errors").ImageNotFound
    try:
        docker.images.get(image)
    except absent:
        return False
    return True


def _chosen(docker: Any, manifests: list[dict[str, Any]]) -> dict[str, Any]:
    """The manifest for the machine that Docker runs on, else the first."""
    machine = docker.info()["Architecture"]
    wanted = _ARCHITECTURES.get(machine, machine)
    fitting = [m for m in manifests if m.get("platform", {}).get("architecture") == wanted]
    return [*fitting, *manifests][0]


def _archive(uri: str, name: str, manifest: dict[str, Any], tag: str) -> bytes:
    """The image as ``docker save`` writes it."""
    blobs = ecr._layer_blobs.get(name, {})
    layers = [layer["digest"] for layer in manifest["layers"]]
    config = manifest["config"]["digest"]
    if missing := [digest for digest in (config, *layers) if digest not in blobs]:
        raise NotThere(f"{uri}: the registry lacks {missing[0]}")
    files = {f"{digest.removeprefix('sha256:')}.tar": blobs[digest] for digest in layers}
    config_file = f"{config.removeprefix('sha256:')}.json"
    listed = [{"Config": config_file, "RepoTags": [tag], "Layers": list(files)}]
    files |= {config_file: blobs[config], "manifest.json": json.dumps(listed).encode()}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, content in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
