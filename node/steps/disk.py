"""The data volume: found by its id, formatted only when it was never written to, mounted."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from node.commands import run, succeeds
from node.config import Config
from node.errors import NotReadyError
from node.report import Reporter

SYSFS = Path("/sys/block")
BLANK_BYTES = 16 << 20
NOTHING_RECOGNISED = 2  # exit status of blkid
POLL_S = 2


def mount_data(config: Config, reporter: Reporter) -> None:
    """Mount the data volume, if the node has one. A file system is made only on a blank volume."""
    if not config.volume or succeeds("mountpoint", "-q", str(config.data)):
        return
    device = await_device(config.volume, config.disk_timeout_s)
    kind = file_system(device)
    if kind is None and is_blank(device):
        reporter.report(f"making a file system on the new volume {config.volume}")
        made = run("mkfs.ext4", "-q", "-m", "1", str(device))
        if made.returncode:
            raise NotReadyError(
                f"mkfs.ext4 on {device} ({config.volume}) fails: {made.stdout.strip()}"
            )
        kind = "ext4"
    if kind != "ext4":
        content = kind or "data that is not a file system"
        raise NotReadyError(f"{device} ({config.volume}) holds {content}; it is left unchanged")
    config.data.mkdir(parents=True, exist_ok=True)
    if not succeeds("mount", "-o", "noatime", str(device), str(config.data)):
        raise NotReadyError(f"{device} ({config.volume}) cannot be mounted: see dmesg")


def await_device(volume: str, timeout_s: float) -> Path:
    """The block device of the volume. Raises NotReadyError if it does not appear in time."""
    until = time.monotonic() + timeout_s
    while not (device := find_device(volume)):
        if time.monotonic() > until:
            raise NotReadyError(f"volume {volume} is not attached: terraform apply attaches it")
        time.sleep(POLL_S)
    return device


def find_device(volume: str, sysfs: Path = SYSFS) -> Path | None:
    """The block device whose serial is the volume's id; NVMe omits the dash."""
    for pattern in ("*/serial", "*/device/serial"):
        for serial in sorted(sysfs.glob(pattern)):
            try:
                text = serial.read_text()
            except OSError:
                continue  # some drivers have the file but cannot be read
            if "".join(text.split()).replace("-", "") == volume.replace("-", ""):
                return Path("/dev") / serial.relative_to(sysfs).parts[0]
    return None


def file_system(device: Path) -> str | None:
    """The type that blkid finds, e.g. "ext4" or "swap"; None when it recognises nothing at all, ""
    when it cannot decide."""
    probe = ("blkid", "--probe", "--match-tag", "TYPE", "--output", "value", str(device))
    done = subprocess.run(probe, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return None if done.returncode == NOTHING_RECOGNISED else done.stdout.strip()


def is_blank(device: Path) -> bool:
    """True if the first 16 MiB are zeros. blkid does not know every format, so a device that it
    does not recognise may still hold data."""
    left = BLANK_BYTES
    with device.open("rb") as raw:
        while left and (chunk := raw.read(min(left, 1 << 20))):
            if any(chunk):
                return False
            left -= len(chunk)
    return left == 0
