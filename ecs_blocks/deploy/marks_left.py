"""The marks of images that a stack leaves in ECR when it is deleted, and how to take them away.

Nobody knows here who else relies on such an image, so that nothing takes them away by itself.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.image_manifest import MEDIA_TYPES
from ecs_blocks.deploy.marking import Mark, by_repository, marks_of
from ecs_blocks.deploy.preflight.ask import find
from ecs_blocks.deploy.preflight.finding import Gap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.place import Place


def marks_left(
    aws: Aws, place: Place, stack: Stack, template: Mapping[str, Any]
) -> tuple[str, ...]:
    """What to say of the marks that *stack* has in ECR now; nothing where it has none.

    Where ECR does not say it, the deletion goes on without a word: nothing depends on it.
    """
    if place.access.local:
        return ()
    said: list[str] = []
    for marks in by_repository(marks_of(place, stack, template)):
        tags = _found(aws, marks)
        if tags:
            said += _ways(aws, place, marks[0], tags)
    if not said:
        return ()
    return (
        "These tags stay in ECR, and no rule expires their images until they are taken away.",
        "Look first: who takes away the last tag of an image deletes it.",
        *said,
    )


def _found(aws: Aws, marks: Sequence[Mark]) -> list[str]:
    """Those of the *marks* of one repository that are there."""
    image = marks[0].image
    try:
        answer = find(
            "ecr:BatchGetImage",
            aws.client("ecr", image.region).batch_get_image,
            ("RepositoryNotFoundException",),
            imageIds=[{"imageTag": tag} for one in marks for tag in (one.tag, one.before)],
            acceptedMediaTypes=list(MEDIA_TYPES),
            **image.place,
        )
    except DeployError:
        return []
    if answer is None or isinstance(answer, Gap):
        return []
    return [str(one["imageId"]["imageTag"]) for one in answer.get("images", ())]


def _ways(aws: Aws, place: Place, mark: Mark, tags: Sequence[str]) -> list[str]:
    image = mark.image
    which = " ".join(f"imageTag={shlex.quote(tag)}" for tag in tags)
    end = (
        f"--registry-id {image.registry_id} --repository-name {shlex.quote(image.repository)} "
        f"--image-ids {which}"
    )
    return [
        f"  {place.access.aws_command(aws, place.account_id, words, image.region)}"
        for words in (
            f"ecr describe-images {end} --query 'imageDetails[].imageTags'",
            f"ecr batch-delete-image {end}",
        )
    ]
