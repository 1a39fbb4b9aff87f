"""riada-node makes a file system on a blank volume, and never on a volume with data."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.host import docker
from tests.aws.account import Account
from tests.aws.conftest import LOCALSTACK, Root
from tests.aws.machine import Machine
from tests.harness.wait import eventually

NODE = "kafka-1"
MARK = "/var/lib/docker/volumes/mark"
SIZE = 64 << 20

Boot = Callable[[Path, str], Machine]


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A new volume: zeros."""
    file = tmp_path / "disk"
    with file.open("wb") as blank:
        blank.truncate(SIZE)
    return file


@pytest.fixture
def volume(root: Root, account: Account) -> str:
    """The volume's id as NVMe shows it, without the dash."""
    match = re.search(r"VOLUME=(vol-\w+)", account.node_user_data(NODE))
    assert match
    return match[1].replace("-", "")


@pytest.fixture
def boot(account: Account) -> Iterator[Boot]:
    """boot(disk, serial): a new machine of the node, with the disk attached."""
    machines: list[Machine] = []

    def new(disk: Path, serial: str) -> Machine:
        name = f"{LOCALSTACK}-{uuid.uuid4().hex[:6]}"
        machines.append(Machine(name, LOCALSTACK, account.node_user_data(NODE), (disk, serial)))
        return machines[-1]

    yield new
    for machine in machines:
        machine.remove()


def test_blank_volume_is_formatted_once_and_kept(boot: Boot, disk: Path, volume: str) -> None:
    first = boot(disk, volume)
    assert "making a file system on the new volume" in first.run("riada-node").stdout
    assert first.run("sh", "-c", f"echo kept >{MARK}").returncode == 0
    first.remove()
    second = boot(disk, volume)
    assert "making a file system" not in second.run("riada-node").stdout
    assert second.run("cat", MARK).stdout == "kept\n"


@pytest.mark.parametrize("offset", [0, 1 << 20, (16 << 20) - 1])
def test_volume_with_unknown_bytes_is_left_alone(
    boot: Boot, disk: Path, volume: str, offset: int
) -> None:
    with disk.open("r+b") as raw:
        raw.seek(offset)
        raw.write(b"x")
    before = disk.read_bytes()
    done = boot(disk, volume).run("riada-node")
    assert done.returncode == 1
    assert "holds data that is not a file system; it is left unchanged" in done.stdout
    assert disk.read_bytes() == before


def test_volume_with_another_file_system_is_left_alone(boot: Boot, disk: Path, volume: str) -> None:
    machine = boot(disk, volume)
    assert machine.run("mkswap", "/dev/disk").returncode == 0
    before = disk.read_bytes()
    done = machine.run("riada-node")
    assert "holds swap; it is left unchanged" in done.stdout
    assert disk.read_bytes() == before


def test_another_volume_is_not_taken(boot: Boot, disk: Path) -> None:
    done = boot(disk, "vol0123").run("riada-node", DISK_TIMEOUT_S="1")
    assert done.returncode == 1
    assert "is not attached" in done.stdout
    assert not any(disk.read_bytes())


ENGINE = "echo $$ >/run/docker.pid; exec sleep 60"
HIDDEN = f"umount /var/lib/docker/volumes; {ENGINE}"


@pytest.mark.parametrize(
    ("engine", "message"),
    [
        (ENGINE, "not ready: no images/"),
        (HIDDEN, "not ready: the engine does not see volume vol-"),
    ],
    ids=["seen", "hidden"],
)
def test_engine_whose_mounts_hide_the_volume_is_noticed(
    boot: Boot, disk: Path, volume: str, engine: str, message: str
) -> None:
    machine = boot(disk, volume)
    machine.run("riada-node")
    mounts = ("unshare", "--mount", "bash", "-c", engine)
    docker.ask("exec", "-d", machine.name, *mounts)
    eventually(lambda: machine.run("test", "-s", "/run/docker.pid").returncode == 0, "its pid", 10)
    machine.run("riada-node")
    assert message in machine.run("cat", "/run/riada/message").stdout
