"""Fresh processes, one after the other in turns: their time, their CPU and their memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT: Final = Path(__file__).parent.parent
_MIB: Final = 1024 * (1024 if sys.platform == "darwin" else 1)
_EVERY_S: Final = 0.05


class Case(NamedTuple):
    """A command to measure; ``env`` goes over the environment of ``environment()``."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = MappingProxyType({})
    cwd: Path = ROOT


class Sample(NamedTuple):
    """One run, or the medians of several. CPU and memory are those of its children too."""

    wall_s: float
    cpu_s: float
    peak_mib: float


def environment(bytecode: Path) -> dict[str, str]:
    """What every process gets: compiled modules are kept in *bytecode*, as in an installation."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | {
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(bytecode),
    }


def interleaved(cases: Sequence[Case], env: Mapping[str, str], times: int) -> dict[str, Sample]:
    """The medians of *times* runs of each case by its name.

    The cases take turns, so that what else the machine does meets all of them alike; a first
    turn that is not counted fills the caches.
    """
    samples: dict[str, list[Sample]] = {case.name: [] for case in cases}
    for turn in range(times + 1):
        for case in cases:
            sample = run(case, env)
            if turn:
                samples[case.name].append(sample)
    return {
        name: Sample(*(statistics.median(column) for column in zip(*runs, strict=True)))
        for name, runs in samples.items()
    }


def run(case: Case, env: Mapping[str, str]) -> Sample:
    """Run *case* once.

    Raises:
        SystemExit: it failed; with what it wrote.
    """
    with tempfile.TemporaryFile() as output:
        begin = time.perf_counter()
        process = subprocess.Popen(
            case.command, cwd=case.cwd, env={**env, **case.env}, stdout=output, stderr=output
        )
        watch = _Watch(process.pid)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        watch.stop()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            sys.exit(f"{case.name} failed:\n{output.read().decode(errors='replace')}")
    peak = max(usage.ru_maxrss / _MIB, watch.peak_mib)
    return Sample(wall, usage.ru_utime + usage.ru_stime, peak)


class _Watch(threading.Thread):
    """Adds up the memory of a process and its children now and then, shared pages once."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak_mib = 0.0
        self._pid = pid
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(_EVERY_S):
            pids = list(_tree(self._pid))
            if len(pids) > 1:
                self.peak_mib = max(self.peak_mib, sum(map(_proportional_kib, pids)) / 1024)

    def stop(self) -> None:
        self._over.set()
        self.join()


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for children in Path("/proc", str(pid), "task").glob("*/children"):
        try:
            found = children.read_text()
        except OSError:
            continue  # it has ended
        for child in found.split():
            yield from _tree(int(child))


def _proportional_kib(pid: int) -> int:
    try:
        lines = Path("/proc", str(pid), "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0  # it has ended
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
