"""Virtual time passes in sleep, for everybody at the same pace."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from tests.fake_aws.clock import START, FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_what_was_due_has_happened_after_a_sleep() -> None:
    clock, seen = FakeClock(), list[float]()
    clock.at(5, lambda: seen.append(clock.now_s()))
    clock.at(2, lambda: clock.at(1, lambda: seen.append(clock.now_s())))
    clock.sleep(4)
    first = list(seen)
    clock.sleep(4)

    assert (first, seen, clock.now_s()) == ([3], [3, 5], 8)


def test_steps_happen_in_time_until_they_are_cancelled() -> None:
    clock, seen = FakeClock(), list[float]()

    def steps() -> Iterator[float]:
        while True:
            seen.append(clock.now_s())
            yield 2

    process = clock.run(steps())
    clock.sleep(5)
    process.cancel()
    clock.sleep(5)

    assert seen == [0, 2, 4]


def test_a_host_may_have_a_wrong_clock() -> None:
    clock = FakeClock(skew_s=-600)
    clock.sleep(60)

    assert (clock.aws_time() - START).total_seconds() == 60
    assert (clock.aws_time() - clock.utc()).total_seconds() == 600


def test_many_that_sleep_together_sleep_no_longer_than_one() -> None:
    clock, started = FakeClock(), threading.Barrier(8)

    def sleeper(_: int) -> None:
        clock.now_s()
        started.wait()
        for _ in range(20):
            clock.sleep(5)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(sleeper, range(8)))

    assert 100 <= clock.now_s() < 200
