"""The person, or the CI job, in front of a deploy: what they see, and what they decide."""

from __future__ import annotations

import enum
import os
import shutil
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypedDict

import click

from ecs_blocks.cli.streams import say
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.show.foreseen_text import foreseen_view
from ecs_blocks.deploy.show.hiding import of_snapshot, without
from ecs_blocks.deploy.show.plan_view import plan_view, question_of
from ecs_blocks.deploy.show.presenter import presenter
from ecs_blocks.deploy.show.safe_text import clean
from ecs_blocks.deploy.show.steady import is_terminal
from ecs_blocks.deploy.ui import PauseAnswer, Wish
from ecs_blocks.errors import Terminated

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ecs_blocks.deploy.clock import Clock
    from ecs_blocks.deploy.foreseen import Foreseen
    from ecs_blocks.deploy.plan import Plan
    from ecs_blocks.deploy.progress import Service, Snapshot


_LOG_COLUMNS: Final = 100
"""Of what is shown where no terminal says how wide it is."""
_MOST_COLUMNS: Final = 120


class _Paper(TypedDict):
    columns: int
    encoding: str


class Answer(enum.Enum):
    """How a question was answered; the value is the exit code of a command that ends there."""

    AGREED = "agreed", Exit.DONE
    DECLINED = "declined", Exit.NEEDS_APPROVAL
    NOBODY = "nobody is here to agree to it", Exit.NEEDS_APPROVAL
    INTERRUPTED = "interrupted at the question", Exit.INTERRUPTED
    TERMINATED = "terminated at the question", Exit.TERMINATED

    def __init__(self, words: str, code: Exit) -> None:
        self.words = words
        self.code = code


