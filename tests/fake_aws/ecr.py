"""ECR: images by repository, tag and digest."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from tests.fake_aws.errors import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fake_aws.world import World

Answer = dict[str, Any]


class Ecr:
    """``fake.world.ecr.image("hoge", "1.0.0")`` pushes one and returns its digest."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.repositories: dict[str, dict[str, dict[str, Any]]] = {}

    def image(
        self, repository: str, *tags: str, architectures: tuple[str, ...] = ("amd64",)
    ) -> str:
        """Push an image, an index of one manifest for each architecture; tags move to it."""
        content = f"{repository} {tags} {architectures} {self._world.clock.now_s()}"
        manifests = [
            {
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "digest": f"sha256:{hashlib.sha256(f'{content} {one}'.encode()).hexdigest()}",
                "size": 500,
                "platform": {"os": "linux", "architecture": one},
            }
            for one in architectures
        ]
        manifest = json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": "application/vnd.oci.image.index.v1+json",
                "manifests": manifests,
            }
        )
        digest = f"sha256:{hashlib.sha256(manifest.encode()).hexdigest()}"
        known = self.repositories.setdefault(repository, {})
        for one in known.values():
            one["tags"] = [tag for tag in one["tags"] if tag not in tags]
        known[digest] = {
            "tags": list(tags),
            "manifest": manifest,
            "pushed": self._world.clock.aws_time(),
        }
        return digest

    def _repository(self, request: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        name = request["repositoryName"]
        if name not in self.repositories:
            raise AwsError(
                "RepositoryNotFoundException",
                f"The repository with name '{name}' does not exist in the registry with id "
                f"'{self._world.account}'",
            )
        return self.repositories[name]

    def _found(self, request: Mapping[str, Any], wanted: Mapping[str, str]) -> str | None:
        for digest, one in self._repository(request).items():
            if digest == wanted.get("imageDigest") or wanted.get("imageTag") in one["tags"]:
                return digest
        return None

    def describe_images(self, request: Mapping[str, Any]) -> Answer:
        known = self._repository(request)
        digests: list[str] = list(known)
        if "imageIds" in request:
            found = [(one, self._found(request, one)) for one in request["imageIds"]]
            missing = [one for one, digest in found if digest is None]
            if missing:
                raise AwsError(
                    "ImageNotFoundException",
                    f"The image with imageId {missing[0]} does not exist within the repository "
                    f"with name '{request['repositoryName']}'",
                )
            digests = [digest for _, digest in found if digest]
        return {
            "imageDetails": [
                {
                    "repositoryName": request["repositoryName"],
                    "registryId": self._world.account,
                    "imageDigest": digest,
                    "imageTags": known[digest]["tags"],
                    "imageSizeInBytes": 50_000_000,
                    "imagePushedAt": known[digest]["pushed"],
                    "imageManifestMediaType": "application/vnd.oci.image.index.v1+json",
                }
                for digest in digests
            ]
        }

    def batch_get_image(self, request: Mapping[str, Any]) -> Answer:
        images, failures = [], []
        for wanted in request["imageIds"]:
            digest = self._found(request, wanted)
            if digest is None:
                failures.append(
                    {
                        "imageId": dict(wanted),
                        "failureCode": "ImageNotFound",
                        "failureReason": "Requested image not found",
                    }
                )
                continue
            images.append(
                {
                    "registryId": self._world.account,
                    "repositoryName": request["repositoryName"],
                    "imageId": {"imageDigest": digest, **wanted},
                    "imageManifest": self._repository(request)[digest]["manifest"],
                    "imageManifestMediaType": "application/vnd.oci.image.index.v1+json",
                }
            )
        return {"images": images, "failures": failures}
