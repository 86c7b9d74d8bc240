"""The images that a deploy needs, in the server's ECR: the user's own from Docker, or placeholders.

A deploy asks ECR for an image as it does in AWS. If Docker has one of the very name, built on this
machine, the registry is given an entry that stands for it. Otherwise, so that there is something to
deploy, it is given a small image that answers HTTP and says that it is not the real one.
"""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from msgspec import Struct

from ecs_blocks.deploy.calls import asked
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.image import reference_of
from ecs_blocks.deploy.image_manifest import MEDIA_TYPES
from ecs_blocks.deploy.local.clients import LocalAws
from ecs_blocks.deploy.local.docker import Docker
from ecs_blocks.deploy.local.oci import PLACEHOLDER, Artifact, Blob, placeholder, stand_in
from ecs_blocks.deploy.local.process import HOST, Local

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.image import Image, Reference

PLACEHOLDER_TAG: Final = "local"
"""The tag of the image where none was given and none runs."""
MADE_HERE: Final = "ecs-blocks:made-for-an-image"
"""By this tag the imitation lets a stack have the repository, with its images."""


class NeededImage(Struct, frozen=True):
    """An image that a container runs, by its name in ECR, and the port that it listens on."""

    uri: str
    port: int


def ensure(local: Local, needed: NeededImage, say: Callable[[str], object]) -> bool:
    """Let the registry have *needed*; whether a placeholder stands there.

    An image that is not of ECR is Docker's own affair. *say* is told which image stands there, when
    it is another one than before.

    Raises:
        DeployError: the registry refuses it.
    """
    reference = reference_of(needed.uri)
    if reference is None:
        return False
    if reference.digest:  # nobody can make an image for a given digest
        return is_placeholder(local, needed.uri)
    _make_repository(local, reference)
    own = Docker(local.docker_host).image(needed.uri) if local.docker_host else None
    if own is not None:
        artifact = stand_in(own.id, own.architecture, own.os)
        what = f"{needed.uri}: the image of that name in Docker"
    elif _read(local, reference) is not None:
        return is_placeholder(local, needed.uri)
    else:
        artifact = placeholder(needed.port, _answer(local, needed.uri))
        what = f"{needed.uri}: not built yet; a placeholder that answers on port {needed.port}"
    known = _read(local, reference)
    if known is None or known["imageId"]["imageDigest"] != artifact.index.digest:
        _push(local, reference, artifact)
        say(what)
    return own is None


def is_placeholder(local: Local, uri: str) -> bool:
    """Whether the image *uri*, by its tag or digest, is one that nobody has built.

    Raises:
        DeployError: the server does not answer.
    """
    reference = reference_of(uri)
    found = _read(local, reference) if reference is not None else None
    return found is not None and f'"{PLACEHOLDER}"' in str(found.get("imageManifest", ""))


def buildable(local: Local, uri: str) -> str:
    """The name by which the image *uri* is built; for a digest, with a tag that stands on it.

    Raises:
        DeployError: the server does not answer.
    """
    reference = reference_of(uri)
    if reference is None or not reference.digest:
        return uri
    client = LocalAws(local, reference.registry_id, reference.region).client("ecr")
    found = asked(
        f"reading the image {reference.name}",
        client.describe_images,
        repositoryName=reference.repository,
        imageIds=[reference.image_id],
    )["imageDetails"]
    tags = [tag for one in found for tag in one.get("imageTags", ())]
    return f"{reference.url}:{next(iter(tags), PLACEHOLDER_TAG)}"


def stand_ins(aws: Aws, images: Iterable[Image]) -> list[str]:
    """What has to be said of those among *images* that nobody has built here.

    Raises:
        DeployError: the server does not answer.
    """
    local = _local_of(aws)
    names = (buildable(local, one.given) for one in images if is_placeholder(local, one.runs))
    return [
        f"{name} was never built on this machine: a placeholder stands in its place; {_way(local)}"
        f"build it, and deploy again: docker build -t {name} ."
        for name in dict.fromkeys(names)
    ]


def refuse_stand_in(aws: Aws, uri: str, doing: str) -> None:
    """Nothing can be run in an image that nobody has built, nor without Docker.

    Raises:
        DeployError: *uri* is such an image, or there is no Docker.
    """
    local = _local_of(aws)
    if is_placeholder(local, uri):
        name = buildable(local, uri)
        message = f"{doing}: {name} was never built on this machine: a placeholder stands there"
        hint = f"{_way(local)}build it, deploy it, and run this again: docker build -t {name} ."
        raise DeployError(Exit.REJECTED, message, hint)
    if not local.docker_host:
        message = f"{doing}: without Docker tasks are only recorded, and nothing would ever end"
        raise DeployError(Exit.REJECTED, message, f"{_way(local)}deploy, and run this again")


def _local_of(aws: Aws) -> Local:
    assert isinstance(aws, LocalAws), "only the imitation has such images"
    return aws.local


def _way(local: Local) -> str:
    return "" if local.docker_host else "start Docker and this local AWS anew, "


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
        client.create_repository(
            repositoryName=reference.repository, tags=[{"Key": MADE_HERE, "Value": "yes"}]
        )
    except client.exceptions.RepositoryAlreadyExistsException:
        return


def _read(local: Local, reference: Reference) -> Mapping[str, Any] | None:
    """What the registry has by a tag or a digest; None for nothing."""
    client = LocalAws(local, reference.registry_id, reference.region).client("ecr")
    try:
        found = asked(
            f"reading the image {reference.name}",
            client.batch_get_image,
            repositoryName=reference.repository,
            imageIds=[reference.image_id],
            acceptedMediaTypes=list(MEDIA_TYPES),
        )["images"]
    except DeployError as error:
        if isinstance(error.__cause__, client.exceptions.RepositoryNotFoundException):
            return None
        raise
    return next(iter(found), None)


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
