"""What every stack gets beside what its script says: ``stacks/company.py``, and roles as ordered.

Both run after each ``stack(env)``, with tokens and with each environment's values alike, so that
the template and its proof stay one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import Struct

from ecs_blocks.environment.role_settings import RoleSettings
from ecs_blocks.errors import InputError, Problem
from ecs_blocks.templates.mistakes import problem_of
from ecs_blocks.templates.script import load_module
from ecs_blocks.templates.stack import Stack
from ecs_blocks.values import ACCOUNT_ID, PARTITION, text

FILE: Final = "company.py"
NAME: Final = "every_stack"
ROLE: Final = "AWS::IAM::Role"
PROFILE: Final = "AWS::IAM::InstanceProfile"


class CompanyRules(Struct, frozen=True):
    """A loaded company.py. ``file`` is its name in messages."""

    path: Path
    file: str
    function: Callable[[Stack], object]

    def __call__(self, stack: Stack, note: str) -> None:
        """Change *stack*; *note* says for which environment, in a problem.

        Raises:
            InputError: the rules raised, returned something, or took a resource away.
        """
        before = {title: one.resource_type for title, one in stack.template.resources.items()}
        where = " ".join(part for part in (stack.env.app, note) if part)
        try:
            returned = self.function(stack)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise InputError([problem_of(error, self.path, self.file, where)]) from error
        if returned is not None:
            message = f"{NAME}() changes the stack that it is given, and returns nothing"
            raise InputError([Problem(self.file, 0, 0, where, message)])
        after = stack.template.resources
        for title, kind in before.items():
            now = after.get(title)
            if now is None or (now.resource_type, now.title) != (kind, title):
                message = (
                    f"{NAME}() took {title} away or made another of it; a rule changes properties "
                    "and may add resources: a logical id that goes is a resource that is deleted"
                )
                raise InputError([Problem(self.file, 0, 0, where, message)])


class Roles(Struct, frozen=True):
    """Path and permissions boundary of platform.yaml, for each role that has none of its own."""

    settings: RoleSettings

    def __call__(self, stack: Stack, _note: str) -> None:
        """Set them."""
        path, boundary = self.settings.path, self.settings.permissions_boundary
        for resource in stack.template.resources.values():
            kind = resource.resource_type
            if path is not None and kind in (ROLE, PROFILE) and "Path" not in resource.properties:
                resource.Path = path
            bound = "PermissionsBoundary" in resource.properties
            if boundary is not None and kind == ROLE and not bound:
                resource.PermissionsBoundary = text(
                    "arn:", PARTITION, ":iam::", ACCOUNT_ID, f":policy/{boundary}"
                )


def load_company(root: Path) -> CompanyRules | None:
    """The company.py of the folder of apps *root*, if there is one.

    Raises:
        InputError: it cannot be imported, or has no ``every_stack(stack)``.
    """
    path, file = root / FILE, f"{root.name}/{FILE}"
    if not path.is_file():
        return None
    import inspect  # noqa: PLC0415 - 6 ms that a repository without rules does not need

    function = getattr(load_module(path, file, root), NAME, None)
    if not callable(function) or len(inspect.signature(function).parameters) != 1:
        message = f"there has to be a function {NAME}(stack: eb.Stack) -> None"
        raise InputError([Problem(file, 0, 0, "", message)])
    return CompanyRules(path, file, function)
