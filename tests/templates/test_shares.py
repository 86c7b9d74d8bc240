"""Work shared out to processes: in order, complete, and over when one of them dies."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, TypeVar

import pytest

from ecs_blocks.errors import EcsBlocksError
from ecs_blocks.templates.shares import SHARE, shared_out

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow

MANY = range(SHARE * 4)


R = TypeVar("R")


def shared(work: Callable[[int], R], items: range) -> list[R]:
    return list(shared_out(work, items, called=str, done="counted"))


def test_results_come_in_the_order_of_the_items(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2})
    own = os.getpid()

    found = shared(lambda n: (n, os.getpid()), MANY)

    assert [n for n, _ in found] == list(MANY)
    assert {pid for _, pid in found} & {own} == set()
    assert len({pid for _, pid in found}) == 3


@pytest.mark.parametrize(("cores", "count"), [({0}, SHARE * 4), ({0, 1}, SHARE * 2 - 1)])
def test_little_work_starts_no_process(
    cores: set[int], count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: cores)

    assert set(shared(lambda _: os.getpid(), range(count))) == {os.getpid()}


@pytest.mark.parametrize(
    ("end", "how"),
    [
        (lambda: os._exit(7), "with exit code 7"),
        (
            lambda: os.kill(os.getpid(), signal.SIGKILL),
            r"by the system \(SIGKILL\), most likely for want of memory",
        ),
    ],
)
def test_a_process_that_ends_is_told(
    end: Callable[[], None], how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})

    def work(n: int) -> int:
        if n == 5:
            end()
        return n

    with pytest.raises(EcsBlocksError, match=f"^5: the process that counted it was ended {how}$"):
        shared(work, MANY)
