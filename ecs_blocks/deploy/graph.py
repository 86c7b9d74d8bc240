"""Many stacks: which waits for which, and what becomes of those whose dependency failed.

A stack starts as soon as its own dependencies are deployed and verified, not when a whole layer is.
What fails takes down only those that need it.
"""

from __future__ import annotations

import queue
import signal
import threading
import time
from collections.abc import Callable
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any, Final, TypeVar

from msgspec import Struct

from ecs_blocks.deploy.ending import Outcome
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.ui import Wish

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ecs_blocks.deploy.target import Target

T = TypeVar("T")

GRACE_S: Final = 0.6
"""Real seconds that stacks have to say where they are, once somebody leaves."""


def dependencies(targets: Iterable[Target]) -> dict[str, frozenset[str]]:
    """The stacks among *targets* that each of them looks something up in, by stack name.

    Raises:
        DeployError: they wait for each other in a circle.
    """
    found = {target.stack_name: target for target in targets}
    graph = {
        name: frozenset(
            stack
            for lookup in target.rendered.lookups.values()
            if lookup.kind == "StackOutput" and (stack := lookup.named["StackName"]) in found
        )
        for name, target in found.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = " needs ".join(error.args[1])
        raise DeployError(Exit.INPUT, f"stacks need each other's outputs: {circle}") from error
    return graph


class Doing(Struct, frozen=True):
    """What is done with each stack.

    ``deploy`` gets a stack's name, runs in a thread of its own and raises nothing. ``skipped`` gets
    the name, that of the dependency that was not deployed, and its outcome. ``left`` gives the
    outcome of a stack that nobody waits for any more, or that was not begun. ``decide`` is asked
    what a Ctrl-C means: with CANCEL and DETACH nothing more begins, and ``deploy`` has to hear of
    it.
    """

    deploy: Callable[[str], Outcome]
    skipped: Callable[[str, str, Outcome], Outcome]
    left: Callable[[str], Outcome]
    decide: Callable[[KeyboardInterrupt], Wish]


class Runner:
    """Deploys every stack of a graph, dependencies first, so many at a time.

    Stacks are deployed in threads; whatever concerns the person in front of them is done in the
    thread of ``run``, one thing after the other: questions (``ask``) and Ctrl-C (``interrupt``).
    """

    def __init__(self, doing: Doing) -> None:
        self._doing = doing
        self._inbox: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self._outcomes: dict[str, Outcome] = {}
        self._waiting: dict[str, frozenset[str]] = {}
        self._running: set[str] = set()
        self._is_stopped = False
        self._until_s: float | None = None
        self.is_asking = False
        """Whether a question is being asked at this moment."""

    def ask(self, question: Callable[[], T]) -> T:
        """The answer to *question*, which is asked in the thread of ``run``."""
        answers: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()
        self._inbox.put(lambda: answers.put(self._asked(question)))
        answer, error = answers.get()
        if error is not None:
            raise error
        found: T = answer
        return found

    def interrupt(self, stop: KeyboardInterrupt) -> None:
        """Somebody wants it to end; may be called by a signal handler."""
        self._inbox.put(lambda: self.stop(stop))

    def run(self, graph: Mapping[str, frozenset[str]], concurrency: int) -> dict[str, Outcome]:
        """Deploy every stack of *graph*; all outcomes, in its order."""
        self._waiting = dict(graph)
        while True:
            self._begin(concurrency)
            if not self._running:
                return {name: self._outcomes[name] for name in graph}
            try:
                happened = self._inbox.get(timeout=self._patience_s())
            except queue.Empty:
                for name in self._running:
                    self._outcomes[name] = self._doing.left(name)
                self._running.clear()
            else:
                happened()

    def _patience_s(self) -> float | None:
        """How long to wait for what happens next; None is for ever."""
        # the machine's time: somebody waits for the prompt, however a test's clock runs
        return None if self._until_s is None else max(0.0, self._until_s - time.monotonic())

    def _begin(self, concurrency: int) -> None:
        """Begin what can begin, and settle what never will."""
        is_settled = True
        while is_settled:
            is_settled = False
            for name, needed in list(self._waiting.items()):
                outcome = self._unbegun(name, needed)
                if outcome is not None:
                    self._outcomes[name] = outcome
                    is_settled = True  # others may wait for it
                elif len(self._running) < concurrency and needed <= self._done():
                    self._start(name)
                else:
                    continue
                del self._waiting[name]

    def _unbegun(self, name: str, needed: frozenset[str]) -> Outcome | None:
        """The outcome of a stack that is not to begin any more."""
        if self._is_stopped:
            return self._doing.left(name)
        failed = sorted(needed & self._outcomes.keys() - self._done())
        if failed:
            return self._doing.skipped(name, failed[0], self._outcomes[failed[0]])
        return None

    def _done(self) -> set[str]:
        return {name for name, one in self._outcomes.items() if one.code == Exit.DONE}

    def _start(self, name: str) -> None:
        def deploy() -> None:
            _leave_signals_to_the_main_thread()
            outcome = self._doing.deploy(name)
            self._inbox.put(lambda: self._ended(name, outcome))

        self._running.add(name)
        # a daemon: whoever leaves does not wait for an answer of AWS
        threading.Thread(target=deploy, name=name, daemon=True).start()

    def _ended(self, name: str, outcome: Outcome) -> None:
        self._running.discard(name)
        self._outcomes[name] = outcome

    def _asked(self, question: Callable[[], T]) -> tuple[T | None, BaseException | None]:
        self.is_asking = True
        try:
            return question(), None
        except BaseException as error:  # noqa: BLE001 - raised again where it was asked
            return None, error
        finally:
            self.is_asking = False

    def stop(self, stop: KeyboardInterrupt) -> None:
        """As ``interrupt``, at once; for the thread of ``run``, where a question ended so."""
        wish, error = self._asked(lambda: self._doing.decide(stop))
        if wish is Wish.WATCH:
            return
        self._is_stopped = True
        if wish is Wish.DETACH or error is not None:
            self._until_s = time.monotonic() + GRACE_S


def _leave_signals_to_the_main_thread() -> None:
    """Else a signal may end in a thread that does nothing with it, and no question is ended."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})


WORST_FIRST: Final = (
    *(Exit.INTERNAL, Exit.NEEDS_A_PERSON, Exit.ROLLED_BACK, Exit.CREDENTIALS),
    *(Exit.TERMINATED, Exit.INTERRUPTED, Exit.STILL_RUNNING, Exit.BLOCKED),
    *(Exit.REJECTED, Exit.INPUT, Exit.NEEDS_APPROVAL, Exit.CHANGES, Exit.DONE),
)


def worst(codes: Iterable[Exit]) -> Exit:
    """The exit code of many: what needs a person goes before what failed, and so on."""
    return min(codes, key=WORST_FIRST.index, default=Exit.DONE)
