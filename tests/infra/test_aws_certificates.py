"""infra/aws/certificates.sh keeps the certificates in Secrets Manager, and their keys to itself."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.leaks import one_line
from tests.infra.conftest import ROOT

SCRIPT = "infra/aws/certificates.sh"
# Secrets Manager as a folder: a secret without a value has no file. Arguments are logged.
AWS = """#!/bin/bash
echo "$@" >>{folder}/log
while [[ $# -gt 0 ]]; do
    case $1 in
        get-secret-value | put-secret-value) action=$1 ;;
        --secret-id) file={folder}/${{2//\\//_}} ;;
        --secret-string) value=${{2#file://}} ;;
    esac
    shift
done
if [[ -e {folder}/error ]]; then cat {folder}/error >&2; exit 254; fi
case $action in
    get-secret-value)
        [[ -e $file ]] || {{ echo "An error occurred (ResourceNotFoundException)" >&2; exit 254; }}
        cat "$file" ;;
    put-secret-value) cp "$value" "$file" ;;
esac
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def manager(tmp_path: Path) -> Path:
    folder = tmp_path / "manager"
    folder.mkdir()
    return folder


@pytest.fixture
def run(tmp_path: Path, manager: Path) -> Run:
    program = tmp_path / "bin/aws"
    program.parent.mkdir()
    program.write_text(AWS.format(folder=manager))
    program.chmod(0o755)
    path = f"{program.parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PROJECT": "riada"}

    def run(*services: str) -> subprocess.CompletedProcess[str]:
        command = [SCRIPT, *services]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    return run


def stored(manager: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in manager.glob("riada_*")}


def test_makes_what_has_no_value_and_nothing_again(run: Run, manager: Path) -> None:
    done = run("postgres=localhost,postgres")
    assert (done.returncode, done.stderr) == (0, "")
    first = stored(manager)
    assert first.keys() == {"riada_ca", "riada_ca-key", "riada_tls-postgres"}
    (manager / "log").unlink()
    assert run("postgres=localhost,postgres").stdout == ""
    assert stored(manager) == first
    assert "put-secret-value" not in (manager / "log").read_text()


def test_another_service_is_of_the_same_authority(run: Run, manager: Path) -> None:
    run("postgres=localhost,postgres")
    first = stored(manager)
    done = run("postgres=localhost,postgres", "kafka-1=kafka-1")
    assert done.stdout == "certificates: riada/tls-kafka-1 is new\n"
    assert stored(manager).items() > first.items()


def test_an_error_makes_no_other_authority(run: Run, manager: Path) -> None:
    (manager / "error").write_text("An error occurred (AccessDeniedException)\n")
    done = run("postgres=localhost,postgres")
    assert done.returncode == 1
    assert "riada/ca cannot be read: An error occurred (AccessDenied" in done.stderr
    assert stored(manager) == {}


def test_no_key_is_printed_or_on_a_command_line(run: Run, manager: Path) -> None:
    done = run("postgres=localhost,postgres")
    shown = done.stdout + done.stderr + (manager / "log").read_text()
    assert "put-secret-value" in shown
    for name, value in stored(manager).items():
        assert one_line(value) not in shown, name


def test_nothing_stays_on_the_machine(run: Run) -> None:
    before = {*Path("/dev/shm").iterdir()}
    run("postgres=localhost,postgres")
    assert {path for path in Path("/dev/shm").iterdir() if "riada" in path.name} <= before
