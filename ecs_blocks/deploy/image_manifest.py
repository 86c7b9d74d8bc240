"""What an image says of itself, by its index or a single image's config.

For which platforms it was built, and from which commit.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ConnectionError as NoConnection
from botocore.exceptions import HTTPClientError
from botocore.httpsession import URLLib3Session
from botocore.response import StreamingBody
from botocore.utils import get_environ_proxies
from msgspec import Struct

from ecs_blocks.deploy.preflight.ask import ask, find
from ecs_blocks.deploy.preflight.finding import Gap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MEDIA_TYPES: Final = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
"""What ECR may answer with. Of a type that is not named it would make another one."""

NO_REPOSITORY: Final = "RepositoryNotFoundException"
NO_IMAGE: Final = "ImageNotFound"
_CONFIGS: Final = frozenset(
    {
        "application/vnd.oci.image.config.v1+json",
        "application/vnd.docker.container.image.v1+json",
    }
)
_REVISION: Final = "org.opencontainers.image.revision"
"""Source: OCI Image Format Specification, "Annotations"; builds write it as a label, too."""
_COMMIT: Final = re.compile(r"[0-9a-f]{7,64}")
_UNREADABLE: Final = Gap("ECR's description of the image cannot be read")
_MOST_BYTES: Final = 4 * 1024 * 1024
"""Of an image's config, which whoever pushes an image writes; that of a large one has some KiB."""
_TOO_LARGE: Final = Gap("the image's config is larger than 4 MiB")


class Inside(Struct, frozen=True):
    """An index does not say it itself; the first image in it may, which has this ``digest``."""

    digest: str


Platforms: TypeAlias = tuple[str, ...] | Gap | None
"""``linux/amd64``, …; None means that it is no image of a container at all."""
Revision: TypeAlias = str | Inside | Gap
"""The commit that an image was built from; empty where it does not say."""


class ImageFacts(Struct, frozen=True, kw_only=True):
    """What ECR tells of an image by its manifest, and where that is of one platform, its config."""

    digest: str
    platforms: Platforms
    revision: Revision


class Absent(Struct, frozen=True):
    """ECR gives no such image; ``code`` and ``reason`` are its words for it."""

    code: str
    reason: str = ""

    @property
    def gap(self) -> Gap:
        """As a reason why something is not known."""
        return Gap(f"ECR says {self.code}: {self.reason}".removesuffix(": "))


def read_image(
    client: Any, place: Mapping[str, str], image_id: Mapping[str, str]
) -> ImageFacts | Absent | Gap:
    """What an image says of itself.

    *client* is ECR's, *place* its ``registryId`` and ``repositoryName``; *image_id* has an
    ``imageTag`` or an ``imageDigest``. Source: Amazon ECR API Reference, BatchGetImage.

    Raises:
        DeployError: there are no valid credentials.
    """
    answer = find(
        "ecr:BatchGetImage",
        client.batch_get_image,
        (NO_REPOSITORY,),
        imageIds=[image_id],
        acceptedMediaTypes=list(MEDIA_TYPES),
        **place,
    )
    if answer is None:
        return Absent(NO_REPOSITORY)
    if isinstance(answer, Gap):
        return answer
    for one in answer.get("images", ()):
        content = _decoded(str(one.get("imageManifest", "")))
        platforms, revision = _described(client, place, content)
        digest = str(one["imageId"]["imageDigest"])
        return ImageFacts(digest=digest, platforms=platforms, revision=revision)
    failure: Mapping[str, str] = next(iter(answer.get("failures", ())), {})
    return Absent(str(failure.get("failureCode", NO_IMAGE)), failure.get("failureReason", ""))


def revision_of(client: Any, place: Mapping[str, str], revision: Revision) -> str | Gap:
    """The commit, where an index is asked for the first image in it; *client*, *place* as above.

    Raises:
        DeployError: there are no valid credentials.
    """
    if not isinstance(revision, Inside):
        return revision
    inner = read_image(client, place, {"imageDigest": revision.digest})
    if not isinstance(inner, ImageFacts):
        return inner.gap if isinstance(inner, Absent) else inner
    return "" if isinstance(inner.revision, Inside) else inner.revision


