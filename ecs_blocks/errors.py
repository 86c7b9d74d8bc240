"""What can go wrong, as a tree.

EcsBlocksError                  a sentence for the user; ``exit_code`` for the shell
├── InputError    (ValueError)  what the user wrote is wrong; carries every Problem at once: exit 2
├── BlockError    (ValueError)  a block cannot be built from these arguments: exit 2
├── TokenError    (TypeError)   a value that only CloudFormation will know was used here: exit 2
└── OutputError   (OSError)     the result could not be written; nothing was changed: exit 1

Texts are lower case without a full stop, and say what was given, what is allowed and what to do.
Nothing here imports anything of ecs_blocks: this is floor 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable


class Problem(Struct, frozen=True, order=True):
    """One thing that is wrong, at the place where the user typed it.

    ``line`` and ``column`` count from 1; 0 means that the whole file is meant. ``where`` is the
    dotted path of the value (``parameters.prod.TaskMemory``), empty when there is none.
    """

    file: str
    line: int
    column: int
    where: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return ": ".join(part for part in (place, self.where, self.message) if part)


class EcsBlocksError(Exception):
    """Base of every error that ecs_blocks raises on purpose."""

    exit_code = 1
    closing = ""
    """What a command adds to the count of problems: that nothing was written, say."""


class Terminated(KeyboardInterrupt):
    """SIGTERM: a kind of Ctrl-C, which no script's mistakes are confused with."""


class InputError(EcsBlocksError, ValueError):
    """What the user wrote is wrong. ``problems`` holds all of it, in the order of the files."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class BlockError(EcsBlocksError, ValueError):
    """A block can never be built from these arguments, or two blocks do not fit together."""

    exit_code = 2


class TokenError(EcsBlocksError, TypeError):
    """A value that only CloudFormation will know was compared, counted or turned into text."""

    exit_code = 2


class OutputError(EcsBlocksError, OSError):
    """The result could not be written; what was there before is unchanged."""
