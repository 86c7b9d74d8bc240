"""Options of somebody else's command, with ``--`` before them and without."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from ecs_blocks.cli import ecs_blocks_command

HINT = "stands behind --, as in: ecs-blocks {verb} APP --env ENV -- ls -l"


@pytest.mark.parametrize(
    ("verb", "words", "is_told"),
    [
        ("exec", ("ls", "-l"), True),
        ("run", ("ls", "-l"), True),
        ("exec", ("--containr", "app", "--", "ls", "-l"), False),
        ("run", ("--containr", "app", "--", "ls", "-l"), False),
    ],
)
def test_an_option_before_the_mark_is_told_where_it_belongs(
    verb: str, words: tuple[str, ...], *, is_told: bool
) -> None:
    done = CliRunner().invoke(
        ecs_blocks_command, [verb, "hoge", "--env", "prod", *words], prog_name="ecs-blocks"
    )

    assert done.exit_code == (125 if verb == "run" else 2)
    assert "No such option" in done.output
    assert (HINT.format(verb=verb) in " ".join(done.output.split())) is is_told
