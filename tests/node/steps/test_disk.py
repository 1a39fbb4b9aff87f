"""The data volume is found by its serial, and only a blank one counts as blank."""

from __future__ import annotations

from pathlib import Path

import pytest

from node.errors import NotReadyError
from node.steps.disk import await_device, file_system, find_device, is_blank
from tests.node.conftest import Command

MIB = 1 << 20


@pytest.mark.parametrize("place", ["serial", "device/serial"])
def test_finds_the_volume_by_its_serial(tmp_path: Path, place: str) -> None:
    for name, serial in (("nvme0n1", "vol0fff"), ("nvme1n1", "vol0abc ")):
        file = tmp_path / name / place
        file.parent.mkdir(parents=True)
        file.write_text(f"{serial}\n")
    assert find_device("vol-0abc", tmp_path) == Path("/dev/nvme1n1")
    assert find_device("vol-0ab", tmp_path) is None


def test_volume_that_is_not_attached() -> None:
    with pytest.raises(NotReadyError, match="volume vol-none is not attached"):
        await_device("vol-none", 0)


@pytest.mark.parametrize(
    ("size", "offset", "blank"),
    [
        (64 * MIB, None, True),
        (64 * MIB, 0, False),
        (64 * MIB, 16 * MIB - 1, False),
        (64 * MIB, 16 * MIB, True),
        (MIB, None, False),
    ],
)
def test_blank_means_16_mib_of_zeros(
    tmp_path: Path, size: int, offset: int | None, blank: bool
) -> None:
    disk = tmp_path / "disk"
    with disk.open("wb") as file:
        file.truncate(size)
        if offset is not None:
            file.seek(offset)
            file.write(b"x")
    assert is_blank(disk) is blank


@pytest.mark.parametrize(
    ("script", "kind"),
    [("echo ext4", "ext4"), ("exit 2", None), ("echo ambivalent >&2; exit 8", "")],
)
def test_only_exit_status_2_of_blkid_means_nothing(
    command: Command, script: str, kind: str | None
) -> None:
    command("blkid", script)
    assert file_system(Path("/dev/none")) == kind
