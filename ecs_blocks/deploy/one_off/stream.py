"""The lines of one container, as they come: a stream of CloudWatch Logs, read on from its start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from ecs_blocks.deploy.calls import code_of, is_denied, is_expired, is_passing, text_of

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.ecs.logs import Source

_PAGES: Final = 100
"""So many pages at a time: a container that writes without end must not hide its own end."""


class Stream:
    """Reads on where it was. No line is lost or doubled: the token of a page says where it ends.

    *source* is the stream, or a note on why there is none to read; ``note`` says why nothing comes.
    """

    def __init__(self, aws: Aws, source: Source | str) -> None:
        self._aws = aws
        self._source = source
        self._token: dict[str, str] = {}
        self.note = source if isinstance(source, str) else ""
        self.is_closed = isinstance(source, str)
        if not isinstance(source, str) and source.region and source.region != aws.region:
            self._close(f"the log is in {source.region}: {source.group}, stream {source.stream}")

    def read(self) -> list[str]:
        """The lines that are new; none where AWS does not answer."""
        if self.is_closed or isinstance(self._source, str):
            return []
        client = self._aws.client("logs")
        found: list[str] = []
        for _ in range(_PAGES):
            try:
                answer = client.get_log_events(
                    logGroupName=self._source.group,
                    logStreamName=self._source.stream,
                    startFromHead=True,
                    **self._token,
                )
            except (BotoCoreError, ClientError) as error:
                self._failed(error)
                break
            found += [str(one.get("message", "")) for one in answer.get("events") or ()]
            after = str(answer.get("nextForwardToken") or "")
            if not after or after == self._token.get("nextToken"):
                break
            self._token = {"nextToken": after}
        return found

    def _failed(self, error: Exception) -> None:
        if code_of(error) == "ResourceNotFoundException":
            return  # the stream comes with the first line
        if is_denied(error):
            self._close("no log lines: permission logs:GetLogEvents is missing")
        elif not is_passing(error) and not is_expired(error):
            self._close(f"no log lines: CloudWatch Logs: {text_of(error)}")

    def _close(self, note: str) -> None:
        self.note = note
        self.is_closed = True
