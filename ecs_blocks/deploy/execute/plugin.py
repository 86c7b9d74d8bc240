"""Session Manager's plugin: AWS's own program, which is the terminal's end of a session.

It is called as AWS's command line calls it (``aws ssm start-session``). The token that opens the
session goes into a variable of the plugin's own environment, and never on its command line, which
everybody on the machine can read.

The plugin calls AWS itself, with what the SDK for Go finds: KMS as a session begins, where the
cluster has a key, and Systems Manager to take a session up again. It gets our credentials the same
way as the token: not all that botocore finds does Go find (aws/aws-cli issue 7902,
aws/session-manager-plugin issue 92), and it has to be the same caller.

Source: the plugin's ``session.go``, which says what each argument is; AWS CLI,
``customizations/sessionmanager.py``; Systems Manager User Guide, "Install the Session Manager
plugin for the AWS CLI".
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from ecs_blocks.deploy.ecs.names import printable
from ecs_blocks.deploy.errors import DeployError, Exit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.execute.session import Session

NAME: Final = "session-manager-plugin"
INSTALL: Final = (
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/"
    "session-manager-working-with-install-plugin.html"
)
RESPONSE: Final = "AWS_SSM_START_SESSION_RESPONSE"
"""The variable that holds the session; its name stands where older ones take the session itself."""
_WHO: Final = re.compile(
    r"AWS_(?:(?:DEFAULT_)?PROFILE|ACCESS_KEY(?:_ID)?|SECRET_(?:ACCESS_)?KEY"
    r"|(?:SESSION|SECURITY)_TOKEN|CREDENTIAL_EXPIRATION|ROLE_ARN|ROLE_SESSION_NAME"
    r"|WEB_IDENTITY_TOKEN_FILE|CONTAINER_\w+)"
)
"""Variables that say who calls, with the older names that Go's SDK takes as well."""
_TOO_OLD: Final = (1, 2, 497, 0)
"""The last version that knows no such variable."""
_VERSION: Final = re.compile(r"\d+(?:\.\d+){1,3}")
_TIMEOUT_S: Final = 10
_KEYS: Final = ("SIGINT", "SIGQUIT", "SIGTSTP")
"""Ctrl-C, Ctrl-\\ and Ctrl-Z; Windows has the first one only."""


def find() -> str:
    """The path of the plugin.

    Raises:
        DeployError: it is not installed, does not run, or is too old to keep the token to itself.
    """
    path = shutil.which(NAME)
    if path is None:
        raise DeployError(
            Exit.INPUT,
            f"{NAME}, AWS's program for sessions, is not in PATH",
            f"install it: {INSTALL}",
        )
    try:
        done = subprocess.run(  # noqa: S603 - the plugin itself
            [path, "--version"],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=_TIMEOUT_S,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DeployError(
            Exit.INPUT, f"{path} does not tell its version: {error}", f"install it anew: {INSTALL}"
        ) from error
    version = done.stdout.strip()
    if not _VERSION.fullmatch(version) or _numbers(version) <= _TOO_OLD:
        said = f"is {printable(version)}" if version else "does not tell its version"
        raise DeployError(
            Exit.INPUT,
            f"{path} {said}: up to {'.'.join(map(str, _TOO_OLD))} everybody on this machine could "
            "read the session's token in the list of processes",
            f"install a newer one: {INSTALL}",
        )
    return path


def _numbers(version: str) -> tuple[int, ...]:
    found = tuple(int(one) for one in version.split("."))
    return (*found, *(0,) * (len(_TOO_OLD) - len(found)))


def attend(path: str, session: Session) -> int:
    """Give the terminal to the plugin until the session is over; its exit code.

    What is typed belongs to the container, Ctrl-C too. The plugin tells nothing of the exit code
    of the command (aws/session-manager-plugin issue 59): its own is 0 wherever the session ended.

    Raises:
        OSError: the plugin cannot be started.
    """
    arguments = [
        RESPONSE,
        session.region,
        "StartSession",
        "",  # no profile: the variables say who calls
        json.dumps({"Target": session.target}),
        session.endpoint_url,
    ]
    with (
        _keys_ignored(),
        subprocess.Popen([path, *arguments], env=_environ(session)) as process,  # noqa: S603 - as above
    ):
        try:
            code = process.wait()
        except BaseException:  # SIGTERM, or the terminal is gone
            process.terminate()
            raise
    return code if code >= 0 else 128 - code


def _environ(session: Session) -> dict[str, str]:
    """The variables of this process, with the session and who calls instead of who else might."""
    key, secret, token = session.credentials[:3]
    who = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}
    return {
        **{name: value for name, value in os.environ.items() if not _WHO.fullmatch(name)},
        **{name: value for name, value in who.items() if value},
        RESPONSE: json.dumps(session.response),
    }


@contextmanager
def _keys_ignored() -> Iterator[None]:
    """Do nothing for the keys that are signals: the plugin gets them too, and sends them on.

    They are taken by a function and not switched off, which a new process would inherit.
    """
    numbers = [getattr(signal, name) for name in _KEYS if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda *_: None) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
