"""Which revision is taken as the base, and why; what --base may name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ecs_blocks.errors import InputError
from ecs_blocks.review.sources.naming import Apps, Renders, named
from ecs_blocks.review.sources.revisions import Revision, default_base, export
from tests.project import ENVIRONMENT, SCRIPT
from tests.review.repository import cloned, commit, git, repository

if TYPE_CHECKING:
    from tests.project import Project


def default(folder: Path) -> Revision:
    return default_base(folder, "--base")


def refusal(text: str, root: Path) -> str:
    with pytest.raises(InputError) as error:
        named(text, root, "--base")
    return str(error.value)


def test_without_a_remote_it_is_the_last_commit(tmp_path: Path) -> None:
    repository(tmp_path)
    head = git(tmp_path, "rev-parse", "HEAD")

    base = default(tmp_path)

    assert (base.commit, base.name) == (head, f"HEAD ({head[:7]})")
    assert base.why == (
        "the last commit, as no remote has a main branch; what is not committed is reviewed"
    )


@pytest.mark.parametrize("main", ["main", "master", "trunk"])
def test_it_is_where_the_branch_left_the_remotes_main_branch(tmp_path: Path, main: str) -> None:
    repository(tmp_path / "origin")
    git(tmp_path / "origin", "branch", "--move", main)
    clone = cloned(tmp_path / "origin", tmp_path / "clone")
    left = git(clone, "rev-parse", "HEAD")
    git(clone, "switch", "--quiet", "--create", "feature")
    commit(clone)
    commit(tmp_path / "origin", "main goes on")
    git(clone, "fetch", "--quiet")

    base = default(clone)

    assert (base.commit, base.name) == (left, f"origin/{main} ({left[:7]})")
    assert base.why == f"where this branch left origin/{main}"


def test_on_the_main_branch_it_is_the_last_commit_that_the_remote_has(tmp_path: Path) -> None:
    repository(tmp_path / "origin")
    clone = cloned(tmp_path / "origin", tmp_path / "clone")
    pushed = default(clone)
    commit(clone)

    assert pushed.why == (
        "the last commit, which origin/main has too; what is not committed is reviewed"
    )
    assert default(clone).commit == pushed.commit


def test_histories_that_have_nothing_in_common(tmp_path: Path) -> None:
    repository(tmp_path / "origin")
    clone = cloned(tmp_path / "origin", tmp_path / "clone")
    git(clone, "checkout", "--quiet", "--orphan", "other")
    head = commit(clone)

    base = default(clone)

    assert base.commit == head
    assert "as origin/main has no commit in common with it" in base.why


def test_a_shallow_clone_as_a_job_makes_it_is_not_believed(tmp_path: Path) -> None:
    """Else the last commit would be the base, and every change a calm one."""
    repository(tmp_path / "origin")
    commit(tmp_path / "origin")
    clone = cloned(tmp_path / "origin", tmp_path / "clone", "--depth", "1")
    git(clone, "switch", "--quiet", "--detach")
    git(clone, "branch", "--delete", "--remotes", "origin/main")
    git(clone, "remote", "set-head", "origin", "--delete")

    with pytest.raises(InputError, match=r"^--base: this clone is shallow.*fetch-depth: 0$"):
        default(clone)


def test_a_revision_that_a_shallow_clone_lacks(tmp_path: Path) -> None:
    made = repository(tmp_path / "origin")
    commit(tmp_path / "origin")
    clone = cloned(tmp_path / "origin", tmp_path / "clone", "--depth", "1")

    assert "git fetch --unshallow" in refusal("HEAD~1", clone / made.stacks.name)


@pytest.mark.slow
@pytest.mark.parametrize("left_out", ["blob:none", "tree:0"])
def test_what_a_partial_clone_leaves_with_its_remote(tmp_path: Path, left_out: str) -> None:
    """Fetched where it can be; else refused, as an empty base would mean that all is new."""
    made = repository(tmp_path / "origin")
    made.write("hoge/environment.yaml", ENVIRONMENT.replace(": 30", ": 60"))
    commit(tmp_path / "origin")
    git(tmp_path / "origin", "config", "uploadpack.allowFilter", "true")
    clone = cloned(tmp_path / "origin", tmp_path / "clone", f"--filter={left_out}")
    stacks = clone / made.stacks.name
    base = named("HEAD~1", stacks, "--base")
    assert isinstance(base, Revision)
    (tmp_path / "origin").rename(tmp_path / "gone")

    with pytest.raises(InputError, match=r"^git: .*; this clone lacks a part of that revision: "):
        export(clone, base.commit, stacks.name, tmp_path / "refused")

    (tmp_path / "gone").rename(tmp_path / "origin")
    assert export(clone, base.commit, stacks.name, tmp_path / "base")
    assert ": 30" in (tmp_path / "base/stacks/hoge/environment.yaml").read_text(encoding="utf-8")


def test_what_links_lead_to_comes_along(tmp_path: Path) -> None:
    made = repository(tmp_path)
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "fuga").symlink_to("../elsewhere/fuga")
    (tmp_path / "elsewhere").mkdir()
    (made.stacks / "hoge").rename(tmp_path / "elsewhere" / "fuga")
    (made.stacks / "fuga").symlink_to("../shared/fuga")

    assert export(tmp_path, commit(tmp_path), made.stacks.name, tmp_path / "base")

    assert (tmp_path / "base/stacks/fuga/stack.py").resolve().is_relative_to(tmp_path / "base")
    assert (tmp_path / "base/stacks/fuga/stack.py").read_text(encoding="utf-8") == SCRIPT


def test_no_repository_and_no_commit(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^--base: .* is in no git repository; name a folder"):
        default(tmp_path)
    git(tmp_path, "init", "--quiet")
    with pytest.raises(InputError, match=r"^--base: nothing is committed yet"):
        default(tmp_path)


def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(InputError, match=r"^--base: git is not installed; name a folder"):
        default(tmp_path)


def test_the_variables_of_a_git_hook_are_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository(tmp_path / "one")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))

    head = default(tmp_path / "one").commit

    monkeypatch.delenv("GIT_DIR")
    assert head == git(tmp_path / "one", "rev-parse", "HEAD")


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    return repository(tmp_path)


@pytest.mark.parametrize("text", ["main", "HEAD", "heads/main", "v1", "HEAD^{commit}"])
def test_a_revision(made: Project, text: str) -> None:
    git(made.folder, "tag", "v1")
    head = git(made.folder, "rev-parse", "HEAD")

    assert named(text, made.stacks, "--base") == Revision(commit=head, name=f"{text} ({head[:7]})")


def test_a_commit_is_called_as_it_was_typed(made: Project) -> None:
    head = git(made.folder, "rev-parse", "HEAD")

    assert named(head[:9], made.stacks, "--base") == Revision(commit=head, name=head[:9])


def test_folders_are_told_apart(made: Project) -> None:
    made.rendered()

    assert named("build", made.stacks, "--base") == Renders(Path("build"), "build")
    assert named("stacks", made.stacks, "--base") == Apps(made.stacks, "stacks")
    assert named(".", made.stacks, "--base") == Apps(made.stacks, ".")
    assert named(str(made.stacks), made.stacks, "--base") == Apps(made.stacks, str(made.stacks))


def test_a_folder_needs_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = repository(tmp_path)
    made.rendered()
    monkeypatch.setenv("PATH", "")

    assert isinstance(named(str(made.build), made.stacks, "--base"), Renders)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mian", "neither a git revision nor a folder of that name"),
        ("-x", "neither a git revision nor a folder of that name"),
        ("--output=x", "neither a git revision nor a folder of that name"),
        ("./nowhere", "neither a git revision nor a folder of that name"),
        ("nowhere/", "neither a git revision nor a folder of that name"),
        ("main:stacks", "neither a git revision nor a folder of that name"),
        ("", "neither a git revision nor a folder of that name"),
        ("stacks/platform.yaml", "this is a file; --base takes one together with --template"),
        ("empty", "the folder is empty"),
        ("other", "neither apps (there is no platform.yaml) nor what a render writes"),
        ("build/hoge", "this is the render of one app; give the folder above it"),
        ("both", "a revision and a folder are called so; write heads/both, or ./both"),
    ],
)
def test_what_names_nothing(made: Project, text: str, expected: str) -> None:
    made.rendered()
    for folder in ("empty", "other", "both"):
        (made.folder / folder).mkdir()
    (made.folder / "other" / "README").touch()
    git(made.folder, "branch", "both")

    found = refusal(text, made.stacks)

    assert found.startswith(f"--base: {text}: " if text else "--base: ")
    assert expected in found


@pytest.mark.skipif(os.getuid() == 0, reason="root reads everything")
def test_a_folder_that_may_not_be_read(made: Project) -> None:
    closed = made.folder / "closed"
    closed.mkdir(mode=0o000)

    assert "Permission denied" in refusal("./closed", made.stacks)
