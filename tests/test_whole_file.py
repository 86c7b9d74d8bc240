"""A file that is asked for by name: whole, or as it was; and no device is ever replaced."""

from __future__ import annotations

import os
import stat
import threading
from typing import TYPE_CHECKING

import pytest

from ecs_blocks.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_replaced_with_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "review.md"
    path.write_text("before", encoding="utf-8")

    write_whole(path, b"after", 0o600)

    assert path.read_bytes() == b"after"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("by_link", [False, True])
def test_what_is_no_file_is_written_to_and_stays(tmp_path: Path, *, by_link: bool) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    out = tmp_path / "link" if by_link else pipe
    if by_link:
        out.symlink_to(pipe)
    # both ways, so that neither end waits for the other, even where nothing is ever written
    reader = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    try:
        write_whole(out, b"text", 0o644)

        assert stat.S_ISFIFO(pipe.stat().st_mode)
        assert out.is_symlink() is by_link
        assert os.read(reader, 100) == b"text"
    finally:
        os.close(reader)


@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_to_a_file_is_refused(tmp_path: Path, *, is_there: bool) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    if is_there:
        target.write_bytes(b"kept")
    link.symlink_to(target)

    with pytest.raises(OSError, match="it is a link; name the file that it leads to"):
        write_whole(link, b"text", 0o644)

    assert link.is_symlink()
    assert (target.read_bytes() if target.exists() else b"kept") == b"kept"


def test_a_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path / "folder", b"text", 0o644)

    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_writers_at_the_same_time_leave_one_whole_text(tmp_path: Path) -> None:
    path = tmp_path / "review.md"
    texts = [bytes([letter]) * 200_000 for letter in b"abcdef"]
    writers = [threading.Thread(target=write_whole, args=(path, text, 0o644)) for text in texts]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert path.read_bytes() in texts
    assert list(tmp_path.iterdir()) == [path]
