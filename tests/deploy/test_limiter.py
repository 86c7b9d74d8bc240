"""The pace: a burst is free, then so many calls a second, however many ask."""

from __future__ import annotations

import threading

import pytest

from ecs_blocks.deploy.limiter import Limiter
from tests.fake_aws import FakeAws, FakeClock


@pytest.mark.parametrize(
    ("calls", "seconds"),
    [(1, 0.0), (4, 0.0), (5, 0.5), (6, 1.0), (24, 10.0)],
)
def test_after_the_burst_each_call_takes_its_time(calls: int, seconds: float) -> None:
    clock = FakeClock()
    limiter = Limiter(clock, per_second=2.0, burst=4)

    for _ in range(calls):
        limiter.take()

    assert clock.now_s() == pytest.approx(seconds)


@pytest.mark.parametrize(("pause_s", "seconds"), [(0.0, 0.5), (0.5, 0.0), (1000.0, 0.0)])
def test_a_pause_makes_room_again(pause_s: float, seconds: float) -> None:
    clock = FakeClock()
    limiter = Limiter(clock, per_second=2.0, burst=4)
    for _ in range(4):
        limiter.take()
    clock.advance(pause_s)

    limiter.take()

    assert clock.now_s() - pause_s == pytest.approx(seconds)


def test_a_long_pause_makes_room_for_one_burst_only() -> None:
    clock = FakeClock()
    limiter = Limiter(clock, per_second=2.0, burst=4)
    clock.advance(1000)

    for _ in range(6):
        limiter.take()

    assert clock.now_s() - 1000 == pytest.approx(1.0)


def test_many_at_once_are_as_slow_as_one_after_the_other() -> None:
    clock = FakeClock()
    limiter = Limiter(clock, per_second=2.0, burst=4)

    def work() -> None:
        for _ in range(4):
            limiter.take()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert clock.now_s() == pytest.approx(4.0)


def test_every_call_to_aws_takes_its_turn() -> None:
    with FakeAws() as fake:
        aws = fake.aws()
        for _ in range(10):
            aws.identity()
            aws.client("cloudformation").describe_stacks()

        assert fake.clock.now_s() == pytest.approx((20 - 16) / 8)
