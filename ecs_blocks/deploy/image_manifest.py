"""What an image says of itself, by its index or a single image's config.

For which platforms it was built, and from which commit.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Final

import msgspec
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ConnectionError as NoConnection
from botocore.exceptions import HTTPClientError
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies

from ecs_blocks.deploy.preflight.ask import ask
from ecs_blocks.deploy.preflight.finding import Gap

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPES: Final = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
"""What ECR may answer with. Of a type that is not named it would make another one."""

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


def platforms_of(
    client: Any, place: Mapping[str, str], manifest: str
) -> tuple[str, ...] | Gap | None:
    """The platforms (``linux/amd64``) of the image that *manifest* describes.

    *client* is ECR's, *place* its ``registryId`` and ``repositoryName``. None means that this is no
    image of a container at all.
    """
    content = _decoded(manifest)
    if content is None:
        return _UNREADABLE
    if isinstance(entries := content.get("manifests"), list):
        found = [_platform(one.get("platform")) for one in entries if isinstance(one, dict)]
        # what a build signs or attests stands there too, for the platform unknown/unknown
        named = tuple(dict.fromkeys(one for one in found if one and "unknown" not in one))
        return named or _UNREADABLE
    if isinstance(architecture := content.get("architecture"), str):  # schema version 1
        return (f"linux/{architecture}",)
    config = _config(client, place, content)
    if config is None or isinstance(config, Gap):
        return config
    platform = _platform(config)
    return (platform,) if platform else _UNREADABLE


def revision_of(client: Any, place: Mapping[str, str], digest: str) -> str | Gap:
    """The commit that the image with this *digest* was built from; empty where it does not say.

    *client* and *place* as for ``platforms_of``. An annotation of the manifest says it, or a label
    of the image; of an index, those of the first image in it.
    """
    content = _manifest(client, place, digest)
    if isinstance(content, Gap):
        return content
    if found := _commit(content.get("annotations")):
        return found
    inner = _first_of(content)
    if inner:
        content = _manifest(client, place, inner)
        if isinstance(content, Gap):
            return content
    config = _config(client, place, content)
    if config is None or isinstance(config, Gap):
        return config or ""
    settings = config.get("config")
    return _commit(content.get("annotations")) or _commit(
        settings.get("Labels") if isinstance(settings, dict) else None
    )


def _manifest(client: Any, place: Mapping[str, str], digest: str) -> dict[str, Any] | Gap:
    answer = ask(
        "ecr:BatchGetImage",
        client.batch_get_image,
        imageIds=[{"imageDigest": digest}],
        acceptedMediaTypes=list(MEDIA_TYPES),
        **place,
    )
    if isinstance(answer, Gap):
        return answer
    for one in answer.get("images", ()):
        return _decoded(str(one.get("imageManifest", ""))) or _UNREADABLE
    return Gap("ECR no longer has it")


def _first_of(index: Mapping[str, Any]) -> str:
    """The digest of the first image of an index, empty where it is none."""
    entries = index.get("manifests")
    for one in entries if isinstance(entries, list) else ():
        platform = _platform(one.get("platform")) if isinstance(one, dict) else ""
        if platform and "unknown" not in platform and isinstance(one.get("digest"), str):
            return str(one["digest"])
    return ""


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
    if config.get("mediaType") not in _CONFIGS:
        return None
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
    except msgspec.MsgspecError:
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
        response = http.send(AWSRequest(method="GET", url=url).prepare())
        body: bytes = response.content
    except (NoConnection, HTTPClientError):
        return Gap("the image's config cannot be fetched from ECR's bucket (no connection)")
    finally:
        http.close()
    if response.status_code != 200:
        return Gap(f"ECR's bucket answered {response.status_code} for the image's config")
    return body
