"""Problems as lines, errors as a tree with exit codes."""

from __future__ import annotations

import pytest

from ecs_blocks.errors import (
    BlockError,
    EcsBlocksError,
    InputError,
    OutputError,
    Problem,
    TokenError,
)


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (
            Problem("a.yaml", 12, 5, "parameters.dev.X", "is wrong"),
            "a.yaml:12:5: parameters.dev.X: is wrong",
        ),
        (Problem("a.yaml", 12, 5, "", "is wrong"), "a.yaml:12:5: is wrong"),
        (Problem("a.yaml", 0, 0, "locked", "is wrong"), "a.yaml: locked: is wrong"),
        (Problem("a.yaml", 0, 0, "", "is wrong"), "a.yaml: is wrong"),
    ],
)
def test_a_problem_is_one_line(problem: Problem, expected: str) -> None:
    assert str(problem) == expected


def test_problems_are_told_once_and_in_the_order_of_the_files() -> None:
    first = Problem("a.yaml", 2, 9, "", "first")
    second = Problem("a.yaml", 10, 1, "", "second")
    third = Problem("b.yaml", 1, 1, "", "third")
    error = InputError([third, second, first, second])

    assert error.problems == (first, second, third)
    assert str(error) == "a.yaml:2:9: first\na.yaml:10:1: second\nb.yaml:1:1: third"


@pytest.mark.parametrize(
    ("error", "also", "code"),
    [
        (InputError([]), ValueError, 2),
        (BlockError("x"), ValueError, 2),
        (TokenError("x"), TypeError, 2),
        (OutputError("x"), OSError, 1),
        (EcsBlocksError("x"), Exception, 1),
    ],
)
def test_every_error_is_one_of_ours_and_one_of_python_s(
    error: EcsBlocksError, also: type[Exception], code: int
) -> None:
    assert isinstance(error, EcsBlocksError)
    assert isinstance(error, also)
    assert (error.exit_code, error.closing) == (code, "")
