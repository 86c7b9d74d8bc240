"""When the images of a deploy were pushed, and how large they are beside those that run."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.image import Image, reference_of
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
            before = reference_of(running.get(image.parameter, ""))
            old: Mapping[str, Any] | Gap = {}
            if before is not None and before.digest not in ("", image.digest):
                old = _details(aws, before, before.digest)
            yield _fact(reference, details, {} if isinstance(old, Gap) else old, now)


def _details(aws: Aws, reference: Reference, digest: str) -> Mapping[str, Any] | Gap:
    """What ECR says of an image; empty where it has none."""
    answer = find(
        "ecr:DescribeImages",
        aws.client("ecr", reference.region).describe_images,
        ("RepositoryNotFoundException", "ImageNotFoundException"),
        registryId=reference.registry_id,
        repositoryName=reference.repository,
        imageIds=[{"imageDigest": digest}],
    )
    if isinstance(answer, Gap):
        return answer
    details: Mapping[str, Any] = next(iter((answer or {}).get("imageDetails", ())), {})
    return details


def _fact(
    reference: Reference, details: Mapping[str, Any], old: Mapping[str, Any], now: dt.datetime
) -> Fact:
    words = []
    pushed = details.get("imagePushedAt")
    if isinstance(pushed, dt.datetime):
        words.append(f"was pushed {ago((now - pushed).total_seconds())}")
    if tags := [str(one) for one in details.get("imageTags", ())]:
        words.append(f"is tagged {', '.join(tags[:_TAGS])}")
    size, was = (one.get("imageSizeInBytes") for one in (details, old))
    if size:
        than = f" (the one that runs has {_megabytes(was)})" if was else ""
        words.append(f"has {_megabytes(size)}{than}")
    return Fact(f"image {reference.name} {', '.join(words) or 'is in ECR'}")


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:,.0f} MB" if size >= _MEGABYTE else f"{size:,} bytes"
