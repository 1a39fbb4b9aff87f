"""A copy of the repository whose tables a test may change, as a person changes a checkout."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

from cli.host.paths import ROOT
from contract.table import file, paths
from contract.table.paths import DATABASE_FILE, FOLDER, SUFFIX
from contract.table.table import Table
from tests.harness.platform import Platform

_NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", ".riada", ".terraform", ".*_cache", "__pycache__", "mutants"
)

# Exit status of a command after Ctrl-C.
INTERRUPTED = 130


def copy_repository(folder: Path) -> None:
    """Copy the files of the work tree to a new folder; its installations are the repository's."""
    shutil.copytree(ROOT, folder, ignore=_NOT_COPIED)
    (ROOT / ".riada").mkdir(exist_ok=True)
    (folder / ".riada").symlink_to(ROOT / ".riada")


class WorkCopy:
    """`folder` is made. The installation of the tests is the copy's installation too."""

    def __init__(self, platform: Platform, folder: Path) -> None:
        self.platform = platform
        self.folder = folder
        copy_repository(folder)

    def path(self, table: str, database: str = "") -> Path:
        return self.folder / FOLDER / paths.path(table, database)

    def put(self, table: str, text: str, database: str = "") -> Table:
        """Write a table's file."""
        self.path(table, database).write_text(text)
        return file.read(table, text, database)

    def put_database(self, name: str, text: str, ca: str) -> Path:
        """Write the folder that describes another PostgreSQL, and return it."""
        folder = self.folder / FOLDER / name
        folder.mkdir()
        (folder / DATABASE_FILE).write_text(text)
        (folder / "ca.pem").write_text(ca)
        return folder

    def command(self, name: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self.platform.command_of(self.folder, name, **variables)

    def interrupt(self, name: str, line: str, **variables: str) -> None:
        """Run a command, and send it SIGINT once it prints `line`. It must be interrupted."""
        command = self.platform.begin(self.folder, name, **variables)
        with command as process:
            for printed in process.stdout or ():
                if line in printed:
                    process.send_signal(signal.SIGINT)
                    break
            process.communicate()
        assert process.returncode == INTERRUPTED, f"{name} ended before {line}"

    def deploy(self, **variables: str) -> dict[str, Any]:
        """Run deploy-dags, which must succeed; returns its answer."""
        done = self.command("deploy-dags", JSON="1", **variables)
        assert done.returncode == 0, done.stdout + done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def remove(self, *tables: str) -> dict[str, Any]:
        """Delete files of tables, and deploy the rest. A database whose last table goes, goes."""
        for table in tables:
            [path] = (self.folder / FOLDER).rglob(f"{table}{SUFFIX}")
            path.unlink()
            others = [
                other for other in path.parent.glob(f"*{SUFFIX}") if other.name != DATABASE_FILE
            ]
            if path.parent.name != FOLDER and not others:
                shutil.rmtree(path.parent)
        return self.deploy(REMOVE=",".join(tables))
