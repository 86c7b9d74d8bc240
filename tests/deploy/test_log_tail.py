"""Log lines of all tasks in the order of time; none lost, none doubled, whatever AWS does."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.log_tail import Line, Tail, Wanted, find, follow
from tests.deploy.one_off.world import GROUP, aws_of, serving, write
from tests.fake_aws import FakeAws, denied, expired, throttled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.log_tail import Found
    from tests.fake_aws.faults import Kind

ONE, TWO = "1" * 32, "2" * 32


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as found:
        yield found


def where(fake: FakeAws, wanted: Wanted | None = None) -> Found:
    aws = aws_of(fake)
    stack = read_stack(aws, "hoge-prod")
    assert stack is not None
    return find(aws, stack, wanted or Wanted())


def tail(fake: FakeAws, since_ms: int | None = None) -> Tail:
    return Tail(aws_of(fake), where(fake).sources, since_ms)


def texts(lines: Iterator[Line]) -> list[str]:
    return [line.text for line in lines]


def now_ms(fake: FakeAws) -> int:
    return int(fake.clock.aws_time().timestamp() * 1000)


def small_pages(fake: FakeAws, limit: int = 2) -> None:
    """Let FilterLogEvents give so few lines at a time."""
    real = fake.world.logs.filter_log_events
    fake.canned("logs", "FilterLogEvents", lambda request: real({**request, "limit": limit}))


def interleaved(fake: FakeAws, count: int = 6) -> list[str]:
    """Lines of two tasks and two containers, a second after one another."""
    expected = []
    for number in range(count):
        task, container = (ONE, TWO)[number % 2], ("app", "proxy")[number // 2 % 2]
        write(fake, task, f"line {number}", container=container)
        expected.append(f"line {number}")
        fake.clock.advance(1)
    return expected


def followed(fake: FakeAws, seconds: float, found: Tail | None = None) -> tuple[list[str], ...]:
    """What is shown and what is said in so many seconds."""
    shown: list[str] = []
    said: list[str] = []

    def enough() -> None:
        raise KeyboardInterrupt

    fake.clock.at(seconds, enough)
    with pytest.raises(KeyboardInterrupt):
        follow(aws_of(fake), found or tail(fake), lambda line: shown.append(line.text), said.append)
    return shown, said


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_lines_of_all_tasks_and_containers_stand_in_the_order_of_time(
    fake: FakeAws, limit: int
) -> None:
    serving(fake)
    small_pages(fake, limit)
    expected = interleaved(fake)

    assert texts(tail(fake).look()) == expected


def test_lines_before_the_beginning_are_left_out(fake: FakeAws) -> None:
    serving(fake)
    interleaved(fake)

    assert texts(tail(fake, now_ms(fake) - 3000).look()) == ["line 3", "line 4", "line 5"]


def test_only_what_is_new_is_given_again(fake: FakeAws) -> None:
    serving(fake)
    found = tail(fake)
    first = interleaved(fake)

    assert texts(found.look()) == first
    assert texts(found.look()) == []
    write(fake, ONE, "same moment", "same moment")
    assert texts(found.look()) == ["same moment", "same moment"]
    assert texts(found.look()) == []


def test_a_line_that_arrives_late_is_not_lost(fake: FakeAws) -> None:
    serving(fake)
    found = tail(fake)
    write(fake, ONE, "first")
    fake.clock.advance(20)
    write(fake, ONE, "third")
    texts(found.look())
    late = {"timestamp": now_ms(fake) - 10_000, "message": "second", "ingestionTime": now_ms(fake)}
    fake.world.logs.groups[GROUP][f"app/app/{ONE}"].append(late)

    assert texts(found.look()) == ["second"]
    assert texts(found.look()) == []


@pytest.mark.slow
def test_following_shows_each_line_once_as_it_comes(fake: FakeAws) -> None:
    serving(fake)
    small_pages(fake)
    expected = interleaved(fake)
    for number in range(60):
        fake.clock.at(number * 1.7, partial(write, fake, ONE, f"new {number}"))
        expected.append(f"new {number}")
    shown, said = followed(fake, 120)

    assert (shown, said) == (expected, [])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "told"), [(throttled, 1), (expired, 0)], ids=["throttled", "expired"]
)
def test_what_fails_for_a_while_neither_ends_nor_doubles_it(
    fake: FakeAws, fault: Kind, told: int
) -> None:
    serving(fake)
    small_pages(fake, 1)
    expected = interleaved(fake)
    fake.fault("FilterLogEvents", fault, nth=4, times=1 if fault is expired else 3)
    shown, said = followed(fake, 60)

    assert shown == expected
    assert said == ["CloudWatch Logs does not answer; trying again"] * told


def test_a_missing_permission_ends_it(fake: FakeAws) -> None:
    serving(fake)
    fake.fault("FilterLogEvents", denied, times=None)
    with pytest.raises(DeployError) as caught:
        follow(aws_of(fake), tail(fake), print, print)

    assert caught.value.code is Exit.CREDENTIALS
    assert caught.value.message.startswith("reading the log /ecs/hoge-prod: permission is missing")
