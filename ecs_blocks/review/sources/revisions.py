"""git: which revision a change is compared with, and the files of it.

The work tree and the index are never touched, and no hook runs. Nothing is fetched, but for the
objects that a partial clone (``--filter``) leaves with its remote.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TIMEOUT_S: Final = 60.0
_ELSEWHERE: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""A git hook sets these; they would make git answer for another folder."""
_MAIN: Final = ("origin/main", "origin/master")
_DEEPEN: Final = (
    "this clone is shallow, so the base is not in it; run: git fetch --unshallow, or in GitHub "
    "Actions give actions/checkout fetch-depth: 0"
)
_IMPORT: Final = re.compile(rb"^[ \t]*(?:from|import)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)
_PINS: Final = re.compile(r"(?:requirements|constraints).*\.txt|(?:uv|poetry)\.lock")
_LINK: Final = "120000"
_SUBMODULE: Final = "160000"


class Revision(Struct, frozen=True, kw_only=True):
    """A commit that was asked for; ``name`` is how a person calls it, ``why`` it was chosen."""

    commit: str
    name: str
    why: str = ""


class _Entry(Struct, frozen=True):
    mode: str
    sha: str
    path: str


def named_revision(folder: Path, text: str, option: str) -> Revision | None:
    """The commit that *text* names in the repository of *folder*; None if it names none.

    Raises:
        InputError: there is no repository, or it is shallow and may lack the commit.
    """
    _refuse_without_repository(folder, option)
    if text.startswith(("-", "^")):  # an option; what is not to be listed
        return None
    commit = _commit(folder, text)
    if commit is None:
        if _is_shallow(folder):
            raise InputError([Problem(option, 0, 0, text, _DEEPEN)])
        return None
    short = commit[:7]
    return Revision(commit=commit, name=text if commit.startswith(text) else f"{text} ({short})")


def default_base(folder: Path, option: str) -> Revision:
    """Where this branch left the remote's main branch; without one, the last commit.

    Raises:
        InputError: there is no repository, no commit, or the clone is too shallow to tell.
    """
    _refuse_without_repository(folder, option)
    head = _commit(folder, "HEAD")
    if head is None:
        message = "nothing is committed yet; name a folder to compare with"
        raise InputError([Problem(option, 0, 0, "", message)])
    main = _main_branch(folder)
    base = _text(folder, "merge-base", "HEAD", main) if main else None
    if base and main:
        short = base[:7]
        if base == head:
            why = f"the last commit, which {main} has too; what is not committed is reviewed"
            return Revision(commit=base, name=f"HEAD ({short})", why=why)
        why = f"where this branch left {main}"
        return Revision(commit=base, name=f"{main} ({short})", why=why)
    if _is_shallow(folder):
        raise InputError([Problem(option, 0, 0, "", _DEEPEN)])
    lack = f"{main} has no commit in common with it" if main else "no remote has a main branch"
    why = f"the last commit, as {lack}; what is not committed is reviewed"
    return Revision(commit=head, name=f"HEAD ({head[:7]})", why=why)


def export(folder: Path, commit: str, stacks: str, target: Path) -> bool:
    """Write *stacks*/ below *folder* as it was at *commit* to *target*; False if it was not there.

    What its scripts import from beside it comes along (modules and packages of *folder*), and
    what its links lead to.
    """
    entries = list(_tree(folder, commit))
    wanted = {f"{stacks}/"}
    done: dict[str, _Entry] = {}
    while True:
        more = {
            one.path: one
            for one in entries
            if one.path not in done and any(one.path.startswith(prefix) for prefix in wanted)
        }
        if not more:
            return bool(done)
        done |= more
        imported: set[str] = set()
        linked: set[str] = set()
        for path, content in _contents(folder, more.values()):
            _write(target, more[path], content)
            if path.endswith(".py"):
                imported.update(name.decode() for name in _IMPORT.findall(content))
            if more[path].mode == _LINK:
                linked.add(os.path.normpath(Path(path).parent / os.fsdecode(content)))
        wanted = {f"{name}{end}" for name in imported - {stacks} for end in (".py", "/")} | linked


def asked_version(folder: Path, commit: str) -> tuple[str, str] | None:
    """The exact version of ecs-blocks that *commit* asks for, and the file that says so."""
    for name in (one.path for one in _tree(folder, commit, recursive=False)):
        if not _PINS.fullmatch(name):
            continue
        text = _text(folder, "show", f"{commit}:./{name}") or ""
        pinned = re.search(r"^ecs[-_]blocks(?:\[[^\]]*\])? ?== ?([\w.+!-]+)", text, re.MULTILINE)
        locked = re.search(r'^name = "ecs-blocks"\nversion = "([^"]+)"', text, re.MULTILINE)
        if found := pinned or locked:
            return found[1], name
    return None


def _tree(folder: Path, commit: str, *, recursive: bool = True) -> Iterator[_Entry]:
    """Every file of *commit* below *folder*, its path from there."""
    listed = _whole(folder, "ls-tree", "-z", *(["-r"] if recursive else []), commit)
    for line in listed.split(b"\0"):
        if not line:
            continue
        meta, _, name = line.partition(b"\t")
        mode, _, sha = meta.decode().split(" ")
        path = os.fsdecode(name)
        if mode != _SUBMODULE and ".." not in PurePosixPath(path).parts:
            yield _Entry(mode, sha, path)


def _contents(folder: Path, entries: Iterable[_Entry]) -> Iterator[tuple[str, bytes]]:
    """The bytes of *entries* as they were committed: no filter of .gitattributes is applied."""
    entries = list(entries)
    request = "".join(f"{one.sha}\n" for one in entries).encode()
    answer = _whole(folder, "cat-file", "--batch", stdin=request)
    at = 0
    for one in entries:
        end = answer.index(b"\n", at)
        sha, kind, *rest = answer[at:end].split(b" ")
        if not rest:
            raise _incomplete(f"{sha.decode()} ({one.path}) is {kind.decode()}")
        size = int(rest[0])
        yield one.path, answer[end + 1 : end + 1 + size]
        at = end + size + 2


def _write(target: Path, entry: _Entry, content: bytes) -> None:
    path = target / entry.path
    path.parent.mkdir(parents=True, exist_ok=True)
    if entry.mode == _LINK:
        path.symlink_to(os.fsdecode(content))
    else:
        path.write_bytes(content)


def _main_branch(folder: Path) -> str | None:
    named = _text(folder, "symbolic-ref", "--short", "refs/remotes/origin/HEAD")
    candidates = [name for name in (named, *_MAIN) if name]
    return next((name for name in candidates if _commit(folder, f"refs/remotes/{name}")), None)


def _commit(folder: Path, text: str) -> str | None:
    return _text(folder, "rev-parse", "--verify", "--quiet", f"{text}^{{commit}}")


def _is_shallow(folder: Path) -> bool:
    return _text(folder, "rev-parse", "--is-shallow-repository") == "true"


def _refuse_without_repository(folder: Path, option: str) -> None:
    done = _done(folder, "rev-parse", "--git-dir")
    if done is not None and done.returncode == 0:
        return
    said = done.stderr.decode("utf-8", "replace").strip() if done else "git is not installed"
    if "not a git repository" in said:
        said = f"{folder} is in no git repository"
    said = said.removeprefix("fatal: ").splitlines()[0]
    way = "name a folder to compare with: the stacks/ of another checkout, or build/ of its render"
    raise InputError([Problem(option, 0, 0, "", f"{said}; {way}")])


def _text(folder: Path, *arguments: str) -> str | None:
    out = _run(folder, *arguments)
    return None if out is None else out.decode("utf-8", "replace").strip()


def _whole(folder: Path, *arguments: str, stdin: bytes | None = None) -> bytes:
    """What git prints; a base of which a part is missing would be reviewed as if it were new.

    Raises:
        InputError: git fails.
    """
    done = _done(folder, *arguments, stdin=stdin)
    if done is None or done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() if done else []
        raise _incomplete(said[-1].removeprefix("fatal: ") if said else "git fails")
    return done.stdout


def _incomplete(said: str) -> InputError:
    way = "this clone lacks a part of that revision: fetch it, or clone again without --filter"
    return InputError([Problem("git", 0, 0, "", f"{said}; {way}")])


def _run(folder: Path, *arguments: str, stdin: bytes | None = None) -> bytes | None:
    """What git prints, or None where it fails."""
    done = _done(folder, *arguments, stdin=stdin)
    return done.stdout if done is not None and done.returncode == 0 else None


def _done(
    folder: Path, *arguments: str, stdin: bytes | None = None
) -> subprocess.CompletedProcess[bytes] | None:
    git = shutil.which("git")
    if git is None:
        return None
    variables = {key: text for key, text in os.environ.items() if key not in _ELSEWHERE}
    try:
        return subprocess.run(  # noqa: S603 - git, with arguments of our own
            [git, "--no-optional-locks", "-c", "core.fsmonitor=false", "-C", folder, *arguments],
            input=stdin if stdin is not None else b"",
            capture_output=True,
            check=False,
            timeout=TIMEOUT_S,
            env=variables | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"},
        )
    except subprocess.TimeoutExpired as error:
        message = f"git {arguments[0]} did not answer within {TIMEOUT_S:g} s"
        raise InputError([Problem("git", 0, 0, "", message)]) from error
