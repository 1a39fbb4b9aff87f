"""Files of a folder, by its URL."""

from __future__ import annotations

from pathlib import Path

import pytest
from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession
from riada_stream.runtime.checkpoint_dir import CheckpointDir


@pytest.fixture
def folder(spark: SparkSession, tmp_path: Path) -> CheckpointDir:
    return CheckpointDir(f"file:{tmp_path}/some")


def test_what_is_not_there(folder: CheckpointDir) -> None:
    assert (folder.read("note"), folder.names()) == (None, [])


def test_written_is_read(folder: CheckpointDir, tmp_path: Path) -> None:
    folder.write("below/note", "old and longer")
    folder.write("below/note", "\0v1\nü")
    assert folder.read("below/note") == "\0v1\nü"
    assert (tmp_path / "some/below/note").read_bytes() == "\0v1\nü".encode()
    assert (folder.names(), folder.names("below")) == (["below"], ["note"])


def test_copy(folder: CheckpointDir) -> None:
    folder.write("below/note", "text")
    folder.copy("below/note", folder / "other")
    assert (folder / "other").read("below/note") == "text"


def test_copy_of_nothing_fails(folder: CheckpointDir) -> None:
    with pytest.raises(Py4JJavaError, match="FileNotFoundException"):
        folder.copy("note", folder / "other")


def test_delete(folder: CheckpointDir) -> None:
    folder.write("below/note", "text")
    (folder / "below").delete()
    assert folder.names() == []


def test_names() -> None:
    folder = CheckpointDir("s3a://bucket/checkpoints/users")
    assert (folder.name, folder.parent) == ("users", CheckpointDir("s3a://bucket/checkpoints"))
    assert str(folder / "offsets") == "s3a://bucket/checkpoints/users/offsets"
