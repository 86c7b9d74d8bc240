"""When AWS was last heard while an operation is watched, and when to look next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.errors import DeployError

_QUICK_S: Final = 2.0
_SLOW_S: Final = 6.0
_SILENT_S: Final = 30.0


class Contact:
    """How it is with AWS: when it was last heard, and what went wrong since."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._heard_s = aws.clock.now_s()
        self.pause_s = _QUICK_S
        self.is_renewed = False
        """Whether the credentials were renewed since."""
        self.note = ""
        """What is shown of a long silence."""
        self.why = ""
        """What went wrong last in it."""

    @property
    def silent_s(self) -> float:
        """For how long nothing was heard."""
        return self._aws.clock.now_s() - self._heard_s

    def heard(self, *, moved: bool) -> None:
        """AWS answered; where nothing *moved*, the next look is later."""
        self._heard_s, self.is_renewed, self.note = self._aws.clock.now_s(), False, ""
        self.pause_s = _QUICK_S if moved else min(self.pause_s * 1.3, _SLOW_S)

    def missed(self, error: DeployError) -> None:
        """AWS did not answer."""
        self.pause_s = min(self.pause_s * 2, 20.0)
        if self.silent_s > _SILENT_S:
            self.note = (
                f"no contact with AWS for {self.silent_s:.0f} s; the operation goes on there"
            )
            self.why = error.message

    def renew(self) -> None:
        """Take new credentials."""
        self.is_renewed = True
        self._aws.renew()
