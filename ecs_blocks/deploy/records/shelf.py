"""Where records lie: files of one app in one environment, by name, in a folder or a bucket."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, Protocol

from botocore.exceptions import BotoCoreError, ClientError
from msgspec import Struct

from ecs_blocks.deploy.aws import Aws
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.s3 import bucket_error, put_new
from ecs_blocks.whole_file import write_whole

SUFFIX: Final = ".json"
_KEY: Final = "Records"
_PROBE: Final = ".writable"
_PROBE_BYTES: Final = 1 << 20
"""As large as a template may be; a record holds one."""
_MAX_BYTES: Final = 16 * _PROBE_BYTES
"""No record is as large: of one that is, the rest is missing, and it is not used."""


class Shelf(Protocol):
    """Keeps bytes by *group* (``prod/hoge``) and *name*. Every method raises DeployError."""

    def names(self, group: str) -> list[str]:
        """The names of a group, in no order."""

    def load(self, group: str, name: str) -> bytes:
        """What was kept under a name."""

    def add(self, group: str, name: str, content: bytes) -> bool:
        """Keep something new; False, and nothing done, where the name is taken."""

    def replace(self, group: str, name: str, content: bytes) -> None:
        """Keep something in the place of what has this name."""

    def place(self, group: str, name: str) -> str:
        """Where that is, for a person."""

    def probe(self, group: str) -> None:
        """Write something as large as a record into a group, and leave none of it behind."""


class Folder(Struct, frozen=True):
    """A folder of this machine. Files are readable to their owner only, and never half written."""

    folder: Path

    def names(self, group: str) -> list[str]:
        """As in ``Shelf``."""
        try:
            files = list((self.folder / group).iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._error(error) from error
        return [file.name.removesuffix(SUFFIX) for file in files if file.name.endswith(SUFFIX)]

    def load(self, group: str, name: str) -> bytes:
        """As in ``Shelf``."""
        try:
            # a pipe that nobody writes to would be waited for
            number = os.open(self._path(group, name), os.O_RDONLY | os.O_NONBLOCK)
            with os.fdopen(number, "rb") as file:
                return file.read(_MAX_BYTES)
        except OSError as error:
            raise self._error(error) from error

    def add(self, group: str, name: str, content: bytes) -> bool:
        """As in ``Shelf``."""
        if self._path(group, name).exists():
            return False
        self.replace(group, name, content)
        return True

    def replace(self, group: str, name: str, content: bytes) -> None:
        """As in ``Shelf``."""
        path = self._path(group, name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            ignore = self.folder / ".gitignore"
            if not ignore.exists():  # an empty one stays: whoever wants records in git has them
                ignore.write_text("*\n", encoding="utf-8")
            write_whole(path, content, 0o600)
        except OSError as error:
            raise self._error(error) from error

    def place(self, group: str, name: str) -> str:
        """As in ``Shelf``."""
        return str(self._path(group, name))

    def probe(self, group: str) -> None:
        """As in ``Shelf``."""
        self.replace(group, _PROBE, bytes(_PROBE_BYTES))
        try:
            self._path(group, _PROBE).unlink(missing_ok=True)
        except OSError as error:
            raise self._error(error) from error

    def _path(self, group: str, name: str) -> Path:
        return self.folder / group / f"{name}{SUFFIX}"

    def _error(self, error: OSError) -> DeployError:
        what = error.strerror or str(error)
        return DeployError(Exit.INTERNAL, f"{error.filename or self.folder}: {what}")


class Bucket(Struct, frozen=True):
    """A bucket of the environment's own account; how it encrypts is the bucket's to say."""

    aws: Aws
    bucket: str
    prefix: str
    account_id: str

    def names(self, group: str) -> list[str]:
        """As in ``Shelf``."""
        start = self._object(group, "")
        try:
            pages = (
                self.aws.client("s3")
                .get_paginator("list_objects_v2")
                .paginate(Bucket=self.bucket, Prefix=start, ExpectedBucketOwner=self.account_id)
            )
            keys = [str(one["Key"]) for page in pages for one in page.get("Contents", ())]
        except (BotoCoreError, ClientError) as error:
            raise self._error(error, "reading records") from error
        return [
            key.removeprefix(start).removesuffix(SUFFIX) for key in keys if key.endswith(SUFFIX)
        ]

    def load(self, group: str, name: str) -> bytes:
        """As in ``Shelf``."""
        try:
            found = self.aws.client("s3").get_object(
                Bucket=self.bucket,
                Key=self._object(group, f"{name}{SUFFIX}"),
                ExpectedBucketOwner=self.account_id,
            )
            content: bytes = found["Body"].read(_MAX_BYTES)
        except (BotoCoreError, ClientError) as error:
            raise self._error(error, f"reading {self.place(group, name)}") from error
        return content

    def add(self, group: str, name: str, content: bytes) -> bool:
        """As in ``Shelf``."""
        key = self._object(group, f"{name}{SUFFIX}")
        try:
            return put_new(self.aws, self.bucket, key, content, self.account_id)
        except (BotoCoreError, ClientError) as error:
            raise self._error(error, "writing the record") from error

    def replace(self, group: str, name: str, content: bytes) -> None:
        """As in ``Shelf``."""
        try:
            self.aws.client("s3").put_object(
                Bucket=self.bucket,
                Key=self._object(group, f"{name}{SUFFIX}"),
                Body=content,
                ExpectedBucketOwner=self.account_id,
            )
        except (BotoCoreError, ClientError) as error:
            raise self._error(error, "writing the record") from error

    def probe(self, group: str) -> None:
        """As in ``Shelf``; an empty object stays, as nobody has to be allowed to delete."""
        self.replace(group, _PROBE, b"")

    def place(self, group: str, name: str) -> str:
        """As in ``Shelf``."""
        return f"s3://{self.bucket}/{self._object(group, name)}{SUFFIX}"

    def _object(self, group: str, name: str) -> str:
        return "/".join(part for part in (self.prefix, group) if part) + f"/{name}"

    def _error(self, error: Exception, doing: str) -> DeployError:
        return bucket_error(error, doing, self.bucket, self.account_id, _KEY)
