"""Files of this checkout with line endings of Windows (CRLF), with which scripts do not start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cli.host.paths import ROOT

FOLDERS = (
    *("backup", "capture", "cli", "control_center", "dags", "docker", "infra", "localstack"),
    *("contract", "node", "randomuser", "spark", "tests"),
)


def crlf(root: Path = ROOT) -> list[str]:
    """Paths of text files whose first line ends with CRLF."""
    return sorted(str(path.relative_to(root)) for path in _files(root) if _has_crlf(path))


def _files(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in (root / folder).rglob("*"):
            hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
            if path.is_file() and not hidden:
                yield path


def _has_crlf(path: Path) -> bool:
    with path.open("rb") as file:
        line = file.readline(4096)
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return line.endswith(b"\r\n")
