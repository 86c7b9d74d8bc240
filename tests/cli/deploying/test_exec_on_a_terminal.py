"""Somebody who types in a session: the keys are the container's, and the terminal is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.deploying.services import with_services
from tests.cli.deploying.terminal import CTRL_C, ENTER, console
from tests.deploy.execute.stand_in import StandIn

if TYPE_CHECKING:
    from tests.cli.deploying.stage import Stage

pytestmark = pytest.mark.slow  # a process of its own

SESSION = """\
trap 'echo "the session: interrupted"' INT
echo "the session: ready"
until read -r typed; do :; done
echo "the session: $typed"
exit 3"""


def test_ctrl_c_and_what_is_typed_reach_the_session(stage: Stage) -> None:
    plugin = StandIn(stage.project.folder / "bin")
    plugin.install(body=SESSION)
    stage.variables["PATH"] = f"{plugin.folder}:/usr/bin:/bin"
    with_services(stage, "Web", more="EnableExecuteCommand=True,")
    with console(stage, "exec", "hoge", "--env", "prod", columns=200) as seen:
        seen.until("/bin/sh in app of task ")
        seen.until("the session: ready")
        seen.press(CTRL_C)
        seen.until("the session: interrupted")
        seen.press("hello", ENTER)
        seen.until("the session: hello")
        ended = seen.end()

    assert ended.code == 3
    assert "is the newest of 2; others are " in ended.stderr
    assert plugin.response["TokenValue"] not in ended.stderr
