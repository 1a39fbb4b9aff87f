"""Releases come from the bucket; the driver's status goes there from the worker where it runs."""

from __future__ import annotations

import io
import json
import os
import tarfile
from pathlib import Path

import pytest

from contract.stream.releases import ReleaseState
from node.errors import NotReadyError
from node.steps.artifacts import STATE_KEY, STATUS_KEY, Artifacts, since
from tests.node.in_memory import MemoryBucket


def archive(text: str) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        entry = tarfile.TarInfo("dags/a.py")
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text.encode()))
    return content.getvalue()


def status(at: str) -> bytes:
    return json.dumps({"state": "running", "since": f"2026-11-25T10:00:{at}+00:00"}).encode()


class Node:
    """The artifacts of one node."""

    def __init__(self, root: Path, bucket: MemoryBucket, publishes: bool) -> None:
        self.folder, self.run = root / "artifacts", root / "run"
        self.folder.mkdir(parents=True)
        self.run.mkdir()
        self.bucket, self.publishes = bucket, publishes
        self.status = self.folder / "streaming-status.json"

    def update(self) -> None:
        Artifacts(self.folder, self.run, self.bucket, self.publishes).update()


@pytest.fixture
def reader(tmp_path: Path, bucket: MemoryBucket) -> Node:
    return Node(tmp_path / "reader", bucket, publishes=False)


def test_takes_the_release_that_the_bucket_names(reader: Node, bucket: MemoryBucket) -> None:
    bucket.objects["releases/a.tar"] = archive("A")
    bucket.objects[STATE_KEY] = ReleaseState("a", "a", ("a",), "1").text().encode()
    reader.update()
    assert (reader.folder / "current/dags/a.py").read_text() == "A"
    assert (reader.folder / "streaming-release").read_text() == "a"
    bucket.objects["releases/b.tar"] = archive("B")
    bucket.objects[STATE_KEY] = ReleaseState("b", "a", ("b",), "2").text().encode()
    reader.update()
    assert (reader.folder / "current/dags/a.py").read_text() == "B"
    assert not (reader.folder / "releases/a").exists()


def test_release_that_is_missing_changes_nothing(reader: Node, bucket: MemoryBucket) -> None:
    bucket.objects["releases/a.tar"] = archive("A")
    bucket.objects[STATE_KEY] = ReleaseState("a", "a", ("a",), "1").text().encode()
    reader.update()
    bucket.objects[STATE_KEY] = ReleaseState("b", "b", ("b", "a"), "2").text().encode()
    with pytest.raises(NotReadyError, match=r"GET releases/b\.tar"):
        reader.update()
    assert (reader.folder / "current/dags/a.py").read_text() == "A"


def test_node_without_artifacts_asks_for_nothing(tmp_path: Path, bucket: MemoryBucket) -> None:
    bucket.unreachable = True
    Artifacts(tmp_path / "absent", tmp_path, bucket, publishes=False).update()
    assert not (tmp_path / "absent").exists()


def test_nothing_is_deployed_yet(reader: Node) -> None:
    reader.update()
    assert not list(reader.folder.iterdir())


def test_newest_status_reaches_other_nodes(
    tmp_path: Path, bucket: MemoryBucket, reader: Node
) -> None:
    first, second = (Node(tmp_path / name, bucket, publishes=True) for name in ("w1", "w2"))
    first.status.write_bytes(status("00"))
    first.update()
    second.status.write_bytes(status("20"))
    second.update()
    reader.update()
    assert reader.status.read_bytes() == status("20")
    first.status.write_bytes(status("10"))  # before the driver went to the other worker
    first.update()
    assert bucket.objects[STATUS_KEY] == status("20")
    first.update()
    second.update()
    assert bucket.puts == [STATUS_KEY] * 2


def test_status_is_put_again_after_a_failure(tmp_path: Path, bucket: MemoryBucket) -> None:
    worker = Node(tmp_path / "w", bucket, publishes=True)
    worker.status.write_bytes(status("00"))
    bucket.refuses_puts = True
    worker.update()
    bucket.refuses_puts = False
    worker.update()
    assert bucket.objects[STATUS_KEY] == status("00")


USER = 10001  # of the containers


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """A folder that root alone may enter, as /var/lib/docker, with a file; the volume is in it."""
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED: only root can work with the rights of another user")
    folder = tmp_path / "root"
    folder.mkdir(mode=0o700)
    (folder / "file").write_text("of root")
    return folder


@pytest.fixture
def worker(private: Path, bucket: MemoryBucket) -> Node:
    node = Node(private / "node", bucket, publishes=True)
    os.chown(node.folder, USER, USER)
    return node


def test_a_link_as_status_reads_no_file_of_the_machine(
    worker: Node, private: Path, bucket: MemoryBucket
) -> None:
    bucket.objects[STATUS_KEY] = b""
    worker.status.symlink_to(private / "file")
    worker.update()
    assert bucket.puts == []


def test_a_link_as_draft_overwrites_no_file_of_the_machine(
    worker: Node, private: Path, bucket: MemoryBucket
) -> None:
    bucket.objects["releases/a.tar"] = archive("A")
    bucket.objects[STATE_KEY] = ReleaseState("a", "a", ("a",), "1").text().encode()
    (worker.folder / ".streaming-release.draft").symlink_to(private / "file")
    with pytest.raises(NotReadyError, match=r"cannot be written: .*Permission denied"):
        worker.update()
    assert (private / "file").read_text() == "of root"


def test_a_link_as_folder_leads_no_release_out_of_the_volume(
    worker: Node, private: Path, bucket: MemoryBucket
) -> None:
    bucket.objects["releases/a.tar"] = archive("A")
    bucket.objects[STATE_KEY] = ReleaseState("a", "a", ("a",), "1").text().encode()
    (worker.folder / "releases").symlink_to(private)
    with pytest.raises(NotReadyError, match=r"cannot be written: .*Permission denied"):
        worker.update()
    assert {path.name for path in private.iterdir()} == {"file", "node"}


def test_a_link_as_status_is_replaced_by_the_newest(private: Path, bucket: MemoryBucket) -> None:
    node = Node(private / "node", bucket, publishes=False)
    os.chown(node.folder, USER, USER)
    for name in (node.status.name, f".{node.status.name}.draft"):
        (node.folder / name).symlink_to(private / "file")
    bucket.objects[STATUS_KEY] = status("00")
    node.update()
    assert not node.status.is_symlink()
    assert node.status.read_bytes() == status("00")
    assert (private / "file").read_text() == "of root"


def test_what_root_wrote_earlier_belongs_to_the_owner(
    worker: Node, private: Path, bucket: MemoryBucket
) -> None:
    """Programs before this one wrote releases as root."""
    (worker.folder / "releases/old").mkdir(parents=True)
    (worker.folder / "link").symlink_to(private / "file")
    bucket.objects["releases/a.tar"] = archive("A")
    bucket.objects[STATE_KEY] = ReleaseState("a", "a", ("a",), "1").text().encode()
    before = Path.cwd()
    worker.update()
    assert (worker.folder / "current/dags/a.py").read_text() == "A"
    assert not (worker.folder / "releases/old").exists()
    assert {path.lstat().st_uid for path in worker.folder.rglob("*")} == {USER}
    assert (private / "file").stat().st_uid == 0
    assert (os.geteuid(), Path.cwd()) == (0, before)


@pytest.mark.parametrize("damaged", [b"", b"{", b"[]", b'{"state": "running"}'])
def test_damaged_status_is_older_than_every_other(damaged: bytes) -> None:
    assert since(damaged) == "" < since(status("00"))
