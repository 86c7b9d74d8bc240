"""Many stacks: dependencies first, failures isolated, all of them listed."""

from __future__ import annotations

import threading

import pytest

from ecs_blocks.deploy.ending import Outcome
from ecs_blocks.deploy.graph import Runner, worst
from ecs_blocks.deploy.outcome import Exit

GRAPH = {
    "network": frozenset[str](),
    "cluster": frozenset({"network"}),
    "hoge": frozenset({"cluster"}),
    "fuga": frozenset({"cluster", "network"}),
    "registry": frozenset[str](),
}


def outcome(code: Exit, sentence: str = "") -> Outcome:
    return Outcome(code=code, sentence=sentence)


def run(failing: dict[str, Exit], concurrency: int = 3) -> tuple[dict[str, Outcome], list[str]]:
    """The outcomes, and the order in which stacks were begun."""
    begun: list[str] = []
    lock = threading.Lock()

    def deploy(name: str) -> Outcome:
        with lock:
            begun.append(name)
        return outcome(failing.get(name, Exit.DONE), name)

    def skipped(name: str, because: str) -> Outcome:
        return outcome(Exit.BLOCKED, f"{name} skipped because {because} failed")

    runner = Runner(deploy, skipped, lambda: None)
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
        "hoge": Exit.BLOCKED,
        "fuga": Exit.BLOCKED,
        "registry": Exit.DONE,
    }
    assert outcomes["hoge"].sentence == "hoge skipped because cluster failed"


def test_what_is_skipped_takes_down_what_needs_it() -> None:
    outcomes, begun = run({"network": Exit.NEEDS_A_PERSON})

    assert begun.count("hoge") == 0
    assert outcomes["hoge"].sentence == "hoge skipped because cluster failed"


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
