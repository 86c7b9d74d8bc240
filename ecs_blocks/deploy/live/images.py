"""When the images of a deploy were pushed, from which commit, and how large they are.

Each beside the one that runs.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.image import Image, given_tags, reference_of
from ecs_blocks.deploy.image_manifest import ImageFacts, read_image, revision_of
from ecs_blocks.deploy.live.asking import Fact, Told, unknown
from ecs_blocks.deploy.preflight.ask import find
from ecs_blocks.deploy.preflight.finding import Gap
from ecs_blocks.review.impact.drift import ago

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.image import Reference

_MEGABYTE: Final = 1_000_000
_TAGS: Final = 3
_SHORT: Final = 12
"""Characters of a commit."""


def images(
    aws: Aws, found: Iterable[Image], running: Mapping[str, str], now: dt.datetime
) -> Iterator[Told]:
    """A fact for each image that will run and was found in ECR.

    *running* are the images that run now, by the parameter that gives them.

    Raises:
        DeployError: the credentials are over.
    """
    for image in found:
        reference = reference_of(image.runs)
        if reference is None or not image.digest:
            continue
        details = _details(aws, reference, image.digest)
        if isinstance(details, Gap):
            yield unknown(f"when {reference.name} was pushed", details)
        elif details:
            commit = revision_of(_ecr(aws, reference), reference.place, image.revision)
            before = reference_of(running.get(image.parameter, ""))
            old: Mapping[str, Any] = {}
            was = ""
            if before is not None and before.digest not in ("", image.digest):
                answer = _details(aws, before, before.digest)
                old = {} if isinstance(answer, Gap) else answer
                was = _commit(aws, before) if old and commit and isinstance(commit, str) else ""
            yield _fact(reference, details, old, _built_from(commit, was), now)
            if isinstance(commit, Gap) and commit != image.revision:  # the pre-flight told that one
                yield unknown(f"which commit {reference.name} was built from", commit)


def _ecr(aws: Aws, reference: Reference) -> Any:
    return aws.client("ecr", reference.region)


def _details(aws: Aws, reference: Reference, digest: str) -> Mapping[str, Any] | Gap:
    """What ECR says of an image; empty where it has none."""
    answer = find(
        "ecr:DescribeImages",
        _ecr(aws, reference).describe_images,
        ("RepositoryNotFoundException", "ImageNotFoundException"),
        imageIds=[{"imageDigest": digest}],
        **reference.place,
    )
    if isinstance(answer, Gap):
        return answer
    details: Mapping[str, Any] = next(iter((answer or {}).get("imageDetails", ())), {})
    return details


def _commit(aws: Aws, reference: Reference) -> str:
    """The commit of the image that runs; empty where it is not known."""
    client = _ecr(aws, reference)
    found = read_image(client, reference.place, reference.image_id)
    if not isinstance(found, ImageFacts):
        return ""
    commit = revision_of(client, reference.place, found.revision)
    return commit if isinstance(commit, str) else ""


def _built_from(commit: str | Gap, was: str) -> str:
    """``was built from commit 1a2b…``, and where it is known, what the one that runs was."""
    if not commit or isinstance(commit, Gap):
        return ""
    if commit == was:
        return f"was built from commit {commit[:_SHORT]}, as the one that runs"
    than = f" (the one that runs from {was[:_SHORT]})" if was else ""
    return f"was built from commit {commit[:_SHORT]}{than}"


def _fact(
    reference: Reference,
    details: Mapping[str, Any],
    old: Mapping[str, Any],
    built_from: str,
    now: dt.datetime,
) -> Fact:
    words = []
    pushed = details.get("imagePushedAt")
    if isinstance(pushed, dt.datetime):
        words.append(f"was pushed {ago((now - pushed).total_seconds())}")
    if built_from:
        words.append(built_from)
    if tags := given_tags(details):
        words.append(f"is tagged {', '.join(tags[:_TAGS])}")
    size, was = (one.get("imageSizeInBytes") for one in (details, old))
    if size:
        than = f" (the one that runs has {_megabytes(was)})" if was else ""
        words.append(f"has {_megabytes(size)}{than}")
    return Fact(f"image {reference.name} {', '.join(words) or 'is in ECR'}")


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:,.0f} MB" if size >= _MEGABYTE else f"{size:,} bytes"
