"""A folder for /run/riada, and commands of the machine that the tests replace."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from node.report import Reporter
from tests.node.in_memory import MemoryBucket, MemoryMonitoring

Command = Callable[[str, str], None]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


@pytest.fixture
def bucket() -> MemoryBucket:
    return MemoryBucket()


@pytest.fixture
def monitoring() -> MemoryMonitoring:
    return MemoryMonitoring()


@pytest.fixture
def reporter(run: Path, tmp_path: Path, monitoring: MemoryMonitoring) -> Reporter:
    reporter = Reporter("kafka-1", run, tmp_path / "console")
    reporter.monitoring = monitoring
    return reporter


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """command(name, script): an executable that the program finds instead of the machine's."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    def make(name: str, script: str) -> None:
        file = folder / name
        file.write_text(f"#!/bin/bash\n{script}\n")
        file.chmod(0o755)

    return make
