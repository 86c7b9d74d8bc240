"""Work shared out to the cores: each process does its share, results come in the items' order."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

from ecs_blocks.errors import EcsBlocksError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

T = TypeVar("T")
R = TypeVar("R")

SHARE: Final = 8
"""So many items are worth the start of a process."""


def shared_out(
    work: Callable[[T], R], items: Sequence[T], *, called: Callable[[T], str], done: str
) -> Generator[R, None, None]:
    """What *work* gives for each of *items*, in their order.

    Only on Linux is a fork safe, and a process that does not fork would import everything again;
    elsewhere one item is worked on after the other. *called* names an item, and *done* says what
    was done to it (``rendered``), should the system end a process.

    Raises:
        EcsBlocksError: the system ended a process that worked.
    """
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    processes = min(cores, len(items) // SHARE)
    if processes < 2:
        yield from map(work, items)
        return
    try:
        yield from _parallel(work, items, processes)
    except _EndedError as ended:
        name, how = called(items[ended.item]), ended.how
        message = f"{name}: the process that {done} it was ended {how}"
        raise EcsBlocksError(message) from None


class _EndedError(Exception):
    def __init__(self, item: int, how: str) -> None:
        super().__init__(item, how)
        self.item = item
        self.how = how


def _parallel(
    work: Callable[[T], R], items: Sequence[T], processes: int
) -> Generator[R, None, None]:
    """Let each of some processes do its share, and take what they send in the items' order.

    When this one ends, however that is, so do they. A ``ProcessPoolExecutor`` would finish what is
    begun after Ctrl-C, and wait for ever after this process was killed.
    """
    from multiprocessing import get_context  # noqa: PLC0415 - 10 ms that a few items do not need

    context = get_context("fork")
    workers: list[ForkProcess] = []
    receivers: list[Connection] = []
    try:
        for number in range(processes):
            receiver, sender = context.Pipe(duplex=False)
            receivers.append(receiver)
            arguments = (work, items[number::processes], sender, receivers)
            worker = context.Process(target=_work, args=arguments, daemon=True)
            worker.start()
            workers.append(worker)
            sender.close()  # the pipe ends with the worker
        for item in range(len(items)):
            try:
                yield receivers[item % processes].recv()
            except EOFError:
                raise _EndedError(item, _how(workers[item % processes])) from None
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()
        for receiver in receivers:
            receiver.close()


def _how(worker: ForkProcess) -> str:
    worker.join()
    if worker.exitcode == -signal.SIGKILL:
        return "by the system (SIGKILL), most likely for want of memory"
    return f"with exit code {worker.exitcode}"


def _work(
    work: Callable[[T], R],
    items: Sequence[T],
    sender: Connection,
    receivers: Sequence[Connection],
) -> None:
    """What a worker does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the one above ends this one
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # at once, whatever a script would catch
    for receiver in receivers:
        receiver.close()  # else the pipe would not break where the reader is gone
    with suppress(BrokenPipeError):
        for item in items:
            sender.send(work(item))
