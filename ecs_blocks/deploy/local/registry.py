"""The images that a deploy needs, in the server's ECR: the user's own from Docker, or placeholders.

A deploy asks ECR for an image as it does in AWS. If Docker has one of the very name, built on this
machine, the registry is given an entry that stands for it. Otherwise, so that there is something to
deploy, it is given a small image that answers HTTP and says that it is not the real one.
"""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING
from urllib.parse import quote

from msgspec import Struct

from ecs_blocks.deploy.calls import asked
from ecs_blocks.deploy.image import reference_of
from ecs_blocks.deploy.local.clients import LocalAws
from ecs_blocks.deploy.local.docker import Docker
from ecs_blocks.deploy.local.oci import Artifact, Blob, placeholder, stand_in
from ecs_blocks.deploy.local.process import HOST, Local
from ecs_blocks.deploy.outcome import DeployError, Exit

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecs_blocks.deploy.image import Reference


class NeededImage(Struct, frozen=True):
    """An image that a container runs, by its name in ECR, and the port that it listens on."""

    uri: str
    port: int


def ensure(local: Local, needed: NeededImage, say: Callable[[str], object]) -> None:
    """Let the registry have *needed*. An image that is not of ECR is Docker's own affair.

    *say* is told which image stands there, when it is another one than before.

    Raises:
        DeployError: the registry refuses it.
    """
    reference = reference_of(needed.uri)
    if reference is None or reference.digest:  # nobody can make an image for a given digest
        return
    _make_repository(local, reference)
    own = Docker(local.docker_host).image(needed.uri) if local.docker_host else None
    if own is not None:
        artifact = stand_in(own.id, own.architecture, own.os)
        what = f"{needed.uri}: the image of that name in Docker"
    elif _digest(local, reference):
        return
    else:
        artifact = placeholder(needed.port, _answer(local, needed.uri))
        what = f"{needed.uri}: not built yet; a placeholder that answers on port {needed.port}"
    if _digest(local, reference) != artifact.index.digest:
        _push(local, reference, artifact)
        say(what)


def _answer(local: Local, uri: str) -> str:
    how = (
        f"Build the image by this name, and deploy again:\n  docker build -t {uri} .\n"
        if local.docker_host
        else ""
    )
    return f"This is a placeholder, in the place of the image\n  {uri}\n{how}"


def _make_repository(local: Local, reference: Reference) -> None:
    client = LocalAws(local, reference.registry_id, reference.region).client("ecr")
    try:
        client.create_repository(repositoryName=reference.repository)
    except client.exceptions.RepositoryAlreadyExistsException:
        return


def _digest(local: Local, reference: Reference) -> str:
    """The digest that the tag has in the registry, or an empty text."""
    client = LocalAws(local, reference.registry_id, reference.region).client("ecr")
    found = asked(
        f"reading the image {reference.name}",
        client.batch_get_image,
        repositoryName=reference.repository,
        imageIds=[{"imageTag": reference.tag}],
    )["images"]
    return str(found[0]["imageId"]["imageDigest"]) if found else ""


def _push(local: Local, reference: Reference, artifact: Artifact) -> None:
    for blob in artifact.blobs:
        _send(local, reference, "POST", f"blobs/uploads/?digest={quote(blob.digest)}&", blob)
    for manifest in artifact.manifests:
        _send(local, reference, "PUT", f"manifests/{manifest.digest}?", manifest)
    _send(local, reference, "PUT", f"manifests/{reference.tag}?", artifact.index)


def _send(local: Local, reference: Reference, method: str, path: str, blob: Blob) -> None:
    """One request to the registry. ``ns`` says whose: the connection is to this machine."""
    registry = reference.url.partition("/")[0]
    connection = http.client.HTTPConnection(HOST, local.port, timeout=60)
    try:
        connection.request(
            method,
            f"/v2/{reference.repository}/{path}ns={registry}",
            body=blob.content,
            headers={"Content-Type": blob.media_type},
        )
        response = connection.getresponse()
        text = response.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        raise DeployError(
            Exit.STILL_RUNNING, f"pushing {reference.name}: {local.url} does not answer: {error}"
        ) from error
    finally:
        connection.close()
    if response.status != http.client.CREATED:
        raise DeployError(
            Exit.REJECTED,
            f"pushing {reference.name}: the registry answered {response.status}: {text}",
            "an immutable tag keeps its image: choose another --set ImageTag=…"
            if "TAG_INVALID" in text
            else "",
        )
