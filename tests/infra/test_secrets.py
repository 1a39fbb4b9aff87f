"""infra/secrets.sh makes missing secrets, changes no other, and prints none."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

from tests.infra.conftest import ROOT

SCRIPT = ROOT / "infra/secrets.sh"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [str(argument) for argument in (SCRIPT, *arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def test_makes_keys_of_32_bytes_that_differ(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    done = run("make", folder, "a", "b")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    a, b = ((folder / name).read_text() for name in "ab")
    assert a != b
    assert len(base64.urlsafe_b64decode(a)) == len(base64.urlsafe_b64decode(b)) == 32


def test_folder_is_closed_and_files_are_read_only(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    run("make", folder, "a")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "a").stat().st_mode & 0o777 == 0o444


def test_keeps_secrets_that_exist(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    run("make", folder, "a")
    before = (folder / "a").read_text()
    assert run("make", folder, "a", "b").returncode == 0
    assert (folder / "a").read_text() == before
    assert sorted(path.name for path in folder.iterdir()) == ["a", "b"]


def test_the_containers_can_read_a_secret_that_a_person_wrote(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o700)
    (folder / "a").write_text("password\n")
    (folder / "a").chmod(0o600)
    assert run("make", folder, "a").returncode == 0
    assert (folder / "a").read_text() == "password\n"
    assert (folder / "a").stat().st_mode & 0o444 == 0o444


def test_removes_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    run("make", folder, "a")
    assert run("remove", folder).returncode == 0
    assert not folder.exists()
    assert run("remove", folder).returncode == 0


def test_refuses_to_remove_another_folder(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    done = run("remove", tmp_path / "data")
    assert done.returncode == 2
    assert "must be named secrets" in done.stderr
    assert (tmp_path / "data").exists()
