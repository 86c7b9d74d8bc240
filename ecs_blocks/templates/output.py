"""What a render writes, and how: beside the old result first, then in its place."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from msgspec import Struct, structs

from ecs_blocks.errors import InputError, OutputError, Problem
from ecs_blocks.templates.stack_outputs import Asked, StackOutputs, asked_by, given_by
from ecs_blocks.templates.staging import OLD
from ecs_blocks.templates.text import MAX_INLINE_BYTES, MAX_TEMPLATE_BYTES, to_json, to_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from ecs_blocks.templates.render import RenderedApp, RenderedEnvironment

Format: TypeAlias = Literal["yaml", "json", "git-sync"]

MARKER: Final = ".rendered"
"""Lists the files of a folder that a render wrote: these, and no others, the next one replaces."""


class Row(Struct, frozen=True):
    """One line of the closing table."""

    app: str
    environment: str
    resources: int
    parameters: int
    bytes: int
    digest: str
    lookups: tuple[str, ...]
    stack: str

    def to_json(self) -> dict[str, Any]:
        """For ``--json``."""
        return structs.asdict(self)


class Written(Struct, frozen=True):
    """The files of one app by name, its rows, and what a reader should be told.

    ``asked`` and ``given`` are what it looks up of other stacks, and what its own give.
    """

    app: str
    files: dict[str, str]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    keys: frozenset[str]
    asked: tuple[Asked, ...]
    given: dict[str, StackOutputs]


def written(
    rendered: RenderedApp, *, form: Format, folder: str, only: frozenset[str] = frozenset()
) -> Written:
    """The files of *rendered*; those of the environments *only*, or of all.

    *folder* is where the app's files will be, as Git sync's files name it.

    Raises:
        InputError: a template is larger than CloudFormation takes.
    """
    extension = "json" if form == "json" else "yaml"
    files: dict[str, str] = {}
    rows: list[Row] = []
    notes: list[str] = []
    texts: dict[int, str] = {}
    for environment in rendered.environments:
        if only and environment.name not in only:
            continue
        if id(environment.template) not in texts:
            encode = to_json if form == "json" else to_yaml
            texts[id(environment.template)] = encode(environment.template)
        text = texts[id(environment.template)]
        name = f"template.{extension}"
        if rendered.shapes:
            name = f"{environment.name}.{name}"
        files[name] = text
        if form == "git-sync":
            deployment, left = _git_sync(environment, f"{folder}/{name}")
            files[f"{environment.name}.deployment.yaml"] = deployment
            notes += [f"{rendered.app} {environment.name}: {left}"] if left else []
        else:
            files[f"{environment.name}.json"] = _parameter_file(environment)
        rows.append(_row(rendered.app, environment, text))
        notes += _size_notes(rendered.app, text)
    if not rows:
        names = ", ".join(e.name for e in rendered.environments)
        notes.append(f"{rendered.app}: has {names} only; nothing was written for it")
    if rendered.shapes and rows:
        which = ", ".join(rendered.shapes)
        word = "is a Shape" if len(rendered.shapes) == 1 else "are Shapes"
        notes.append(f"{rendered.app}: one template for each environment, because {which} {word}")
    return Written(
        rendered.app,
        files,
        tuple(rows),
        tuple(dict.fromkeys(notes)),
        rendered.keys,
        asked_by(rendered),
        given_by(rendered),
    )


def _size_notes(app: str, text: str) -> list[str]:
    size = len(text.encode())
    if size > MAX_TEMPLATE_BYTES:
        message = f"the template has {size:,} bytes; CloudFormation takes {MAX_TEMPLATE_BYTES:,}"
        raise InputError([Problem(app, 0, 0, "", f"{message}: split the stack")])
    if size > MAX_INLINE_BYTES:
        return [
            f"{app}: {size:,} bytes; over {MAX_INLINE_BYTES:,} a deploy has to go through S3 "
            "(aws cloudformation deploy --s3-bucket …)"
        ]
    return []


def _parameter_file(environment: RenderedEnvironment) -> str:
    content: dict[str, Any] = {
        "Parameters": dict(environment.parameters),
        "Tags": dict(environment.tags),
    }
    if environment.lookups:
        content["lookups"] = {key: one.to_json() for key, one in environment.lookups.items()}
    return to_json(content)


def _git_sync(environment: RenderedEnvironment, template: str) -> tuple[str, str]:
    content = {
        "template-file-path": template,
        "parameters": dict(environment.parameters),
        "tags": dict(environment.tags),
    }
    left = ", ".join(environment.lookups)
    note = f"Git sync looks nothing up; give these a value first: {left}" if left else ""
    return to_yaml(content), note


def _row(app: str, environment: RenderedEnvironment, text: str) -> Row:
    return Row(
        app,
        environment.name,
        len(environment.template["Resources"]),
        len(environment.template.get("Parameters", {})),
        len(text.encode()),
        hashlib.sha256(text.encode()).hexdigest()[:12],
        tuple(environment.lookups),
        environment.stack_name,
    )


def stage(staged: Path, result: Written) -> None:
    """Write the files of one app below *staged*.

    Raises:
        OutputError: the disk is full, or the like.
    """
    folder = staged / result.app
    try:
        folder.mkdir()
        listed = "".join(f"{name}\n" for name in sorted(result.files))
        for name, text in (*result.files.items(), (MARKER, listed)):
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}") from error


def swap(staged: Path, out: Path) -> None:
    """Put every staged app's folder in the place of the one that is there.

    Raises:
        OutputError: a folder holds what no render wrote, or cannot be moved; then every folder is
            as it was before.
    """
    apps = sorted(folder.name for folder in staged.iterdir())
    for app in apps:
        foreign = _foreign(out / app)
        if foreign is not None:
            raise OutputError(
                f"{out / app} holds {foreign}, which no render wrote; nothing was changed: choose "
                "another --out, or move that file away"
            )
    old = staged / OLD
    old.mkdir()
    begun: list[str] = []
    try:
        for app in apps:
            begun.append(app)
            if (out / app).exists():
                (out / app).replace(old / app)
            (staged / app).replace(out / app)
    except BaseException as error:  # an interrupt too must not lose what was there
        for app in reversed(begun):
            if not (staged / app).exists():
                shutil.rmtree(out / app, ignore_errors=True)
            if (old / app).exists():
                (old / app).replace(out / app)
        if not isinstance(error, OSError):
            raise
        raise OutputError(f"{out}: cannot be written: {error.strerror}") from error


def rendered_before(out: Path) -> list[str]:
    """The apps whose folders below *out* hold a render's files and nothing else."""
    folders = sorted(f for f in out.iterdir() if f.is_dir() and not f.name.startswith("."))
    return [f.name for f in folders if any(f.iterdir()) and _foreign(f) is None]


def _foreign(folder: Path) -> str | None:
    """The name of something in *folder* that no render wrote, or None."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        return folder.name
    if not folder.exists():
        return None
    marker = folder / MARKER
    ours = set(marker.read_text(encoding="utf-8").splitlines()) if marker.is_file() else set()
    for item in sorted(folder.iterdir()):
        if item.name not in {MARKER, *ours} or item.is_symlink() or not item.is_file():
            return item.name
    return None


def stream(results: list[Written], form: Format) -> str:
    """Every file as one text for ``--out -``: one JSON object, or a stream of YAML documents."""
    if form == "json":
        return to_json({f"{r.app}/{n}": json.loads(t) for r in results for n, t in r.files.items()})
    parts = []
    for result in results:
        for name, text in result.files.items():
            body = to_yaml(json.loads(text)) if name.endswith(".json") else text
            parts.append(f"--- # {result.app}/{name}\n{body}")
    return "".join(parts)
