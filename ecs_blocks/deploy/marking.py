"""Mark the images that run, in repositories whose rules spare what is marked.

A mark is a tag that moves: ``deployed-hoge-prod.Image`` on the image that the parameter ``Image``
of the stack gives, ``deployed-hoge-prod.Image.before`` on the one that ran before it, so that one
step of ``rollback`` finds its image. Only repositories that say so take marks: those of the block
``Ecr``, by their exclusion filter ``deployed-*``. No deploy fails for a mark: it is told.

Sources: Amazon ECR User Guide, "Lifecycle policies", evaluation rules, and "Retagging an image";
Amazon ECR API Reference, PutImage.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.deploy.cloudformation.stack import read_stack, template_of
from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.image import Reference, images_of, reference_of
from ecs_blocks.deploy.image_manifest import MEDIA_TYPES
from ecs_blocks.deploy.preflight.ask import ask, find
from ecs_blocks.deploy.preflight.finding import Gap
from ecs_blocks.errors import EcsBlocksError
from ecs_blocks.naming import DEPLOYED
from ecs_blocks.templates.resolve import Values, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.place import Place

MAX_TAG: Final = 128
"""Source: OCI Distribution Specification, "Pulling manifests"."""
_BEFORE: Final = ".before"
_DIGITS: Final = 16
_NOT_OURS: Final = ("RepositoryNotFoundException", "AccessDeniedException", "AccessDenied")
_GONE: Final = ("RepositoryNotFoundException", "ImageNotFoundException")
_DONE: Final = ("ImageAlreadyExistsException",)
"""The image has this tag already: what PutImage was asked for is so."""


class Mark(Struct, frozen=True):
    """The tag that an image gets because it runs."""

    image: Reference
    tag: str

    @property
    def before(self) -> str:
        """The tag of the image that ran before it."""
        return f"{self.tag}{_BEFORE}"

    @property
    def image_id(self) -> dict[str, str]:
        """The image, as ECR takes it."""
        image = self.image
        return {"imageDigest": image.digest} if image.digest else {"imageTag": image.tag}


def mark_images(
    aws: Aws, place: Place, template: Mapping[str, Any], parameters: Mapping[str, str | None]
) -> tuple[str, ...]:
    """Mark what the tasks of a stack run that was deployed and serves.

    *template* and *parameters* are what was deployed; images of nested stacks are not in them.
    Where the marks are right already, nothing is written: a process that was killed between two of
    them is made up for by the next one that comes here.

    Returns:
        What was not marked and may therefore expire, a sentence for each repository.
    """
    if place.access.local:
        return ()  # nothing expires there
    by_url: dict[str, list[Mark]] = {}
    for mark in marks_of(place, template, parameters):
        by_url.setdefault(mark.image.url, []).append(mark)
    found = (_mark_all(aws, marks) for marks in by_url.values())
    return tuple(one for one in found if one)


def mark_stack(aws: Aws, place: Place, stack_id: str) -> tuple[str, ...]:
    """As ``mark_images``, of a stack that is at rest and known by its id alone."""
    try:
        stack = read_stack(aws, stack_id)
        template = template_of(aws, stack) if stack is not None else {}
    except EcsBlocksError as error:
        return (f"whether its images are marked is not known: {' '.join(str(error).split())}",)
    return mark_images(aws, place, template, stack.parameters) if stack is not None else ()


def marks_of(
    place: Place, template: Mapping[str, Any], parameters: Mapping[str, str | None]
) -> list[Mark]:
    """The marks of the images in private ECR repositories that a stack runs, each once.

    What an image is for is told by the parameter that gives it, or where it is written out, by the
    container. A stack beside another account's or region's registry is named with its own.
    """
    given = {key: one for key, one in parameters.items() if one is not None}
    resolved = resolve(template, Values(parameters=given, pseudo=place.pseudo))
    found: dict[tuple[str, str], Mark] = {}
    for wanted in images_of(template, resolved):
        image = reference_of(wanted.image)
        if image is None:
            continue
        stack = place.stack_name
        if (place.account_id, place.region) != (image.registry_id, image.region):
            stack = f"{place.account_id}.{place.region}.{stack}"
        mark = Mark(image, _tag(f"{stack}.{wanted.parameter or wanted.container}"))
        found.setdefault((image.url, mark.tag), mark)
    return list(found.values())


def _tag(name: str) -> str:
    """The tag for *name*; where that is too long, with a part of its digest for its end.

    No stack's name has a dot in it, so that two stacks never have the same one.
    """
    room = MAX_TAG - len(DEPLOYED) - len(_BEFORE)
    if len(name) > room:
        digest = hashlib.sha256(name.encode()).hexdigest()[:_DIGITS]
        name = f"{name[: room - _DIGITS - 1]}_{digest}"
    return f"{DEPLOYED}{name}"


def _mark_all(aws: Aws, marks: Sequence[Mark]) -> str:
    """Put the *marks* of one repository; what to say where that did not go well."""
    image = marks[0].image
    try:
        client = aws.client("ecr", image.region)
        takes = _takes_marks(client, image)
        gap = takes if isinstance(takes, Gap) else None
        if takes is True:
            gap = next(filter(None, (_put_mark(client, one) for one in marks)), None)
    except DeployError as error:  # the credentials are over
        gap = Gap(" ".join(error.message.split()))
    if gap is None:
        return ""
    return (
        f"{image.repository}: that its image runs could not be marked ({gap.why}); where its rules "
        "expire images, this one may go, and tasks that start later find none. Mend that, and "
        "deploy the same version once more: nothing but the mark will change"
    )


def _takes_marks(client: Any, image: Reference) -> bool | Gap:
    """Whether the repository spares marks. One whose settings may not be read is let be."""
    answer = find(
        "ecr:DescribeRepositories",
        client.describe_repositories,
        _NOT_OURS,
        registryId=image.registry_id,
        repositoryNames=[image.repository],
    )
    if isinstance(answer, Gap):
        return answer
    return any(
        one.get("imageTagMutability") == "IMMUTABLE_WITH_EXCLUSION"
        and f"{DEPLOYED}*" in _moving_tags(one)
        for one in (answer or {}).get("repositories", ())
    )


def _moving_tags(repository: Mapping[str, Any]) -> list[str]:
    filters = repository.get("imageTagMutabilityExclusionFilters", ())
    return [str(one.get("filter")) for one in filters]


def _put_mark(client: Any, mark: Mark) -> Gap | None:
    """Let *mark* be on the image that runs, and its like on the one that had it; None if it is so.

    The image of before comes first: killed between the two, the next process does the same again.
    """
    place = {"registryId": mark.image.registry_id, "repositoryName": mark.image.repository}
    answer = find(
        "ecr:DescribeImages", client.describe_images, _GONE, imageIds=[mark.image_id], **place
    )
    if isinstance(answer, Gap):
        return answer
    details: Mapping[str, Any] = next(iter((answer or {}).get("imageDetails", ())), {})
    if not details:
        return Gap("ECR no longer has it")
    if mark.tag in details.get("imageTags", ()):
        return None
    digest = str(details["imageDigest"])
    images = ask(
        "ecr:BatchGetImage",
        client.batch_get_image,
        imageIds=[{"imageTag": mark.tag}, {"imageDigest": digest}],
        acceptedMediaTypes=list(MEDIA_TYPES),
        **place,
    )
    if isinstance(images, Gap):
        return images
    by_digest = {str(one["imageId"]["imageDigest"]): one for one in images.get("images", ())}
    running = by_digest.pop(digest, None)
    if running is None:
        return Gap("ECR does not give its manifest")
    for before in by_digest.values():
        if (gap := _tagged(client, place, before, mark.before)) is not None:
            return gap
    return _tagged(client, place, running, mark.tag)


def _tagged(
    client: Any, place: Mapping[str, str], image: Mapping[str, Any], tag: str
) -> Gap | None:
    """Let *image*, as BatchGetImage gives it, have *tag*; None if it has."""
    media_type = image.get("imageManifestMediaType")
    answer = find(
        "ecr:PutImage",
        client.put_image,
        _DONE,
        imageManifest=image["imageManifest"],
        imageTag=tag,
        imageDigest=image["imageId"]["imageDigest"],
        **({"imageManifestMediaType": media_type} if media_type else {}),
        **place,
    )
    return answer if isinstance(answer, Gap) else None
