"""Commands of the machine."""

from __future__ import annotations

import subprocess


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """The command's exit status, and its output with its errors in `stdout`."""
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def succeeds(*command: str) -> bool:
    return run(*command).returncode == 0


def last_line(text: str) -> str:
    """The last line that is not blank; programs end their output with the cause."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no output"
