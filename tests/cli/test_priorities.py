"""``ecs-blocks priorities``: it writes the lock file, a render reads it, ``check`` proves it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from ecs_blocks.cli import run
from ecs_blocks.cli.check import check
from ecs_blocks.cli.priorities import priorities
from ecs_blocks.cli.render import render

SCENARIO: Final = Path(__file__).parents[1] / "scenarios" / "shared-alb-fargate"
HEAD: Final = """\
# Priorities of rules on shared listeners: app, rule, priority, what it matches.
# `ecs-blocks priorities` writes this file; commit it.
# After a merge conflict keep the lines of both sides, and run it again.
"""
BLOG: Final = "blog BlogListenerRule 16599 host=blog.${HostedZoneName}"
BLOG_2: Final = "blog BlogListenerRule2 16533 host=www.${HostedZoneName}"
SHOP: Final = (
    "shop ShopListenerRule 15528 host=www.${HostedZoneName} path=/shop,/shop/*,/cart,/cart/*"
)
SHOP_2: Final = "shop ShopListenerRule2 15587 host=www.${HostedZoneName} path=/checkout,/checkout/*"
WHOLE: Final = HEAD + "".join(f"{line}\n" for line in (BLOG, BLOG_2, SHOP, SHOP_2))


@pytest.fixture(name="folder")
def fixture_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The scenario as a repository's ``stacks``, without its lock file."""
    shutil.copytree(SCENARIO, tmp_path / "stacks")
    (tmp_path / "stacks" / "priorities.lock").unlink()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    return tmp_path / "stacks"


