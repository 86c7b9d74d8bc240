"""ECR: images by repository, tag and digest."""

from __future__ import annotations

import hashlib
import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from tests.fake_aws.errors import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fake_aws.world import World

Answer = dict[str, Any]
_INDEX: Final = "application/vnd.oci.image.index.v1+json"
_SINGLE: Final = "application/vnd.oci.image.manifest.v1+json"


def _digest(content: str) -> str:
    return f"sha256:{hashlib.sha256(content.encode()).hexdigest()}"


class Ecr:
    """``fake.world.ecr.image("hoge", "1.0.0")`` pushes one and returns its digest.

    Tags of a repository in ``moving`` stay with their image, but those that fit its patterns; of
    any other repository they may be moved.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.repositories: dict[str, dict[str, dict[str, Any]]] = {}
        self.moving: dict[str, tuple[str, ...]] = {}
        self.url = ""
        """Where blobs are fetched from: the fake's own."""
        self.blobs: dict[str, bytes] = {}
        """By the path behind that."""
        self._inner: dict[str, str] = {}
        """The manifests of the images in an index, by digest: they are images without a tag."""

    def image(
        self,
        repository: str,
        *tags: str,
        architectures: tuple[str, ...] = ("amd64",),
        annotations: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> str:
        """Push an image, an index of one image for each architecture; tags move to it.

        *annotations* are the index's, *labels* those of each image.
        """
        created = f"{repository} {tags} {self._world.clock.now_s()}"
        inner = [self._single(one, labels or {}, created) for one in architectures]
        self._inner |= {_digest(manifest): manifest for manifest in inner}
        described = [
            {
                "mediaType": _SINGLE,
                "digest": _digest(manifest),
                "size": len(manifest),
                "platform": {"os": "linux", "architecture": architecture},
            }
            for manifest, architecture in zip(inner, architectures, strict=True)
        ]
        index = {
            "schemaVersion": 2,
            "mediaType": _INDEX,
            "annotations": annotations or {},
            "manifests": described,
        }
        return self._push(repository, tags, json.dumps(index))

    def single(self, repository: str, *tags: str, labels: Mapping[str, str] | None = None) -> str:
        """As ``image``, without an index around it, for amd64."""
        created = f"{repository} {tags} {self._world.clock.now_s()}"
        return self._push(repository, tags, self._single("amd64", labels or {}, created))

    def _push(self, repository: str, tags: tuple[str, ...], manifest: str) -> str:
        known = self.repositories.setdefault(repository, {})
        for one in known.values():
            one["tags"] = [tag for tag in one["tags"] if tag not in tags]
        known[_digest(manifest)] = {
            "tags": list(tags),
            "manifest": manifest,
            "pushed": self._world.clock.aws_time(),
        }
        return _digest(manifest)

    def _single(self, architecture: str, labels: Mapping[str, str], created: str) -> str:
        """The manifest of the image for one architecture; its config is kept."""
        config = json.dumps(
            {
                "os": "linux",
                "architecture": architecture,
                "created": created,
                "config": {"Labels": dict(labels)},
            }
        )
        self.blobs[f"/blobs/{_digest(config)}"] = config.encode()
        described = {
            "mediaType": "application/vnd.oci.image.config.v1+json",
            "digest": _digest(config),
            "size": len(config),
        }
        manifest = {"schemaVersion": 2, "mediaType": _SINGLE, "config": described, "layers": []}
        return json.dumps(manifest)

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

    def _move(self, repository: str, tag: str, digest: str) -> None:
        known = self.repositories[repository]
        for one in known.values():
            one["tags"] = [other for other in one["tags"] if other != tag]
        known[digest]["tags"].append(tag)

    def describe_repositories(self, request: Mapping[str, Any]) -> Answer:
        found = []
        for name in request["repositoryNames"]:
            self._repository({"repositoryName": name})
            patterns = self.moving.get(name)
            words = "MUTABLE" if patterns is None else "IMMUTABLE"
            one = {
                "registryId": self._world.account,
                "repositoryName": name,
                "imageTagMutability": f"{words}_WITH_EXCLUSION" if patterns else words,
            }
            if patterns:
                one["imageTagMutabilityExclusionFilters"] = [
                    {"filterType": "WILDCARD", "filter": pattern} for pattern in patterns
                ]
            found.append(one)
        return {"repositories": found}

    def put_image(self, request: Mapping[str, Any]) -> Answer:
        """Tag what is there already; its digest is that of its manifest."""
        repository, tag = request["repositoryName"], request["imageTag"]
        known = self._repository(request)
        manifest = request["imageManifest"]
        digest = _digest(manifest)
        if digest != request.get("imageDigest", digest):
            raise AwsError("ImageDigestDoesNotMatchException", "The digests are not the same.")
        if digest not in known:
            raise AwsError("LayersNotFoundException", "Its layers do not exist.")
        holder = next((one for one, image in known.items() if tag in image["tags"]), None)
        if holder == digest:
            raise AwsError(
                "ImageAlreadyExistsException",
                f"Image with digest '{digest}' and tag '{tag}' already exists in the repository "
                f"with name '{repository}'",
            )
        patterns = self.moving.get(repository)
        fits = patterns is None or any(fnmatchcase(tag, one) for one in patterns)
        if holder is not None and not fits:
            raise AwsError(
                "ImageTagAlreadyExistsException",
                f"The image tag '{tag}' already exists in the '{repository}' repository and cannot "
                "be overwritten because the tag is immutable.",
            )
        self._move(repository, tag, digest)
        return {"image": self._image(repository, digest, {"imageTag": tag})}

    def _image(self, repository: str, digest: str, wanted: Mapping[str, str]) -> Answer:
        known = self.repositories[repository].get(digest)
        manifest = known["manifest"] if known else self._inner[digest]
        return {
            "registryId": self._world.account,
            "repositoryName": repository,
            "imageId": {"imageDigest": digest, **wanted},
            "imageManifest": manifest,
            "imageManifestMediaType": json.loads(manifest)["mediaType"],
        }

    def get_download_url_for_layer(self, request: Mapping[str, Any]) -> Answer:
        """A config counts as a layer here."""
        self._repository(request)
        digest = request["layerDigest"]
        if f"/blobs/{digest}" not in self.blobs:
            raise AwsError("LayersNotFoundException", "Its layers do not exist.")
        return {"downloadUrl": f"{self.url}/blobs/{digest}", "layerDigest": digest}

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
                    "imageManifestMediaType": json.loads(known[digest]["manifest"])["mediaType"],
                }
                for digest in digests
            ]
        }

    def batch_get_image(self, request: Mapping[str, Any]) -> Answer:
        images, failures = [], []
        for wanted in request["imageIds"]:
            digest = self._found(request, wanted)
            if digest is None and wanted.get("imageDigest") in self._inner:
                digest = wanted["imageDigest"]
            if digest is None:
                failures.append(
                    {
                        "imageId": dict(wanted),
                        "failureCode": "ImageNotFound",
                        "failureReason": "Requested image not found",
                    }
                )
                continue
            images.append(self._image(request["repositoryName"], digest, wanted))
        return {"images": images, "failures": failures}
