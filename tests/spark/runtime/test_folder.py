"""Files of a folder, by its URL."""

from __future__ import annotations

from pathlib import Path

import pytest
from py4j.protocol import Py4JJavaError
from riada_stream.runtime.folder import Folder


@pytest.fixture
def folder(spark: object, tmp_path: Path) -> Folder:
    return Folder(f"file:{tmp_path}/some")


def test_what_is_not_there(folder: Folder) -> None:
    assert (folder.read("note"), folder.names()) == (None, [])


def test_written_is_read(folder: Folder, tmp_path: Path) -> None:
    folder.write("below/note", "old and longer")
    folder.write("below/note", "\0v1\nü")
    assert folder.read("below/note") == "\0v1\nü"
    assert (tmp_path / "some/below/note").read_bytes() == "\0v1\nü".encode()
    assert (folder.names(), folder.names("below")) == (["below"], ["note"])


def test_copy(folder: Folder) -> None:
    folder.write("below/note", "text")
    folder.copy("below/note", folder / "other")
    assert (folder / "other").read("below/note") == "text"


def test_copy_of_nothing_fails(folder: Folder) -> None:
    with pytest.raises(Py4JJavaError, match="FileNotFoundException"):
        folder.copy("note", folder / "other")


def test_delete(folder: Folder) -> None:
    folder.write("below/note", "text")
    (folder / "below").delete()
    assert folder.names() == []


def test_names() -> None:
    folder = Folder("s3a://bucket/checkpoints/users")
    assert (folder.name, folder.parent) == ("users", Folder("s3a://bucket/checkpoints"))
    assert str(folder / "offsets") == "s3a://bucket/checkpoints/users/offsets"
