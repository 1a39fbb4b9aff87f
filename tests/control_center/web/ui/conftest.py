"""The Control Center as a process of its own, since NiceGUI's pages are global."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.health.page_host import page_host
from tests.control_center.health.tables import deploy

SECRETS = ("control-center-token", "control-center-reader", "control-center-operator")


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The Control Center as a process of its own, since NiceGUI's pages are global."""
    for name in SECRETS:
        (tmp_path / name).write_text(f"the {name}")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    deploy(tmp_path / "artifacts", "orders", "users")
    settings = {
        "HOST": "127.0.0.1",
        "PORT": port,
        "SECRETS": str(tmp_path),
        "STATE": str(tmp_path),
        "ARTIFACTS": str(tmp_path / "artifacts"),
    }
    command = [sys.executable, "-m", "control_center"]
    process = subprocess.Popen(command, env=os.environ | settings)
    yield f"http://{page_host('the control-center-token')}:{port}"
    process.terminate()
    process.wait(30)
