"""``make bench``: how fast, as ratios to what a user would otherwise run, measured here and now.

Every number is the median of several fresh processes that took turns with those they are compared
to, with compiled modules at hand, as after an installation. On a machine that does other work too,
CPU seconds say more than wall seconds.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import cdk, review
from benchmarks.measure import Case, environment, interleaved
from benchmarks.report import Ratio, heading, limit, ratios, table
from benchmarks.repositories import name_of, repository

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks.measure import Sample

SIZES: Final = (10, 100, 1000)
JSON, YAML = "render hoge, JSON", "render hoge, YAML"
BARE_JSON, BARE_YAML = "bare script, JSON", "bare script, YAML by PyYAML"
BARE_TO_YAML: Final = "bare script, YAML by to_yaml()"
CHECK, CHECK_CACHED = "check hoge, nothing cached", "check hoge, nothing changed"
ALONE, AMONG_MANY = "render 1 app, alone", "render 1 app, of 1,000"
HUNDRED: Final = "render 100 apps"


class Bench:
    """Where the sections work, and how often they repeat."""

    def __init__(self, folder: Path, times: int) -> None:
        self.folder = folder
        self.times = times
        self.env = environment(folder / "bytecode")

    def render(self, name: str, *arguments: str) -> Case:
        """``python -m stacks.render``."""
        out = str(self.folder / name.replace(" ", "-"))
        return Case(name, [sys.executable, "-m", "stacks.render", "--out", out, *arguments])

    def apps(self, count: int) -> Path:
        """A stacks/ of so many apps, made once."""
        folder = self.folder / f"apps-{count}" / "stacks"
        return folder if folder.exists() else repository(folder, count)


def bare(bench: Bench) -> None:
    """A cold render beside bare troposphere."""
    heading("One app, three environments, beside a bare troposphere script of the same template")
    script = [sys.executable, "-m", "benchmarks.bare_hoge"]
    samples = interleaved(
        [
            Case(BARE_JSON, [*script, "json"]),
            bench.render(JSON, "hoge", "--format", "json"),
            Case(BARE_YAML, [*script, "yaml"]),
            bench.render(YAML, "hoge"),
            Case(BARE_TO_YAML, [*script, "to_yaml"]),
        ],
        bench.env,
        bench.times,
    )
    table(samples)
    ratios(
        samples,
        [
            Ratio(JSON, BARE_JSON, at_most=1.5),
            Ratio(YAML, BARE_YAML),
            Ratio(YAML, BARE_TO_YAML, at_most=1.5),
        ],
    )
    print("The bare script makes one template; a render makes it once for itself and once with the")
    print("values of each environment, and compares.")


def beside_cdk(bench: Bench) -> None:
    """A cold render beside the CDK."""
    heading("One app, three environments, beside the CDK")
    if why := cdk.problem():
        print(f"skipped: {why}")
        return
    cases = [bench.render(YAML, "hoge"), *cdk.cases(bench.folder / "cdk")]
    samples = interleaved(cases, bench.env, max(3, bench.times // 3))
    table(samples)
    ratios(
        samples,
        [
            Ratio(cdk.LIBRARY, YAML, at_least=3),
            Ratio(cdk.VALIDATED, YAML),
            Ratio(cdk.SYNTH, YAML, at_least=20),
        ],
    )


def check(bench: Bench) -> None:
    """Render and check."""
    heading("Render and check, one app, three environments")
    verb = [sys.executable, "-c", "from ecs_blocks.cli import main; main()", "check"]
    stacks = ["--stacks", str(bench.apps(1)), name_of(0)]
    cases = [
        Case(CHECK, [*verb, "--no-cache", *stacks]),
        Case(CHECK_CACHED, [*verb, *stacks]),
    ]
    if why := cdk.problem():
        print(f"skipped: the CDK's validation; {why}")
    else:
        cases += [c for c in cdk.cases(bench.folder / "cdk") if c.name == cdk.VALIDATED]
    samples = interleaved(cases, bench.env, max(3, bench.times // 3))
    table(samples)
    limit("seconds, nothing cached", samples[CHECK].wall_s, 1.2)
    ratios(samples, [Ratio(cdk.VALIDATED, CHECK, at_least=3)])


def fleet(bench: Bench) -> None:
    """How time and memory grow."""
    heading("Many apps, three environments each")
    cases = {n: bench.render(f"render {n:,} apps", "--stacks", str(bench.apps(n))) for n in SIZES}
    samples: dict[str, Sample] = {}
    for n, case in cases.items():
        samples |= interleaved([case], bench.env, max(2, bench.times * 10 // n))
    table(samples)
    small, large = (samples[cases[n].name] for n in (SIZES[0], SIZES[-1]))
    for n, case in cases.items():
        one = samples[case.name]
        print(
            f"{case.name}: {one.wall_s / n * 1000:.1f} ms and {one.cpu_s / n * 1000:.1f} ms of cpu "
            f"for each; {one.cpu_s / one.wall_s:.2f} cores busy"
        )
    factor = SIZES[-1] / SIZES[0]
    limit(f"cpu for {factor:g} x the apps, over {factor:g}", large.cpu_s / small.cpu_s / factor, 1)
    limit("peak MiB, children included", large.peak_mib, 200)


def one_of_many(bench: Bench) -> None:
    """One changed app in a large repository."""
    heading("One changed app in a repository of 1,000")
    cases = [
        bench.render(ALONE, name_of(0), "--stacks", str(bench.apps(1))),
        bench.render(AMONG_MANY, name_of(500), "--stacks", str(bench.apps(1000))),
    ]
    samples = interleaved(cases, bench.env, bench.times)
    table(samples)
    ratios(samples, [Ratio(AMONG_MANY, ALONE, at_most=1.1)])


def hundred(bench: Bench) -> None:
    """100 apps beside the CDK."""
    heading("100 apps in three environments, beside stacks of the CDK, one for each environment")
    if why := cdk.problem():
        print(f"skipped: {why}")
        return
    render = bench.render(HUNDRED, "--stacks", str(bench.apps(100)))
    one, three = (cdk.many(bench.folder / "cdk", stacks) for stacks in (100, 300))
    samples = interleaved([render, one, three], bench.env, max(3, bench.times // 3))
    table(samples)
    ratios(
        samples,
        [Ratio(one.name, HUNDRED, at_least=2.5), Ratio(three.name, HUNDRED, at_least=2.5)],
    )
    print("100 stacks are a third of the work: the apps in one environment. 300 are all of it.")


def deploys(bench: Bench) -> None:
    """Deploys beside the AWS CLI, and many at once."""
    from benchmarks import deploying  # noqa: PLC0415 - boto3 and the fake are slow to load

    heading("One stack, against a fake of AWS in real time, beside the AWS CLI")
    env = deploying.own_environment(bench.env, bench.folder)
    if why := deploying.problem():
        print(f"skipped: {why}")
    else:
        deploying.print_deploys(deploying.deploys(bench.folder, env))
    heading("Many stacks with one command, 10 at a time")
    few, many = (deploying.fleet(bench.folder, env, n) for n in (deploying.FEW, deploying.MANY))
    deploying.print_fleets(few, many)
    limit("calls at once, at 8 a second", many.burst, deploying.BURST + 10)
    limit("MiB for 40 stacks over those for 10", many.peak_mib / few.peak_mib, 1.25)


def reviewing(bench: Bench) -> None:
    """A review beyond its render, and a hundred of them."""
    heading("Review: three environments, every stack changed, the base from git")
    few, many = review.cases(bench.folder)
    samples = interleaved(few, bench.env, max(3, bench.times // 3))
    samples |= interleaved([many], bench.env, 2)
    table(samples)
    beyond = samples[review.ONE].wall_s - samples[review.RENDER].wall_s
    limit("seconds beyond the render of 1 app", beyond, 1)
    limit("seconds for 100 apps", samples[review.HUNDRED].wall_s, 30)


def opening(bench: Bench) -> None:
    """The page of a large review, in a browser."""
    from benchmarks import review_page  # noqa: PLC0415 - the stacks and a browser are slow to load

    heading("The page of a large review, in Chromium")
    if why := review_page.problem():
        print(f"skipped: {why}")
        return
    found = review_page.opening(bench.folder)
    print(f"{found.resources} resources in {found.stacks} stacks, {found.mib:.1f} MiB")
    print(f"made in {found.made_s:.2f} s, first painted after {found.painted_s:.2f} s")
    limit("seconds until it is loaded", found.loaded_s, 1)


SECTIONS: Final[Mapping[str, Callable[[Bench], None]]] = {
    "bare": bare,
    "cdk": beside_cdk,
    "check": check,
    "fleet": fleet,
    "one": one_of_many,
    "hundred": hundred,
    "deploy": deploys,
    "review": reviewing,
    "page": opening,
}


def machine() -> str:
    """What this was measured on, and how busy it was."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f"{os.getloadavg()[0]:.1f}"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{platform.system()} {platform.machine()}, {cores} cores, {python}; load {load}"


def main() -> None:
    """Run the sections that were asked for, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--times", type=int, default=15, help="runs of what is short")
    arguments = parser.parse_args()
    unknown = set(arguments.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    print(machine())
    with tempfile.TemporaryDirectory(prefix="ecs-blocks-bench-") as folder:
        bench = Bench(Path(folder), arguments.times)
        for name in arguments.sections or SECTIONS:
            SECTIONS[name](bench)
    print(f"\nload {os.getloadavg()[0]:.1f} at the end; medians of processes that took turns")


if __name__ == "__main__":
    main()
