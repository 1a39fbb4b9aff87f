"""Work in a volume that containers write, with the rights of its owner.

A container could lay a link where the node reads or writes. Root would follow it to any file of the
machine; the containers' user reaches nothing there that the containers do not.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from node.commands import run
from node.errors import NotReadyError


@contextmanager
def as_owner(folder: Path) -> Iterator[Path]:
    """Inside, the process has the rights of the folder's owner, and the folder is the current one:
    its parents belong to root. Use the path that this gives. Raises NotReadyError.

    A folder of root is one that no container may write.
    """
    status = folder.stat()
    if os.geteuid() != 0 or status.st_uid == 0:
        yield folder
        return
    give_to_owner(folder, status)
    before, groups = os.open(".", os.O_RDONLY | os.O_DIRECTORY), os.getgroups()
    os.chdir(folder)
    os.setgroups([])
    os.setegid(status.st_gid)
    os.seteuid(status.st_uid)
    try:
        yield Path()
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)
        os.fchdir(before)
        os.close(before)


def give_to_owner(folder: Path, status: os.stat_result) -> None:
    """Programs before this one wrote as root what the owner must replace now. No link is followed.
    Raises NotReadyError."""
    if all(_owner(path, status.st_uid) == status.st_uid for path in folder.iterdir()):
        return
    owner = f"{status.st_uid}:{status.st_gid}"
    done = run("chown", "--no-dereference", "--recursive", "--from=0", owner, str(folder))
    if done.returncode:
        raise NotReadyError(f"chown of {folder}: {done.stdout.strip()}")


def _owner(path: Path, absent: int) -> int:
    """`absent` for a file that a container has renamed or deleted meanwhile."""
    try:
        return path.lstat().st_uid
    except FileNotFoundError:
        return absent


def read(file: Path) -> bytes | None:
    """The content of a regular file; None if it is none, such as a link, or absent."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        with open(descriptor, "rb", closefd=False) as opened:
            return opened.read()
    finally:
        os.close(descriptor)
