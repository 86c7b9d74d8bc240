"""Plain lines with the time before them, for CI and wherever there is no terminal."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Final, TextIO

from ecs_blocks.deploy.cloudformation.statuses import is_over
from ecs_blocks.deploy.show import words
from ecs_blocks.deploy.show.safe_text import clean, clean_lines, spelled
from ecs_blocks.deploy.show.steady import steady

if TYPE_CHECKING:
    from ecs_blocks.deploy.clock import Clock
    from ecs_blocks.deploy.progress import FailedTask, Resource, Service, Snapshot

COUNTS_EVERY_S: Final = 10.0
"""How often a service is told of in which only the numbers of tasks move."""
SILENCE_S: Final = 60.0
"""After how long without a line there is a sign of life."""
_INDENT: Final = " " * 14


class _Told:
    """What was said of one stack."""

    def __init__(self, now_s: float) -> None:
        self.at_s = now_s
        self.snapshot: Snapshot | None = None
        self.note = ""
        self.events: set[object] = set()
        self.resources: dict[object, tuple[str, str]] = {}
        self.services: dict[str, tuple[float, Service]] = {}
        self.tasks: dict[object, bool] = {}
        """Each failed task, and whether its log lines were there."""


class Lines:
    """Prints of each snapshot what is new in it.

    An event of a resource once; a service when something of it changes, every ten seconds when
    only numbers of tasks move; a failed task once; a sign of life in each silent minute.
    """

    def __init__(self, out: TextIO, clock: Clock) -> None:
        self._out = steady(out)
        self._clock = clock
        self._stacks: dict[str, _Told] = {}
        self._lock = threading.Lock()

    def show(self, snapshot: Snapshot) -> None:
        """Print what is new."""
        with self._lock:
            name = snapshot.stack_name
            told = self._stacks.setdefault(name, _Told(self._clock.now_s()))
            ends = bool(snapshot.status) and is_over(snapshot.status)
            if not ends:
                self._show_stack(snapshot, told)
            for resource in (*snapshot.failed, *snapshot.resources):
                self._show_resource(name, resource, told)
            for service in snapshot.services:
                self._show_service(name, service, told)
            if _digitless(snapshot.note) != _digitless(told.note) and snapshot.note:
                self._print(name, f"note: {snapshot.note}", told)
            if ends:
                self._show_stack(snapshot, told)
            told.note = snapshot.note
            told.snapshot = snapshot
            if self._clock.now_s() - told.at_s >= SILENCE_S:
                self._print(name, words.heartbeat(snapshot), told)

    def say(self, text: str) -> None:
        """Print *text*, each line of it."""
        with self._lock:
            stamp = self._stamp()
            for line in clean_lines(text) or [""]:
                self._write(f"{stamp} {line}")
                stamp = " " * len(stamp)

    def close(self) -> None:
        """Print the counts that were held back."""
        with self._lock:
            for name, told in self._stacks.items():
                for service in told.snapshot.services if told.snapshot else ():
                    known = told.services.get(service.logical_id)
                    if known is None or not _same(known[1], service):
                        self._tell_service(name, service, told)

    def _show_stack(self, snapshot: Snapshot, told: _Told) -> None:
        known = told.snapshot
        if known is not None and known.status == snapshot.status:
            return
        state = words.stack_state(snapshot.status)
        parts = [f"{state.mark} {snapshot.operation} {state.word}"]
        parts += filter(None, [snapshot.status, words.progress_words(snapshot)])
        parts += [words.duration(snapshot.elapsed_s)]
        self._print(snapshot.stack_name, ", ".join(parts), told)

    def _show_resource(self, name: str, resource: Resource, told: _Told) -> None:
        place = (*resource.path, resource.logical_id)
        event = resource.event_id or (place, resource.status, resource.at, resource.reason)
        if event in told.events:
            return
        told.events.add(event)
        heard = (resource.status, words.reason_of(resource))
        if told.resources.get(place) == heard:
            return  # CloudFormation tells the beginning twice
        told.resources[place] = heard
        self._print(name, words.resource_words(resource), told)

    def _show_service(self, name: str, service: Service, told: _Told) -> None:
        for task in service.failures:
            self._show_task(name, service, task, told)
        known = told.services.get(service.logical_id)
        if known is not None:
            at_s, before = known
            due = self._clock.now_s() - at_s >= COUNTS_EVERY_S
            if _urgent(before) == _urgent(service) and (not due or _same(before, service)):
                return
        self._tell_service(name, service, told)

    def _tell_service(self, name: str, service: Service, told: _Told) -> None:
        told.services[service.logical_id] = (self._clock.now_s(), service)
        self._print(name, words.service_words(service), told)

    def _show_task(self, name: str, service: Service, task: FailedTask, told: _Told) -> None:
        key = (service.logical_id, task.task_id or (task.kind, task.summary))
        log = words.log_of(task)
        if key not in told.tasks:
            text = f"✗ {service.logical_id} {words.failure_words(task)}"
            notes = [f"hint: {task.hint}"] if task.hint else []
            notes += [f"note: {task.note}"] if task.note else []
            self._print(name, text, told, [*(f"│ {line}" for line in log), *notes])
        elif log and not told.tasks[key]:
            self._print(name, f"log of task {task.task_id}", told, [f"│ {line}" for line in log])
        told.tasks[key] = bool(log) or told.tasks.get(key, False)

    def _print(self, name: str, text: str, told: _Told, below: list[str] | None = None) -> None:
        told.at_s = self._clock.now_s()
        self._write(f"{self._stamp()} {name} {text}")
        for line in below or []:
            self._write(f"{_INDENT}{line}")

    def _stamp(self) -> str:
        return f"{self._clock.utc():%H:%M:%SZ}"

    def _write(self, line: str) -> None:
        self._out.write(f"{spelled(clean(line), self._out.encoding).rstrip()}\n")
        self._out.flush()


def _digitless(text: str) -> str:
    """A note without the numbers that grow in it."""
    return re.sub(r"\d+", "", text)


def _urgent(service: Service) -> object:
    """Of a service, what is told at once when it changes."""
    return (
        service.rollout,
        service.stage,
        service.waiting_for,
        service.alarms,
        service.breaker_failures,
        _digitless(service.note),
        service.new and (service.new.revision, service.new.failed),
        tuple((tasks.revision, tasks.failed) for tasks in service.old),
        tuple((target.group, target.unhealthy) for target in service.targets),
    )


def _same(before: Service, now: Service) -> bool:
    return words.service_words(before) == words.service_words(now)
