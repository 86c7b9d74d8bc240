"""A task whose execution role may not pull its image does not start.

On Fargate, and on EC2 wherever an execution role is set, ECS pulls an image from ECR with that
role: ``ecr:GetAuthorizationToken`` on ``*`` (nothing else fits it), and
``ecr:BatchGetImage`` and ``ecr:GetDownloadUrlForLayer`` on the repository. Without them the task
stops with CannotPullContainerError.

Allow the token on ``*`` in a statement of its own, and the rest on the ARN of the repository.

Source: Amazon ECS Developer Guide, "Task execution IAM role"; AWS Service Authorization Reference,
Amazon Elastic Container Registry.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.execution_role import Need, lacking
from ecs_blocks.checks.views.parts import each
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, containers
from ecs_blocks.checks.views.texts import HOLE, settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.views.parts import Part

# <account>.dkr.ecr.<region>.<domain>/<repository>, with a tag or a digest after it.
_ECR: Final = re.compile(
    r"(?P<account>\d{12}|\$\{[^}]*\})\.dkr[.-]ecr(?:-fips)?\."
    r"(?P<region>[a-z0-9-]+|\$\{[^}]*\})\.[^/]+/(?P<name>(?:\$\{[^}]*\}|[^:@$])+).*"
)
_OF_REPOSITORY: Final = re.compile(r"\$\{(?P<id>\w+)\.RepositoryUri\}.*")
_PULL: Final = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def _judge(task: Resource, template: Template) -> Iterator[Fault]:
    def container(one: Part) -> Iterator[Fault]:
        yield from lacking(task, template, _needs(one, template))

    yield from each(containers(task), container)


def _needs(container: Part, template: Template) -> Iterator[Need]:
    path = container.at("Image")
    image = settled(container.raw("Image"), template, path)
    repository = _OF_REPOSITORY.fullmatch(image)
    registry = _ECR.fullmatch(image)
    if repository is not None:
        arn = f"${{{repository['id']}.Arn}}"
    elif registry is not None:
        arn = f"arn:${{P}}:ecr:{registry['region']}:{registry['account']}:repository/"
        arn += registry["name"]
    elif HOLE.match(image):
        raise Unknown(path)  # it begins with what is not known, maybe with a registry
    else:
        return
    yield Need(path, ("ecr:GetAuthorizationToken",), "*", "*")
    yield Need(path, _PULL, arn, "the repository of the image")


CHECK = Check(
    id="EB612",
    title="execution role may not pull the image",
    types=(TASK_DEFINITION,),
    severity=Severity.ERROR,
    fix="allow the token on * and BatchGetImage, GetDownloadUrlForLayer on the repository",
    judge=_judge,
)