@pytest.fixture(name="ran")
def fixture_ran(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command, and give its exit code, stdout and stderr."""

    def ran(command: Any, *arguments: str) -> tuple[Any, str, str]:
        with pytest.raises(SystemExit) as left:
            run(command, args=list(arguments))
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return ran


def lock(folder: Path) -> str:
    return (folder / "priorities.lock").read_text(encoding="utf-8")


def changed(folder: Path, app: str, old: str, new: str) -> None:
    path = folder / app / "stack.py"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_scenario_s_own_lock_file_is_what_would_be_written(folder: Path, ran: Any) -> None:
    assert ran(priorities)[0] == 0
    assert lock(folder) == lock(SCENARIO) == WHOLE


def test_it_says_what_it_adds(folder: Path, ran: Any) -> None:  # noqa: ARG001 - the folder it runs in
    code, out, err = ran(priorities)

    assert (code, err) == (0, "stacks/priorities.lock: 4 rules, 4 new\n")
    assert out.splitlines() == [f"+ {line}" for line in (BLOG, BLOG_2, SHOP, SHOP_2)]


def test_a_second_time_there_is_nothing_to_do(folder: Path, ran: Any) -> None:
    ran(priorities)
    before = (folder / "priorities.lock").stat().st_mtime_ns

    assert ran(priorities) == (0, "", "stacks/priorities.lock: 4 rules, nothing to change\n")
    assert (folder / "priorities.lock").stat().st_mtime_ns == before


@pytest.mark.slow
def test_check_writes_nothing_and_says_whether_it_would(folder: Path, ran: Any) -> None:
    code, out, _ = ran(priorities, "--check")

    assert (code, len(out.splitlines())) == (2, 4)
    assert not (folder / "priorities.lock").exists()
    ran(priorities)
    assert ran(priorities, "--check")[0] == 0


def test_a_new_app_adds_its_line_and_changes_no_other(folder: Path, ran: Any) -> None:
    ran(priorities)
    shutil.copytree(folder / "shop", folder / "admin")
    changed(folder, "admin", '"/shop", "/cart", "/checkout"', '"/shop/admin"')

    code, out, _ = ran(priorities)

    [line] = out.splitlines()
    assert code == 0
    assert line.startswith("+ admin ShopListenerRule ")
    assert int(line.split()[3]) < 15528
    assert [one for one in lock(folder).splitlines() if not one.startswith("admin ")] == (
        WHOLE.splitlines()
    )


def test_an_app_that_is_no_more_takes_its_lines_with_it(folder: Path, ran: Any) -> None:
    ran(priorities)
    shutil.rmtree(folder / "shop")

    code, out, err = ran(priorities)

    assert (code, err) == (0, "stacks/priorities.lock: 2 rules, 2 gone\n")
    assert out.splitlines() == [f"- {SHOP}", f"- {SHOP_2}"]


def test_a_changed_path_changes_its_own_line_alone(folder: Path, ran: Any) -> None:
    ran(priorities)
    changed(folder, "shop", '"/checkout"', '"/checkout/now"')

    code, out, err = ran(priorities)

    [line] = out.splitlines()
    assert (code, err) == (0, "stacks/priorities.lock: 4 rules, 1 changed\n")
    assert line.startswith("~ shop ShopListenerRule2 ")
    assert line.endswith(
        "host=www.${HostedZoneName} path=/checkout/now,/checkout/now/* (was 15587 "
        "host=www.${HostedZoneName} path=/checkout,/checkout/*)"
    )


def test_two_apps_that_claim_one_path_are_refused_with_both_files(folder: Path, ran: Any) -> None:
    ran(priorities)
    shutil.copytree(folder / "shop", folder / "store")
    changed(folder, "store", '"/shop", "/cart", "/checkout"', '"/store", "/cart"')

    code, out, err = ran(priorities)

    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "stacks/store/stack.py: ShopListenerRule in dev: www.dev.example.com/cart is claimed by "
        "ShopListenerRule of stacks/shop/stack.py in dev too; only the first of them would get it",
        "stacks/store/stack.py: ShopListenerRule in prod: www.example.com/cart is claimed by "
        "ShopListenerRule of stacks/shop/stack.py in prod too; only the first of them would get it",
        "2 problems; stacks/priorities.lock is as it was",
    ]
    assert lock(folder) == WHOLE


def test_a_lock_file_with_a_merge_conflict_is_said_at_its_lines(folder: Path, ran: Any) -> None:
    text = WHOLE.replace(SHOP, f"<<<<<<< HEAD\n{SHOP}\n=======").replace(
        SHOP_2, f"{SHOP_2}\n>>>>>>> other"
    )
    (folder / "priorities.lock").write_text(text, encoding="utf-8")

    code, _, err = ran(priorities)

    assert code == 2
    assert [line.partition(": ")[0] for line in err.splitlines()[:-1]] == [
        "stacks/priorities.lock:6:1",
        "stacks/priorities.lock:8:1",
        "stacks/priorities.lock:10:1",
    ]


def test_a_mistake_in_an_app_is_said_and_nothing_is_written(folder: Path, ran: Any) -> None:
    changed(folder, "shop", "port=8080", "port=0")

    code, _, err = ran(priorities)

    assert (code, err.splitlines()[0]) == (
        2,
        "stacks/shop/stack.py:14:1: port 0 is not between 1 and 65535",
    )
    assert not (folder / "priorities.lock").exists()


def test_a_render_reads_the_numbers(folder: Path, ran: Any) -> None:
    ran(priorities)

    code, out, _ = ran(render, "shop", "--out", "-")

    assert code == 0
    assert out.count("Priority: 15528") == out.count("Priority: 15587") == 1
    assert lock(folder) == WHOLE


def test_a_render_without_the_number_says_what_to_do(folder: Path, ran: Any) -> None:
    assert ran(render, "shop", "--out", "-") == (
        2,
        "",
        "stacks/priorities.lock: ShopListenerRule of shop has no priority yet; run ecs-blocks "
        "priorities\n"
        "stacks/priorities.lock: ShopListenerRule2 of shop has no priority yet; run ecs-blocks "
        "priorities\n"
        "2 problems; nothing was written\n",
    )
    assert not (folder / "priorities.lock").exists()


def test_a_render_of_a_path_that_changed_says_what_to_do(folder: Path, ran: Any) -> None:
    ran(priorities)
    changed(folder, "shop", '"/checkout"', '"/pay"')

    code, _, err = ran(render, "shop", "--out", "-")

    assert (code, err.splitlines()[0]) == (
        2,
        "stacks/priorities.lock: ShopListenerRule2 of shop matches host=www.${HostedZoneName} "
        "path=/pay,/pay/* now, and not host=www.${HostedZoneName} path=/checkout,/checkout/*; "
        "run ecs-blocks priorities",
    )


@pytest.mark.slow
def test_check_proves_that_no_number_comes_twice(folder: Path) -> None:
    (folder / "priorities.lock").write_text(WHOLE.replace("16599", "15528"), encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-c", "from ecs_blocks.cli import main; main()", "check", "--no-cache"],
        cwd=folder.parent,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == (
        "stacks/shop/stack.py: ShopListenerRule in dev: the priority 15528 is also that of "
        "BlogListenerRule of stacks/blog/stack.py in dev; run ecs-blocks priorities"
    )


OWN_NUMBER: Final = """\
class Admin(eb.FargateSharedWebServiceEnvironment):
    rule_priority: eb.Param[int] = eb.param(default=900)


def stack(env: Admin)\
"""
TAKEN: Final = (
    "the priority 15528 belongs to ShopListenerRule of stacks/shop/stack.py in {environment}, by "
    "stacks/priorities.lock:6; take another one: 15529 is free"
)


def newcomer(folder: Path, number: str) -> None:
    """An app that sorts before ``shop``, and takes *number* for itself."""
    shutil.copytree(folder / "shop", folder / "admin")
    changed(
        folder,
        "admin",
        'eb.Route(paths=eb.under("/shop", "/cart", "/checkout"))',
        f'eb.Route(paths=eb.under("/admin"), priority={number})',
    )


def test_an_app_with_a_number_of_the_file_moves_nobody(folder: Path, ran: Any) -> None:
    ran(priorities)
    newcomer(folder, "15528")

    code, out, err = ran(priorities)

    assert (code, out) == (2, "")
    assert err.splitlines() == [
        f"stacks/admin/stack.py: ShopListenerRule in dev: {TAKEN.format(environment='dev')}",
        f"stacks/admin/stack.py: ShopListenerRule in prod: {TAKEN.format(environment='prod')}",
        "2 problems; stacks/priorities.lock is as it was",
    ]
    assert lock(folder) == WHOLE


def test_a_number_in_environment_yaml_is_said_at_its_line(folder: Path, ran: Any) -> None:
    ran(priorities)
    newcomer(folder, "env.rule_priority")
    changed(folder, "admin", "def stack(env: eb.FargateSharedWebServiceEnvironment)", OWN_NUMBER)
    path = folder / "admin" / "environment.yaml"
    text = path.read_text(encoding="utf-8")
    line = len(text.splitlines()) + 1
    path.write_text(f"{text.rstrip()}\n    RulePriority: 15528\n", encoding="utf-8")

    for verb in (priorities, check):
        code, _, err = ran(verb)

        place = f"stacks/admin/environment.yaml:{line}:19: parameters.prod.RulePriority"
        assert (code, err.splitlines()[0]) == (2, f"{place}: {TAKEN.format(environment='prod')}")
