"""The compose command of this machine takes the rendered file."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from cli.host import docker


def test_compose_accepts_the_file(composed: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "compose.json"
    file.write_text(composed["compose"])
    done = subprocess.run(
        docker.compose_command("riada", file, "config", "--services"),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == json.loads(composed["compose"])["services"].keys()