class Terminal:
    """Shows on stderr, asks on the terminal; *yes* agrees to everything.

    Of many stacks only one asks at a time; what the others show and say meanwhile comes after it.
    ``answers`` are those to ``approve``, by stack, and ``last`` what was last shown of each.
    """

    def __init__(self, clock: Clock, *, yes: bool = False, can_cancel: bool = False) -> None:
        self._presenter = presenter(sys.stderr, clock, os.environ)
        self._yes = yes
        self._can_cancel = can_cancel
        self._lock = threading.Lock()
        self._drawing = threading.RLock()
        self._is_asking = False
        self._unsaid: list[str] = []
        self._answer = Answer.AGREED
        self._secrets: set[str] = set()
        self.answers: dict[str, Answer] = {}
        self.last: dict[str, Snapshot] = {}
        self.is_interactive = is_terminal(sys.stdin) and is_terminal(sys.stderr)

    def hide(self, secrets: Collection[str]) -> None:
        """Let these values never be seen, whoever says them."""
        self._secrets |= set(secrets)

    def hidden(self, text: str) -> str:
        """*text* without these values."""
        return without(text, self._secrets)

    def show(self, snapshot: Snapshot) -> None:
        """Show what is known now."""
        snapshot = of_snapshot(snapshot, self._secrets)
        self.last[snapshot.stack_name] = snapshot
        with self._drawing:
            if not self._is_asking:
                self._presenter.show(snapshot)

    def say(self, text: str) -> None:
        """Say something that stays."""
        text = self.hidden(text)
        with self._drawing:
            if self._is_asking:
                self._unsaid.append(text)
            else:
                self._presenter.say(text)

    @property
    def asks(self) -> bool:
        """Whether somebody has to agree to each plan."""
        return not self._yes

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._presenter.close()

    def approve(self, plan: Plan) -> bool:
        """Show the plan, and ask; without a terminal only ``--yes`` agrees."""
        view = plan_view(plan, **self._paper())
        self.answers[plan.stack_name] = answer = self._ask([view], question_of(plan))
        return answer is Answer.AGREED

    def foresee(self, one: Foreseen) -> None:
        """Show what is known of a stack that will be asked about later."""
        say(foreseen_view(one, **self._paper()))

    def _paper(self) -> _Paper:
        wide = shutil.get_terminal_size().columns if self.is_interactive else _LOG_COLUMNS
        encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
        return {"columns": min(wide, _MOST_COLUMNS), "encoding": encoding}

    def agree(self, lines: list[str], question: str) -> bool:
        """Show what will happen, and ask whether it may."""
        self._answer = self._ask(map(clean, lines), question)
        if self._answer is Answer.NOBODY:
            say("nobody is here to agree to this; add --yes")
        return self._answer is Answer.AGREED

    def declined(self) -> int:
        """Say that nothing happened, after ``agree`` was answered with no; the exit code."""
        say("nothing was changed")
        return int(self._answer.code)

    def _ask(self, lines: Iterable[str], question: str) -> Answer:
        with self._asking():
            for line in lines:
                say(line)
            if self._yes:
                return Answer.AGREED
            if not self.is_interactive:
                return Answer.NOBODY
            try:
                agreed = click.confirm(question, err=True)
            except click.Abort as abort:
                say("")  # the terminal shows ^C
                return _ended(abort.__context__)
            except KeyboardInterrupt as stop:
                return _ended(stop)
            except OSError:  # the terminal is gone
                return Answer.NOBODY
            return Answer.AGREED if agreed else Answer.DECLINED

    def interrupted(
        self, stop: KeyboardInterrupt, *, whose: str = "", can_cancel: bool = True
    ) -> Wish:
        """Ask what Ctrl-C means; where nobody is, and for SIGTERM, it ends the watching.

        *whose* operation it is, where it is another's, stands before the question.
        """
        if isinstance(stop, Terminated) or not self.is_interactive:
            return Wish.DETACH
        wishes = {"d": Wish.DETACH, "c": Wish.CANCEL, "w": Wish.WATCH}
        what = "somebody else's update" if whose else "the update"
        ways = ["[d]etach: what runs goes on in AWS", f"[c]ancel {what}", "[w]atch on"]
        if not (self._can_cancel and can_cancel):
            del wishes["c"], ways[1]
        with self._asking():
            if whose:
                say(whose)
            try:
                answer = click.prompt(
                    f"Ctrl-C: {'; '.join(ways)}",
                    type=click.Choice(list(wishes)),
                    default="d",
                    show_choices=False,
                    err=True,
                )
            except (click.Abort, KeyboardInterrupt, OSError):
                return Wish.DETACH
        return wishes[answer]

    def gives_up(self, why: str) -> bool:
        """Ask whether to cancel an update that cannot succeed, where somebody is here to say so."""
        if self._yes or not self.is_interactive:
            return False
        with self._asking():
            say(clean(why))
            try:
                return click.confirm("It cannot succeed. Cancel the update, and go back?", err=True)
            except click.Abort as abort:
                if isinstance(abort.__context__, KeyboardInterrupt):
                    raise abort.__context__ from None  # it is about the watching, as ever
                return False
            except OSError:  # the terminal is gone
                return False

    def paused(self, service: Service) -> PauseAnswer | None:
        """Ask what is to become of a deployment that waits for a person, where one is here."""
        if self._yes or not self.is_interactive:
            return None
        answers = {"c": PauseAnswer.CONTINUE, "r": PauseAnswer.ROLL_BACK, "l": None}
        with self._asking():
            say(clean(f"{service.logical_id} waits for {service.waiting_for}"))
            try:
                answer = click.prompt(
                    "[c]ontinue; [r]oll back; [l]ater: it goes on waiting",
                    type=click.Choice(list(answers)),
                    default="l",
                    show_choices=False,
                    err=True,
                )
            except click.Abort as abort:
                if isinstance(abort.__context__, KeyboardInterrupt):
                    raise abort.__context__ from None  # it is about the watching, as ever
                return None
            except OSError:  # the terminal is gone
                return None
        return answers[answer]

    @contextmanager
    def _asking(self) -> Iterator[None]:
        with self._lock:
            with self._drawing:
                self._is_asking = True
                self._presenter.close()
            try:
                yield
            finally:
                with self._drawing:
                    self._is_asking = False
                    unsaid, self._unsaid = self._unsaid, []
                for text in unsaid:
                    self.say(text)


def _ended(cause: BaseException | None) -> Answer:
    if isinstance(cause, Terminated):
        return Answer.TERMINATED
    return Answer.INTERRUPTED if isinstance(cause, KeyboardInterrupt) else Answer.DECLINED
