"""doctor measures the real machine: a port that is taken, a tool that is missing."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from cli.host.paths import ROOT

FREE = {"PROJECT": "riada-unit-doctor", "JSON": "1"}


def doctor(**variables: str) -> tuple[int, dict[str, dict[str, str]]]:
    """Exit code, and check by name."""
    done = subprocess.run(
        [sys.executable, "-m", "cli", "doctor"],
        cwd=ROOT,
        env={**os.environ, **FREE, **variables},
        text=True,
        capture_output=True,
    )
    checks = json.loads(done.stdout)["checks"]
    return done.returncode, {check["name"]: check for check in checks}


def test_a_taken_port_fails_with_the_variable_that_moves_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, checks = doctor(POSTGRES_PORT=str(port))
    assert code == 1
    assert checks[f"port {port}"]["state"] == "fail"
    assert "POSTGRES_PORT=" in checks[f"port {port}"]["remedy"]


def test_a_free_port_passes() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    _, checks = doctor(POSTGRES_PORT=str(port))
    assert checks[f"port {port}"]["state"] == "pass"


def test_a_missing_terraform_fails_with_a_remedy(tmp_path: Path) -> None:
    """A PATH that has every tool but Terraform."""
    for tool in (
        "bash",
        "curl",
        "flock",
        "openssl",
        "sha256sum",
        "make",
        "docker",
        "docker-compose",
        "ss",
    ):
        if path := shutil.which(tool):
            (tmp_path / tool).symlink_to(path)
    code, checks = doctor(PATH=str(tmp_path))
    assert code == 1
    assert checks["terraform"]["state"] == "fail"
    assert "install Terraform" in checks["terraform"]["remedy"]


def test_every_check_that_does_not_pass_has_a_remedy() -> None:
    _, checks = doctor()
    assert {"memory", "disk", "docker engine", "compose", "terraform"} <= checks.keys()
    assert all(check["remedy"] for check in checks.values() if check["state"] != "pass")
