"""Plain lines: what is new, once, with the time."""

from __future__ import annotations

import io

import pytest
from msgspec import structs

from ecs_blocks.deploy.progress import Service, Snapshot, Target
from ecs_blocks.deploy.show.lines import Lines
from tests.deploy.show.story import (
    BACK,
    CRASH,
    CRASHING,
    ENDED,
    GROUP,
    MIDDLE,
    Hand,
    resource,
    service,
    snapshot,
    tasks,
)

STORY = """\
12:04:12Z hoge-prod ⟳ UPDATE updating, UPDATE_IN_PROGRESS, 9/14 resources, 4m12s
12:04:12Z hoge-prod ✓ TaskDefinition updated (ECS::TaskDefinition)
12:04:12Z hoge-prod ⟳ ScalableTarget updating (ApplicationAutoScaling::ScalableTarget)
12:04:12Z hoge-prod ⟳ Service updating (ECS::Service)
12:04:12Z hoge-prod ✗ Service task 7f2a9e01b2c3d4e5f60718293a4b5c6d: app exited 1, after 6s, 3 more the same
              │ Traceback (most recent call last):
              │   File "/app/settings.py", line 12, in <module>
              │     url = os.environ["DATABASE_URL"]
              │ KeyError: 'DATABASE_URL'
              hint: the secret DATABASE_URL is in hoge:41 but not in hoge:42: name it in stack.py
12:04:12Z hoge-prod ⟳ Service rolling out, new hoge:42: 2/4 running · 1 starting · 3 failed · 0 % of traffic, old hoge:41: 4/4 running · 100 % of traffic, circuit breaker 3 of 10, alarm hoge-prod-5xx, targets of hoge: 4 healthy · 1 unhealthy (Target.ResponseCodeMismatch) · 1 starting
12:06:42Z hoge-prod ⟳ UPDATE rolling back, UPDATE_ROLLBACK_IN_PROGRESS, 6m42s
12:06:42Z hoge-prod ○ ScalableTarget cancelled (ApplicationAutoScaling::ScalableTarget)
12:06:42Z hoge-prod ✗ Service could not be updated (ECS::Service): Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.
12:06:42Z hoge-prod ✗ Service going back to the old revision, new hoge:42: 2/4 running · 1 starting · 10 failed · 0 % of traffic, old hoge:41: 4/4 running · 100 % of traffic
12:08:40Z hoge-prod ✓ Service updated (ECS::Service)
12:08:40Z hoge-prod ✗ Service went back to the old revision, old hoge:41: 4/4 running · 100 % of traffic
12:08:40Z hoge-prod ✗ UPDATE rolled back, UPDATE_ROLLBACK_COMPLETE, 8m40s
"""  # noqa: E501 - lines of a log have no edge


class Log:
    """Plain lines, and what they said since one last looked."""

    def __init__(self, *, encoding: str = "utf-8") -> None:
        self.clock = Hand()
        self._bytes = io.BytesIO()
        out = io.TextIOWrapper(self._bytes, encoding=encoding, newline="\n")
        self.out = out
        self.lines = Lines(out, self.clock)

    def at(self, seconds: float, shown: Snapshot) -> list[str]:
        """The lines that a snapshot at that time brings, without stamp and stack."""
        self.clock.at_s = seconds
        self.lines.show(shown)
        return [line.removeprefix("hoge-prod ") for line in self.news()]

    def news(self) -> list[str]:
        self.out.flush()
        text = self._bytes.getvalue().decode(self.out.encoding)
        self._bytes.seek(0)
        self._bytes.truncate()
        return [line[10:] for line in text.splitlines()]


def of(one: Service) -> Snapshot:
    return snapshot(services=(one,))


def test_the_story_is_told_from_its_beginning_to_its_end() -> None:
    out = io.StringIO()
    clock = Hand()
    lines = Lines(out, clock)
    for shown in (MIDDLE, BACK, ENDED):
        resources = tuple(r for r in shown.resources if not r.logical_id.startswith("Alarm"))
        clock.at_s = shown.elapsed_s
        lines.show(structs.replace(shown, resources=resources))
    lines.close()

    assert out.getvalue() == STORY


def test_nothing_is_told_twice() -> None:
    log = Log()
    log.at(0, MIDDLE)

    assert log.at(30, MIDDLE) == []


def test_an_event_is_told_once_and_a_beginning_told_twice_once() -> None:
    first = resource("A", "CREATE_IN_PROGRESS", event_id="1")
    again = resource("A", "CREATE_IN_PROGRESS", event_id="2", reason="Resource creation Initiated")
    done = resource("A", "CREATE_COMPLETE", event_id="3")
    back = resource("A", "CREATE_IN_PROGRESS", event_id="4")
    log = Log()
    log.at(0, snapshot())

    assert log.at(1, snapshot(resources=(first,))) == ["⟳ A creating (CloudWatch::Alarm)"]
    assert log.at(2, snapshot(resources=(again,))) == []
    assert log.at(3, snapshot(resources=(done,))) == ["✓ A created (CloudWatch::Alarm)"]
    assert log.at(4, snapshot(resources=(back,))) == ["⟳ A creating (CloudWatch::Alarm)"]