def _described(
    client: Any, place: Mapping[str, str], content: Mapping[str, Any] | None
) -> tuple[Platforms, Revision]:
    """What a manifest says, and the config of a single image: for an index nothing is fetched."""
    if content is None:
        return _UNREADABLE, _UNREADABLE
    said = _commit(content.get("annotations"))
    if isinstance(entries := content.get("manifests"), list):
        images = list(_images(entries))
        platforms = tuple(dict.fromkeys(platform for platform, _ in images))
        inner = next((digest for _, digest in images if digest), "")
        return platforms or _UNREADABLE, said or (Inside(inner) if inner else _UNREADABLE)
    if isinstance(architecture := content.get("architecture"), str):  # schema version 1
        return (f"linux/{architecture}",), said
    config = _config(client, place, content)
    if config is None or isinstance(config, Gap):
        return config, said or config or ""
    platform, settings = _platform(config), config.get("config")
    labels = settings.get("Labels") if isinstance(settings, dict) else None
    return (platform,) if platform else _UNREADABLE, said or _commit(labels)


def _images(entries: list[Any]) -> Iterator[tuple[str, str]]:
    """Platform and digest of the images of an index.

    What a build signs or attests stands there too, for the platform unknown/unknown.
    """
    for one in entries:
        platform = _platform(one.get("platform")) if isinstance(one, dict) else ""
        if platform and "unknown" not in platform:
            digest = one.get("digest")
            yield platform, digest if isinstance(digest, str) else ""


def _commit(said: object) -> str:
    """The commit among annotations or labels; what has not the form of one is none."""
    revision = said.get(_REVISION) if isinstance(said, dict) else None
    return revision if isinstance(revision, str) and _COMMIT.fullmatch(revision) else ""


def _config(
    client: Any, place: Mapping[str, str], manifest: Mapping[str, Any]
) -> dict[str, Any] | Gap | None:
    """The config of a single image; None where *manifest* is of something else."""
    config = manifest.get("config")
    if not isinstance(config, dict) or not isinstance(config.get("digest"), str):
        return _UNREADABLE
    if str(config.get("mediaType")) not in _CONFIGS:
        return None
    if isinstance(size := config.get("size"), int) and size > _MOST_BYTES:
        return _TOO_LARGE
    blob = _blob(client, place, config["digest"])
    if isinstance(blob, Gap):
        return blob
    return _decoded(blob) or _UNREADABLE


def _platform(content: object) -> str:
    match content:
        case {"os": str() as system, "architecture": str() as architecture}:
            return f"{system}/{architecture}"
    return ""


def _decoded(text: str | bytes) -> dict[str, Any] | None:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError):  # whoever pushes an image may have written it
        return None


def _blob(client: Any, place: Mapping[str, str], digest: str) -> bytes | Gap:
    answer = ask(
        "ecr:GetDownloadUrlForLayer",
        client.get_download_url_for_layer,
        layerDigest=digest,
        **place,
    )
    if isinstance(answer, Gap):
        return answer
    url = str(answer["downloadUrl"])
    http = URLLib3Session(
        verify=os.environ.get("AWS_CA_BUNDLE") or True,
        proxies=get_environ_proxies(url),
        timeout=10,
    )
    try:
        response = http.send(AWSRequest(method="GET", url=url, stream_output=True).prepare())
        body: bytes = StreamingBody(response.raw, None).read(_MOST_BYTES + 1)
    except (NoConnection, HTTPClientError):
        return Gap("the image's config cannot be fetched from ECR's bucket (no connection)")
    finally:
        http.close()
    if response.status_code != 200:
        return Gap(f"ECR's bucket answered {response.status_code} for the image's config")
    return body if len(body) <= _MOST_BYTES else _TOO_LARGE
