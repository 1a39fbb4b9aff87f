"""The process that verifies is started again, and ends with the Control Center."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from control_center.jobs.verification.supervisor import Supervisor

LIMIT_S = 30


def appeared(file: Path, lines: int) -> bool:
    until = time.monotonic() + LIMIT_S
    while time.monotonic() < until:
        if file.exists() and len(file.read_text().splitlines()) >= lines:
            return True
        time.sleep(0.02)
    return False


def test_it_starts_the_process_again(tmp_path: Path) -> None:
    file = tmp_path / "starts"
    code = f"open({str(file)!r}, 'a').write('started\\n')"
    supervisor = Supervisor((sys.executable, "-c", code), pause_s=0.01)
    supervisor.start()
    assert appeared(file, 3)
    supervisor.stop()
    assert not supervisor.is_alive()


def test_it_ends_the_process(tmp_path: Path) -> None:
    file = tmp_path / "starts"
    code = f"open({str(file)!r}, 'a').write('started\\n'); import time; time.sleep(600)"
    supervisor = Supervisor((sys.executable, "-c", code), pause_s=0.01)
    supervisor.start()
    assert appeared(file, 1)
    supervisor.stop()
    assert not supervisor.is_alive()
    assert len(file.read_text().splitlines()) == 1
