"""The engine's packages, with scripts in place of dpkg and systemctl."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from node.errors import NotReadyError
from node.report import Reporter
from node.steps import packages
from node.steps.packages import KEY, install_engine
from tests.node.conftest import Command
from tests.node.in_memory import MemoryBucket


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without an engine."""
    monkeypatch.setattr(packages, "UNIT", tmp_path / "docker.service")
    monkeypatch.setattr("shutil.which", lambda _: None)


def archive(*names: str) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        for name in names:
            tar.addfile(tarfile.TarInfo(name), io.BytesIO())
    return content.getvalue()


def install(run: Path, bucket: MemoryBucket, reporter: Reporter) -> None:
    install_engine(run, bucket, "artifacts", reporter)


def test_installs_while_the_unit_is_masked(
    run: Path, bucket: MemoryBucket, reporter: Reporter, command: Command, tmp_path: Path
) -> None:
    log, unit = tmp_path / "log", tmp_path / "docker.service"
    command("dpkg", f'echo dpkg "$@" >>{log}; readlink {unit} >>{log}')
    command("systemctl", f'echo systemctl "$@" >>{log}')
    bucket.objects[KEY] = archive("b.deb", "a.deb", "README")
    install(run, bucket, reporter)
    installed, mask, *rest = log.read_text().splitlines()
    assert installed == f"dpkg --install {run}/packages/a.deb {run}/packages/b.deb"
    assert mask == "/dev/null"
    assert "systemctl disable --now docker.socket docker.service" in rest
    assert not unit.is_symlink()
    assert not (run / "packages").exists()


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (None, f"no {KEY} in artifacts yet"),
        (b"damaged" * 999, f"{KEY} cannot be unpacked"),
        (archive("a.deb"), "dpkg: error processing a.deb"),
    ],
)
def test_packages_that_cannot_be_installed(
    run: Path,
    bucket: MemoryBucket,
    reporter: Reporter,
    command: Command,
    content: bytes | None,
    cause: str,
) -> None:
    command("dpkg", "echo Unpacking; echo error processing a.deb >&2; exit 1")
    if content is not None:
        bucket.objects[KEY] = content
    with pytest.raises(NotReadyError, match=cause):
        install(run, bucket, reporter)
