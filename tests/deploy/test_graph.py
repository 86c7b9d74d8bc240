"""Many stacks: dependencies first, failures isolated, all of them listed."""

from __future__ import annotations

import threading

import pytest

from ecs_blocks.deploy.ending import Outcome
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.graph import Doing, Runner, worst
from ecs_blocks.deploy.ui import Wish

GRAPH = {
    "network": frozenset[str](),
    "cluster": frozenset({"network"}),
    "hoge": frozenset({"cluster"}),
    "fuga": frozenset({"cluster", "network"}),
    "registry": frozenset[str](),
}
FREE = frozenset[str]()


def outcome(code: Exit, sentence: str = "") -> Outcome:
    return Outcome(code=code, sentence=sentence)


def skipped(name: str, because: str, why: Outcome) -> Outcome:
    return outcome(why.code, f"{name} skipped because {because} failed")


def left(name: str) -> Outcome:
    return outcome(Exit.INTERRUPTED, f"{name} left")


def unasked(_stop: KeyboardInterrupt) -> Wish:
    raise AssertionError("nobody pressed Ctrl-C")


def run(failing: dict[str, Exit], concurrency: int = 3) -> tuple[dict[str, Outcome], list[str]]:
    """The outcomes, and the order in which stacks were begun."""
    begun: list[str] = []
    lock = threading.Lock()

    def deploy(name: str) -> Outcome:
        with lock:
            begun.append(name)
        return outcome(failing.get(name, Exit.DONE), name)

    runner = Runner(Doing(deploy, skipped, left, unasked))
    return runner.run(GRAPH, concurrency), begun


@pytest.mark.parametrize("concurrency", [1, 2, 5])
def test_a_stack_begins_after_what_it_needs(concurrency: int) -> None:
    outcomes, begun = run({}, concurrency)

    assert sorted(begun) == sorted(GRAPH)
    assert begun.index("network") < begun.index("cluster") < begun.index("hoge")
    assert {one.code for one in outcomes.values()} == {Exit.DONE}


def test_what_fails_takes_down_only_those_that_need_it() -> None:
    """Row 86."""
    outcomes, begun = run({"cluster": Exit.ROLLED_BACK})

    assert sorted(begun) == ["cluster", "network", "registry"]
    assert {name: one.code for name, one in outcomes.items()} == {
        "network": Exit.DONE,
        "cluster": Exit.ROLLED_BACK,
        "hoge": Exit.ROLLED_BACK,
        "fuga": Exit.ROLLED_BACK,
        "registry": Exit.DONE,
    }
    assert outcomes["hoge"].sentence == "hoge skipped because cluster failed"


def test_what_is_skipped_takes_down_what_needs_it() -> None:
    outcomes, begun = run({"network": Exit.NEEDS_A_PERSON})

    assert begun.count("hoge") == 0
    assert outcomes["hoge"].sentence == "hoge skipped because cluster failed"


def test_never_more_at_a_time_than_is_allowed() -> None:
    names = [f"stack{n}" for n in range(9)]
    running: set[str] = set()
    most = 0
    gate = threading.Barrier(3)

    def deploy(name: str) -> Outcome:
        nonlocal most
        running.add(name)
        gate.wait(30)  # three have begun
        most = max(most, len(running))
        gate.wait(30)  # and all three have counted
        running.discard(name)
        return outcome(Exit.DONE)

    outcomes = Runner(Doing(deploy, skipped, left, unasked)).run(dict.fromkeys(names, FREE), 3)

    assert (most, len(outcomes)) == (3, 9)


def test_a_question_is_asked_in_the_thread_that_ctrl_c_reaches() -> None:
    asked: list[tuple[str, threading.Thread]] = []

    def ask(name: str) -> str:
        asked.append((name, threading.current_thread()))
        return f"{name}, yes"

    def deploy(name: str) -> Outcome:
        return outcome(Exit.DONE, runner.ask(lambda: ask(name)))

    runner = Runner(Doing(deploy, skipped, left, unasked))
    outcomes = runner.run({"hoge": FREE, "fuga": FREE}, 2)

    assert {name: one.sentence for name, one in outcomes.items()} == {
        "hoge": "hoge, yes",
        "fuga": "fuga, yes",
    }
    assert {thread for _, thread in asked} == {threading.current_thread()}


def test_what_goes_wrong_in_a_question_goes_wrong_where_it_was_asked() -> None:
    def deploy(_name: str) -> Outcome:
        try:
            runner.ask(lambda: 1 // 0)
        except ZeroDivisionError as error:
            return outcome(Exit.INTERNAL, str(error))
        return outcome(Exit.DONE)

    runner = Runner(Doing(deploy, skipped, left, unasked))

    assert runner.run({"hoge": FREE}, 1)["hoge"].code is Exit.INTERNAL


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Wish.WATCH, {"network": "done", "registry": "done", "cluster": "done"}),
        (Wish.CANCEL, {"network": "done", "registry": "done", "cluster": "cluster left"}),
        (Wish.DETACH, {"network": "done", "registry": "done", "cluster": "cluster left"}),
    ],
)
def test_after_ctrl_c_nothing_begins_unless_it_is_to_go_on(
    wish: Wish, expected: dict[str, str]
) -> None:
    is_decided = threading.Event()

    def deploy(name: str) -> Outcome:
        if name == "network":
            runner.interrupt(KeyboardInterrupt())
        is_decided.wait(30)
        return outcome(Exit.DONE, "done")

    def decide(_stop: KeyboardInterrupt) -> Wish:
        is_decided.set()
        return wish

    runner = Runner(Doing(deploy, skipped, left, decide))
    graph = {name: GRAPH[name] for name in ("network", "registry", "cluster")}
    outcomes = runner.run(graph, 3)

    assert {name: one.sentence for name, one in outcomes.items()} == expected


@pytest.mark.slow
def test_whoever_leaves_does_not_wait_for_what_does_not_answer() -> None:
    never = threading.Event()

    def deploy(name: str) -> Outcome:
        if name == "network":
            runner.interrupt(KeyboardInterrupt())
            never.wait(60)
        return outcome(Exit.DONE, "done")

    runner = Runner(Doing(deploy, skipped, left, lambda _stop: Wish.DETACH))
    outcomes = runner.run({"network": FREE}, 1)
    never.set()

    assert outcomes["network"].sentence == "network left"


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([], Exit.DONE),
        ([Exit.DONE, Exit.DONE], Exit.DONE),
        ([Exit.DONE, Exit.BLOCKED], Exit.BLOCKED),
        ([Exit.BLOCKED, Exit.ROLLED_BACK, Exit.DONE], Exit.ROLLED_BACK),
        ([Exit.ROLLED_BACK, Exit.NEEDS_A_PERSON], Exit.NEEDS_A_PERSON),
        ([Exit.STILL_RUNNING, Exit.REJECTED], Exit.STILL_RUNNING),
    ],
)
def test_the_worst_decides_the_exit_code(codes: list[Exit], expected: Exit) -> None:
    assert worst(codes) is expected


def test_every_code_has_its_place_in_the_order() -> None:
    assert [code for code in Exit if worst([code]) is not code] == []
