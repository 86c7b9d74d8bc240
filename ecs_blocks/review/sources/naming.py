"""What ``--base`` and ``--head`` name: a revision, a folder of apps, a folder of renders."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from ecs_blocks.errors import InputError, Problem
from ecs_blocks.review.sources.renders import is_one_render, is_renders
from ecs_blocks.review.sources.revisions import Revision, named_revision


class Apps(Struct, frozen=True):
    """A folder of apps, with platform.yaml in it."""

    root: Path
    name: str


class Renders(Struct, frozen=True):
    """A folder that a render has written to."""

    folder: Path
    name: str


Named: TypeAlias = Revision | Apps | Renders


def named(text: str, root: Path, option: str) -> Named:
    """What *text* names, given with *option*; *root* is the stacks/ under review.

    Raises:
        InputError: nothing, both a folder and a revision, or a folder that holds neither apps nor
            renders.
    """
    path = Path(text)
    if not text or not os.path.lexists(path):
        return _revision(text, root, option)
    if not _is_path(text) and _is_revision(text, root):
        message = f"a revision and a folder are called so; write heads/{text}, or ./{text}"
        raise InputError([Problem(option, 0, 0, text, message)])
    return _folder(path, text, option)


def _is_path(text: str) -> bool:
    return text in {".", ".."} or text.startswith(("./", "../", "/", "~")) or text.endswith("/")


def _is_revision(text: str, root: Path) -> bool:
    try:
        return named_revision(root.parent, text, "") is not None
    except InputError:  # no repository, say: then there is nothing to confuse it with
        return False


def _revision(text: str, root: Path, option: str) -> Revision:
    if text and not _is_path(text):
        found = named_revision(root.parent, text, option)
        if found is not None:
            return found
    message = (
        "there is neither a git revision nor a folder of that name; a revision of a remote has to "
        "be fetched first"
    )
    raise InputError([Problem(option, 0, 0, text, message)])


def _folder(path: Path, text: str, option: str) -> Apps | Renders:
    message = ""
    try:
        if not path.is_dir():
            message = "this is a file; --base takes one together with --template"
        elif (path / "platform.yaml").is_file():
            return Apps(path.absolute(), text)
        elif (path / "stacks" / "platform.yaml").is_file():
            return Apps((path / "stacks").absolute(), text)
        elif is_one_render(path):
            message = "this is the render of one app; give the folder above it"
        elif is_renders(path):
            return Renders(path, text)
        elif not any(path.iterdir()):
            message = "the folder is empty"
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
    message = message or (
        "the folder holds neither apps (there is no platform.yaml) nor what a render writes (there "
        "is no APP/template.yaml)"
    )
    raise InputError([Problem(option, 0, 0, text, message)])
