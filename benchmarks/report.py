"""Tables of what was measured, and its ratios."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.measure import Sample


class Ratio(NamedTuple):
    """How many times as long *slow* takes as *fast*, and what is asked of it."""

    slow: str
    fast: str
    at_most: float | None = None
    at_least: float | None = None


def heading(text: str) -> None:
    """Begin a section."""
    print(f"\n{text}\n{'-' * len(text)}")


def table(samples: Mapping[str, Sample]) -> None:
    """The raw numbers: medians."""
    width = max(map(len, samples))
    print(f"{'':{width}}  {'wall s':>8}  {'cpu s':>8}  {'peak MiB':>8}")
    for name, one in samples.items():
        print(f"{name:{width}}  {one.wall_s:8.3f}  {one.cpu_s:8.3f}  {one.peak_mib:8.0f}")


def ratios(samples: Mapping[str, Sample], wanted: Sequence[Ratio]) -> None:
    """Each ratio of *wanted* whose two cases were measured, by wall and by CPU."""
    for one in wanted:
        if one.slow not in samples or one.fast not in samples:
            continue
        slow, fast = samples[one.slow], samples[one.fast]
        wall, cpu = slow.wall_s / fast.wall_s, slow.cpu_s / fast.cpu_s
        print(
            f"{one.slow} / {one.fast}:",
            f"{wall:.2f} x by wall, {cpu:.2f} x by cpu",
            _verdict(one, wall),
        )


def _verdict(one: Ratio, wall: float) -> str:
    if one.at_most is not None:
        return f"(at most {one.at_most:g}: {'met' if wall <= one.at_most else 'MISSED'})"
    if one.at_least is not None:
        return f"(at least {one.at_least:g}: {'met' if wall >= one.at_least else 'MISSED'})"
    return ""


def limit(text: str, value: float, at_most: float) -> None:
    """A number that is not a ratio, and its limit."""
    print(f"{text}: {value:.2f} (at most {at_most:g}: {'met' if value <= at_most else 'MISSED'})")
