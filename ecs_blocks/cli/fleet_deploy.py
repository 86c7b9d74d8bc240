"""Many stacks of one environment, deployed side by side: one asks at a time, one Ctrl-C is all."""

from __future__ import annotations

import signal
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from ecs_blocks.cli.terminal import Answer
from ecs_blocks.deploy.ending import FAILED, NOT_DONE, NOT_KNOWN, OK, STILL_RUNNING, Outcome
from ecs_blocks.deploy.foreseen import foreseen
from ecs_blocks.deploy.graph import Doing, Runner, dependencies
from ecs_blocks.deploy.ui import PauseAnswer, Wish
from ecs_blocks.errors import Terminated

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from ecs_blocks.cli.single_deploy import Desk
    from ecs_blocks.deploy.plan import Plan
    from ecs_blocks.deploy.progress import Service, Snapshot
    from ecs_blocks.deploy.target import Target


class Fleet:
    """The stacks of one command, by name.

    *wake* is told that somebody leaves, and has to end what the stacks' threads wait for.
    """

    def __init__(
        self,
        desk: Desk,
        targets: Mapping[str, Target],
        wake: Callable[[KeyboardInterrupt], None],
    ) -> None:
        self._desk = desk
        self._targets = targets
        self._wake = wake
        self._runner = Runner(Doing(self._deployed, self._skipped, self._left, self._decided))
        self._stop: KeyboardInterrupt | None = None
        self.wish = Wish.WATCH
        """What was last answered to a Ctrl-C."""

    def run(self, concurrency: int) -> dict[str, Outcome]:
        """Deploy all, so many at a time; the outcome of each, by stack name.

        What waits for a stack that is not there yet is shown before anybody is asked anything.

        Raises:
            DeployError: they need each other in a circle; nothing was deployed.
        """
        graph = dependencies(self._targets.values())
        if self._desk.terminal.asks:
            for one in foreseen(self._desk.connection.aws, self._targets, graph):
                self._desk.terminal.foresee(one)
        with self._heard():
            return self._runner.run(graph, concurrency)

    def show(self, snapshot: Snapshot) -> None:
        """Show how one of the stacks is."""
        self._desk.terminal.show(snapshot)

    def say(self, text: str) -> None:
        """Say something that stays."""
        self._desk.terminal.say(text)

    def approve(self, plan: Plan) -> bool:
        """Ask, in the thread that Ctrl-C reaches."""
        return self._runner.ask(lambda: self._approved(plan))

    def interrupted(
        self,
        _stop: KeyboardInterrupt,
        *,
        whose: str = "",  # noqa: ARG002 - asked once for all
        can_cancel: bool = True,  # noqa: ARG002 - asked once for all
    ) -> Wish:
        """What was answered for all stacks."""
        return self.wish

    def paused(self, _service: Service) -> PauseAnswer | None:
        """Nobody is asked: the other stacks go on, and the lines say what to type."""
        return None

    def gives_up(self, _why: str) -> bool:
        """Nobody is asked: the other stacks go on, and the lines say what to type."""
        return False

    def _approved(self, plan: Plan) -> bool:
        terminal = self._desk.terminal
        if self._stop is not None:
            is_term = isinstance(self._stop, Terminated)
            answer = Answer.TERMINATED if is_term else Answer.INTERRUPTED
            terminal.answers[plan.stack_name] = answer
            return False
        agreed = terminal.approve(plan)
        stop = _STOPS.get(terminal.answers[plan.stack_name])
        if stop is not None:
            self._runner.stop(stop())  # before anybody else asks
        return agreed

    def _deployed(self, name: str) -> Outcome:
        target, desk = self._targets[name], self._desk
        others = [one for one in self._targets.values() if one is not target]

        def deploy() -> Outcome:
            return desk.deploy(desk.prepared(target, others), self)

        outcome = desk.ended(target.place, deploy)
        self.say(outcome.sentence)
        return outcome

    def _skipped(self, name: str, because: str, why: Outcome) -> Outcome:
        """It ends with the code of what it needs: its own is that, or none."""
        sentence = f"{name}: skipped, because {because} was not deployed"
        self.say(sentence)
        return Outcome(code=why.code, sentence=sentence, word=NOT_DONE)

    def _left(self, name: str) -> Outcome:
        return self._desk.left(self._targets[name].place, self._stop or KeyboardInterrupt())

    def _decided(self, stop: KeyboardInterrupt) -> Wish:
        if self.wish is Wish.DETACH:
            return self.wish  # it is being left already
        terminal = self._desk.terminal
        runs = terminal.last or Answer.AGREED in terminal.answers.values()
        wish = terminal.interrupted(stop) if runs else Wish.DETACH
        if wish is not Wish.WATCH:
            self.wish, self._stop = wish, stop
            self._wake(stop)
        return wish

    @contextmanager
    def _heard(self) -> Iterator[None]:
        """Take signals as they come: an exception could strike between any two steps."""

        def hear(number: int, _frame: object) -> None:
            stop = KeyboardInterrupt() if number == signal.SIGINT else Terminated()
            if self._runner.is_asking:
                raise stop
            self._runner.interrupt(stop)

        names = ("SIGINT", "SIGTERM", "SIGHUP")
        numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
        ignored = (signal.SIG_IGN, None)
        before = {n: at for n in numbers if (at := signal.getsignal(n)) not in ignored}
        for number in before:
            signal.signal(number, hear)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


_STOPS: Final = {
    Answer.INTERRUPTED: KeyboardInterrupt,
    Answer.TERMINATED: Terminated,
}


def summary(outcomes: Collection[Outcome]) -> str:
    """``40 stacks: 37 done, 1 failed, 2 not done``: the last line of many."""
    counts = Counter(outcome.headline for outcome in outcomes)
    told = ", ".join(f"{counts[head]} {what}" for head, what in _KINDS.items() if counts[head])
    return f"{len(outcomes)} stacks: {told}"


_KINDS: Final = {
    OK: "done",
    FAILED: "failed",
    STILL_RUNNING: "still running",
    NOT_KNOWN: "not known",
    NOT_DONE: "not done",
}
