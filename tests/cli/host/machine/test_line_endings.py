"""A checkout on Windows: git keeps LF; one that has CRLF anyway, as a zip may, is named."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cli.host.machine import line_endings
from cli.host.paths import ROOT

SCRIPT = "docker/postgres/entrypoint.sh"


def copied(folder: Path) -> Path:
    """The files that git tracks, as the work tree has them."""
    listed = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    names = subprocess.check_output(listed, cwd=ROOT, text=True)
    for name in filter(None, names.split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target, follow_symlinks=False)
    return folder


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PROJECT": "riada-unit-crlf"}
    return subprocess.run(command, cwd=cwd, env=environment, text=True, capture_output=True)


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone with git's default settings of Windows."""
    origin = copied(tmp_path_factory.mktemp("origin"))
    author = ("-c", "user.name=tests", "-c", "user.email=tests@localhost")
    for command in (("init", "-q"), ("add", "--all"), (*author, "commit", "-q", "-m", "files")):
        subprocess.run(("git", *command), cwd=origin, check=True, capture_output=True)
    clone = tmp_path_factory.mktemp("windows") / "riada"
    autocrlf = ("git", "clone", "-q", "-c", "core.autocrlf=true", str(origin), str(clone))
    subprocess.run(autocrlf, check=True, capture_output=True)
    return clone


def test_a_clone_on_windows_names_the_same_images(windows: Path) -> None:
    unix, clone = (run("docker/build.sh", "--tags", cwd=root) for root in (ROOT, windows))
    assert clone.stdout == unix.stdout != "", clone.stderr


def test_a_clone_on_windows_keeps_pictures(windows: Path) -> None:
    picture = "docs/pictures/home.png"
    assert (windows / picture).read_bytes() == (ROOT / picture).read_bytes()


@pytest.mark.parametrize("target", ["help", "doctor", "images", "up"])
def test_make_names_a_checkout_with_crlf(target: str, tmp_path: Path) -> None:
    """The checkout has CRLF, as in a zip that was made on Windows."""
    unpacked = copied(tmp_path)
    for path in unpacked.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.suffix != ".png":
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    done = run("make", target, cwd=unpacked)
    assert done.returncode != 0
    assert "CRLF" in done.stderr
    assert "git clone" in done.stderr


@pytest.mark.parametrize("command", [("make", "doctor"), ("docker/build.sh", "--tags")])
def test_one_script_with_crlf_is_named(command: tuple[str, ...], tmp_path: Path) -> None:
    """An editor on Windows wrote the file."""
    script = copied(tmp_path) / SCRIPT
    script.write_bytes(script.read_bytes().replace(b"\n", b"\r\n"))
    done = run(*command, cwd=tmp_path)
    assert done.returncode != 0
    printed = done.stdout + done.stderr
    assert SCRIPT in printed
    assert "CRLF" in printed
    assert "sed -i" in printed


def test_every_folder_with_scripts_is_searched() -> None:
    names = subprocess.check_output(("git", "ls-files"), cwd=ROOT, text=True).splitlines()
    folders = {name.split("/")[0] for name in names if "/" in name and not name.startswith(".")}
    assert folders - {"docs", "tables"} == set(line_endings.FOLDERS)