def test_a_failure_that_was_followed_before_anybody_looked_is_told() -> None:
    """A rollback may begin within the seconds between two looks."""
    failed = resource("A", "UPDATE_FAILED", event_id="2", reason="no such key")
    back = resource("A", "UPDATE_IN_PROGRESS", event_id="3")
    log = Log()
    log.at(0, snapshot(resources=(resource("A", "UPDATE_IN_PROGRESS", event_id="1"),)))

    assert log.at(6, snapshot(resources=(back,), failed=(failed,))) == [
        "✗ A could not be updated (CloudWatch::Alarm): no such key",
        "⟳ A updating (CloudWatch::Alarm)",
    ]
    assert log.at(12, snapshot(resources=(back,), failed=(failed,))) == []


def test_resources_of_one_name_in_two_stacks_are_two() -> None:
    both = (
        resource("A", "CREATE_COMPLETE", event_id=""),
        resource("A", "CREATE_COMPLETE", event_id="", path=("Nested",)),
    )
    log = Log()
    log.at(0, snapshot())

    assert log.at(1, snapshot(resources=both)) == [
        "✓ A created (CloudWatch::Alarm)",
        "✓ Nested/A created (CloudWatch::Alarm)",
    ]


def test_where_only_numbers_move_a_line_comes_each_ten_seconds() -> None:
    log = Log()
    log.at(0, of(service(new=tasks(0))))
    told = [at for at in range(1, 40) if log.at(at, of(service(new=tasks(at))))]

    assert told == [10, 20, 30]


@pytest.mark.parametrize(
    "changed",
    [
        service(new=tasks(failed=1)),
        service(breaker_failures=1),
        service(rollout="FAILED"),
        service(alarms=("5xx",)),
        service(targets=(Target(GROUP, 0, 1),)),
        service(waiting_for="ecs-blocks continue"),
        service(stage="BAKE_TIME"),
        service(note="the log group is gone"),
        service(old=()),
    ],
)
def test_a_failure_is_told_at_once(changed: Service) -> None:
    log = Log()
    log.at(0, of(service()))

    assert len(log.at(1, of(changed))) == 1


def test_counts_that_were_held_back_are_told_in_the_end() -> None:
    log = Log()
    log.at(0, of(service(new=tasks(2))))
    held = log.at(1, of(service(new=tasks(4))))
    log.lines.close()
    [line] = log.news()
    log.lines.close()

    assert held == []
    assert "new hoge:42: 4/4 running" in line
    assert log.news() == []


def test_log_lines_that_come_later_are_told_later() -> None:
    bare = structs.replace(CRASH, log_lines=(), hint="", same=0)
    log = Log()
    log.at(0, of(CRASHING))
    first = log.at(1, of(service(failures=(structs.replace(bare, task_id="2"),))))
    late = structs.replace(CRASH, task_id="2", log_lines=("at last",))

    assert first[0] == "✗ Service task 2: app exited 1, after 6s"
    assert log.at(2, of(service(failures=(late,)))) == ["log of task 2", "    │ at last"]
    assert log.at(3, of(service(failures=(late,)))) == []


def test_a_note_is_told_once_though_its_seconds_grow() -> None:
    log = Log()
    log.at(0, snapshot())
    told = [log.at(n, snapshot(note=f"no contact for {n} s")) for n in (30, 50, 70)]

    assert told == [["note: no contact for 30 s"], [], []]
    assert log.at(75, snapshot(note="another")) == ["note: another"]


def test_a_silent_minute_ends_with_a_sign_of_life() -> None:
    log = Log()
    log.at(0, snapshot())
    told = {at: log.at(at, snapshot(float(at))) for at in (30, 59, 60, 119, 120)}

    assert told == {
        30: [],
        59: [],
        60: ["still running, 1m00s, 9/14 resources"],
        119: [],
        120: ["still running, 2m00s, 9/14 resources"],
    }


def test_two_stacks_keep_apart() -> None:
    log = Log()
    log.lines.show(snapshot(resources=(resource("A", "CREATE_COMPLETE"),)))
    other = structs.replace(snapshot(resources=(resource("A", "CREATE_COMPLETE"),)), stack_name="b")
    log.news()
    log.lines.show(other)

    assert [line.split()[0] for line in log.news()] == ["b", "b"]


def test_what_is_said_keeps_its_lines() -> None:
    log = Log()
    log.lines.say("first\n  second\x1b[2J")

    assert log.news() == ["first", "  second"]


def test_a_log_line_gives_no_order_to_the_ci_server() -> None:
    evil = ("::error::x", "##vso[task.setvariable variable=a]b", "##teamcity[x]", "## a heading")
    task = structs.replace(CRASH, log_lines=evil, hint="")
    log = Log()
    told = log.at(0, of(service(failures=(task,))))

    assert told[2:6] == [
        "    │ : :error::x",
        "    │ # #vso[task.setvariable variable=a]b",
        "    │ # #teamcity[x]",
        "    │ ## a heading",
    ]


@pytest.mark.parametrize(("encoding", "mark"), [("ascii", "!"), ("latin-1", "!"), ("utf-8", "✗")])
def test_an_output_of_any_encoding_can_be_written(encoding: str, mark: str) -> None:
    log = Log(encoding=encoding)
    [_, line] = log.at(0, snapshot(resources=(resource("A", "CREATE_FAILED", reason="日本"),)))

    assert line.startswith(f"{mark} A could not be created (CloudWatch::Alarm): ")


def test_an_output_that_is_closed_ends_nothing() -> None:
    log = Log()
    log.lines.show(MIDDLE)
    log.out.close()
    log.lines.show(BACK)
    log.lines.say("nobody hears it")
    log.lines.close()

    assert log.out.closed
