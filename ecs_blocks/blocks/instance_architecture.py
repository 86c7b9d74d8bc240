"""Of which architecture instances and their image are, as far as their names say it.

Sources: Amazon EC2 User Guide, "Instance type naming conventions" (``g`` behind the generation is
Graviton); Amazon ECS Developer Guide, "Retrieving Amazon ECS-optimized Linux AMI metadata", and
Bottlerocket, "Finding an AMI" (the SSM parameters that AWS keeps).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ecs_blocks.blocks.task_size import Architecture

_GRAVITON: Final = re.compile(r"(?:a1|[a-z]+\d+g[a-z]*)\..+")
"""``m7g.large``, ``c7gn.large``, ``g5g.xlarge``; not ``g5.xlarge``."""
_OF_AWS: Final = ("/aws/service/ecs/optimized-ami/", "/aws/service/bottlerocket/aws-ecs-")
_CALLED: Final = {"X86_64": "x86_64", "ARM64": "arm64 (Graviton)"}


def architecture_of_type(instance_type: str) -> Architecture:
    """The architecture of an instance type: ``m7g.large`` is ARM64."""
    return "ARM64" if _GRAVITON.fullmatch(instance_type) else "X86_64"


def architecture_of_image(parameter: str) -> Architecture | None:
    """That of the AMI in an SSM parameter of AWS's own; None for any other parameter."""
    if not parameter.startswith(_OF_AWS):
        return None
    return "ARM64" if "arm64" in parameter else "X86_64"


def misfit(architecture: Architecture, parameter: str) -> str:
    """What is wrong with instances of *architecture* with this image; empty where nothing is.

    EC2 does not start an instance with an image of another architecture.
    """
    of_image = architecture_of_image(parameter)
    if of_image is None or of_image == architecture:
        return ""
    path = "with /arm64/ in it" if architecture == "ARM64" else "without /arm64/"
    return (
        f"the instances are {_CALLED[architecture]}, the image {parameter} is for "
        f"{_CALLED[of_image]}; take the path {path}, or another type of instances"
    )
