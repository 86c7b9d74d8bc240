"""For which platforms an image was built: from its index, or from a single image's config."""

from __future__ import annotations

import os
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
    config = content.get("config")
    if not isinstance(config, dict) or not isinstance(config.get("digest"), str):
        return _UNREADABLE
    if config.get("mediaType") not in _CONFIGS:
        return None
    blob = _blob(client, place, config["digest"])
    if isinstance(blob, Gap):
        return blob
    platform = _platform(_decoded(blob))
    return (platform,) if platform else _UNREADABLE


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
