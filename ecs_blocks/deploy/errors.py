"""How a deploy ends: the exit codes, and the error that carries one."""

from __future__ import annotations

import enum
from typing import Final

from ecs_blocks.errors import EcsBlocksError


class Exit(enum.IntEnum):
    """Exit codes, the same for every verb. What each means: ``EXIT_CODES``."""

    DONE = 0
    INTERNAL = 1
    INPUT = 2
    CHANGES = 3
    NEEDS_APPROVAL = 4
    ROLLED_BACK = 10
    NEEDS_A_PERSON = 11
    STILL_RUNNING = 12
    BLOCKED = 13
    CREDENTIALS = 14
    REJECTED = 15
    INTERRUPTED = 130
    TERMINATED = 143


EXIT_CODES: Final = {
    Exit.DONE: "done: deployed and verified, or nothing to do",
    Exit.INTERNAL: "something could not be written, or failed inside",
    Exit.INPUT: "bad input, or `check` found an error; nothing was written or deployed",
    Exit.CHANGES: "`--exit-code` of `review` and `deploy --plan-only`: there are changes",
    Exit.NEEDS_APPROVAL: "there are changes that somebody has to agree to (`review` and "
    "`deploy --plan-only`: only with `--exit-code`); nothing was changed",
    Exit.ROLLED_BACK: "failed and gone back, to the version before or, the first time, to nothing",
    Exit.NEEDS_A_PERSON: "failed, and stays as it is until somebody decides",
    Exit.STILL_RUNNING: "the time was over, or AWS could not be reached; the operation goes on",
    Exit.BLOCKED: "somebody else's operation or review is in the way",
    Exit.CREDENTIALS: "credentials or permissions are missing",
    Exit.REJECTED: "refused before anything was changed: pre-flight, validation, hook or quota",
    Exit.INTERRUPTED: "interrupted; what had begun goes on in AWS",
    Exit.TERMINATED: "terminated; what had begun goes on in AWS",
}
"""Each code, and what it means."""


class DeployError(EcsBlocksError):
    """Why a deploy cannot go on: one sentence, what to do next, and the exit code.

    ``hint`` is a command to type or a thing to do; it stands on a line of its own.
    """

    def __init__(self, code: Exit, message: str, hint: str = "") -> None:
        super().__init__(f"{message}\n  {hint}" if hint else message)
        self.exit_code = int(code)
        self.code = code
        self.message = message
        self.hint = hint
