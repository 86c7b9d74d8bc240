"""Mark the images that run, in repositories whose rules spare what is marked.

A mark is a tag that moves: ``deployed-123456789012.eu-west-1.hoge-prod.Image`` on the image that
the parameter ``Image`` of the stack gives, and the same behind ``deployed-before-`` on the one that
ran before it, so that one step of ``rollback`` finds its image. Only repositories that say so take
marks: those of the block ``Ecr``, by their exclusion filter ``deployed-*``. No deploy fails for a
mark: it is told.

Sources: Amazon ECR User Guide, "Lifecycle policies", evaluation rules, and "Retagging an image";
Amazon ECR API Reference, PutImage.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.deploy.calls import ERRORS, is_denied
from ecs_blocks.deploy.cloudformation.stack import read_stack, template_of
from ecs_blocks.deploy.cloudformation.statuses import Way
from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.image import Reference, images_of, reference_of
from ecs_blocks.deploy.image_manifest import MEDIA_TYPES
from ecs_blocks.deploy.preflight.ask import ask, find
from ecs_blocks.deploy.preflight.finding import Gap
from ecs_blocks.errors import EcsBlocksError
from ecs_blocks.naming import DEPLOYED
from ecs_blocks.templates.resolve import Values, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.place import Place

MAX_TAG: Final = 128
"""Source: OCI Distribution Specification, "Pulling manifests"."""
_BEFORE: Final = f"{DEPLOYED}before-"
"""No mark of what runs begins so: twelve digits follow there."""
_DIGITS: Final = 16
_ROUNDS: Final = 3
"""So often a stack may become another while it is marked."""
_NO_REPOSITORY: Final = ("RepositoryNotFoundException",)
_GONE: Final = (*_NO_REPOSITORY, "ImageNotFoundException")
_DONE: Final = ("ImageAlreadyExistsException",)
"""The image has this tag already: what PutImage was asked for is so."""


class Mark(Struct, frozen=True):
    """The tags of an image that runs and of the one before it; ``name`` is their common end."""

    image: Reference
    name: str

    @property
    def tag(self) -> str:
        """The tag of the image that runs."""
        return f"{DEPLOYED}{self.name}"

    @property
    def before(self) -> str:
        """The tag of the image that ran before it."""
        return f"{_BEFORE}{self.name}"

    @property
    def is_own(self) -> bool:
        """Whether the repository is in the account of the stack."""
        return self.name.startswith(f"{self.image.registry_id}.")


class Marked(Struct, frozen=True, kw_only=True):
    """What became of marks: the tags that were ``put`` on what runs, and what ``missed`` them.

    Of the latter it is a sentence for each repository: images in it may expire.
    """

    put: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()


def mark_stack(aws: Aws, place: Place, stack_id: str) -> Marked:
    """Mark what the tasks of a stack run, if it is at rest; images of nested stacks are not in it.

    *stack_id* is its ARN or name. What counts is what the stack has by now, whoever deployed that;
    and if it becomes another meanwhile, that is marked instead, or by whoever is changing it. Where
    the marks are right already, nothing is written: a process that was killed between two of them
    is made up for by the next one that comes here.
    """
    found = Marked()
    if place.access.local:
        return found  # nothing expires there
    try:
        stack = read_stack(aws, stack_id)
        for _ in range(_ROUNDS):
            if stack is None or stack.row.way is not Way.UPDATE:
                break
            found = _mark_images(aws, marks_of(place, stack, template_of(aws, stack)))
            now = read_stack(aws, stack.stack_id) if found.put else stack
            if now is None or now.base == stack.base:
                break
            stack = now
    except EcsBlocksError as error:
        return Marked(
            put=found.put,
            missed=(f"whether its images are marked is not known: {' '.join(str(error).split())}",),
        )
    return found


def marks_of(place: Place, stack: Stack, template: Mapping[str, Any]) -> list[Mark]:
    """The marks of the images in private ECR repositories that a stack runs, each once.

    What an image is for is told by the parameter that gives it, or where it is written out, by the
    container. Account and region stand in every name: stacks of many places run one image, and
    replication copies the tags of a repository to others.
    """
    resolved = resolve(template, Values(parameters=stack.parameters, pseudo=place.pseudo))
    found: dict[tuple[str, str], Mark] = {}
    for wanted in images_of(template, resolved):
        image = reference_of(wanted.image)
        if image is not None:
            what = wanted.parameter or wanted.container
            name = _cut(f"{place.account_id}.{place.region}.{stack.name}.{what}")
            found.setdefault((image.url, name), Mark(image, name))
    return list(found.values())


def by_repository(marks: Iterable[Mark]) -> list[list[Mark]]:
    """The marks of each repository together."""
    found: dict[str, list[Mark]] = {}
    for mark in marks:
        found.setdefault(mark.image.url, []).append(mark)
    return list(found.values())


def _cut(name: str) -> str:
    """*name*, where it is too long for a tag with a part of its digest for its end.

    No part of a name has a dot in it but the last, so that two stacks never have the same one.
    """
    room = MAX_TAG - len(_BEFORE)
    if len(name) <= room:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:_DIGITS]
    return f"{name[: room - _DIGITS - 1]}_{digest}"


def _mark_images(aws: Aws, marks: Iterable[Mark]) -> Marked:
    found = [_mark_repository(aws, some) for some in by_repository(marks)]
    return Marked(
        put=tuple(tag for one in found for tag in one.put),
        missed=tuple(text for one in found for text in one.missed),
    )


def _mark_repository(aws: Aws, marks: Sequence[Mark]) -> Marked:
    """Put the *marks* of one repository, each whatever becomes of the others."""
    image = marks[0].image
    found: dict[str, Gap | bool] = {}
    try:
        client = aws.client("ecr", image.region)
        takes = _takes_marks(client, marks[0])
        if takes is False:
            return Marked()
        for mark in marks:
            found[mark.tag] = takes if isinstance(takes, Gap) else _put_mark(client, mark)
    except DeployError as error:  # the credentials are over
        gap = Gap(" ".join(error.message.split()))
        found = {mark.tag: found.get(mark.tag, gap) for mark in marks}
    tags: dict[str, list[str]] = {}
    for tag, one in found.items():
        if isinstance(one, Gap):
            tags.setdefault(one.why, []).append(tag)
    put = tuple(tag for tag, one in found.items() if one is True)
    if not tags:
        return Marked(put=put)
    told = "; ".join(f"{', '.join(some)} ({why})" for why, some in tags.items())
    return Marked(
        put=put,
        missed=(
            f"{image.repository}: could not mark what runs: {told}; where its rules expire images, "
            "this may go, and tasks that start later find none. Mend that, and deploy the same "
            "version once more: nothing but the marks will change",
        ),
    )


def _takes_marks(client: Any, mark: Mark) -> bool | Gap:
    """Whether the repository spares marks.

    One of another account whose settings may not be read is let be: it lets pull, and no more.
    """
    image = mark.image

    def described(**arguments: Any) -> dict[str, Any]:
        try:
            found: dict[str, Any] = client.describe_repositories(**arguments)
        except ERRORS as error:
            if mark.is_own or not is_denied(error):
                raise
            return {}
        return found

    answer = find(
        "ecr:DescribeRepositories",
        described,
        _NO_REPOSITORY,
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


def _put_mark(client: Any, mark: Mark) -> Gap | bool:
    """Let *mark* be on the image that runs, and its like on the one that had it; False if it is so.

    The image of before comes first: killed between the two, the next process does the same again.
    """
    place = mark.image.place
    answer = find(
        "ecr:DescribeImages", client.describe_images, _GONE, imageIds=[mark.image.image_id], **place
    )
    if isinstance(answer, Gap):
        return answer
    details: Mapping[str, Any] = next(iter((answer or {}).get("imageDetails", ())), {})
    if not details:
        return Gap("ECR no longer has it")
    if mark.tag in details.get("imageTags", ()):
        return False
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
    return _tagged(client, place, running, mark.tag) or True


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
