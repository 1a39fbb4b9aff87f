"""A release: the files of dags/, spark/, contract/ and tables/, named by a hash of their
content."""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from cli.host.errors import CliError
from cli.host.paths import ROOT
from contract.stream import dags
from contract.stream.releases import JOB, JOB_FOLDERS
from contract.table.has_source import has_source
from contract.table.paths import FOLDER, is_read, tables_of

FOLDERS = ("dags", "spark", "contract", "tables")
_JOB_FOLDERS = tuple(f"{folder}/" for folder in JOB_FOLDERS)
_UNNAMED = b'RELEASE = "unreleased"'
_TABLES = f"{FOLDER}/"
_DAG = re.compile(r"dags/[^/]+\.py")
_IGNORED = ("__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache")


class Release:
    """`files`: path within the release → content. `job`: the hash of the streaming job; a driver
    keeps running while releases with its job follow each other. `table_files`: path in tables/ →
    text of the file; `tables`: those of tables, by the tables' names. `dags`: the ids of the DAGs.
    Each file directly in dags/ is the DAG of its name, except the one that makes a DAG for each
    table with a source."""

    def __init__(self, sources: Mapping[str, bytes]) -> None:
        self.name = _digest(sources, sources)
        self.job = _digest(sources, (path for path in sources if path.startswith(_JOB_FOLDERS)))
        self.files = {**sources, JOB: f"{self.job}\n".encode()}
        # a DAG imports from dags/, the root of its bundle
        self.files |= {
            f"dags/{path}": sources[path] for path in sources if path.startswith("contract/")
        }
        self.table_files = {
            name: content.decode(errors="replace")
            for path, content in sorted(sources.items())
            if path.startswith(_TABLES) and is_read(name := path.removeprefix(_TABLES))
        }
        self.tables = dict(sorted(tables_of(self.table_files).items()))
        self.dags: list[str] = []
        named = f'RELEASE = "{self.name}"'.encode()
        for path in sorted(path for path in sources if _DAG.fullmatch(path)):
            if sources[path].count(_UNNAMED) != 1:
                raise CliError(
                    f"{path} must contain the line {_UNNAMED.decode()} exactly once",
                    "add it, and tags=[f'release:{RELEASE}'] to its dag(…), as in the other DAGs",
                )
            self.files[path] = sources[path].replace(_UNNAMED, named)
            self.dags += self._ids(Path(path).stem)
        if not self.dags:
            raise CliError("dags/ contains no DAG", "restore the files: git status dags")

    @classmethod
    def of(cls, root: Path = ROOT) -> Release:
        """The release of the work tree's present content."""
        return cls(
            {
                path.relative_to(root).as_posix(): path.read_bytes()
                for folder in FOLDERS
                for path in (root / folder).rglob("*")
                if path.is_file() and not set(path.parts).intersection(_IGNORED)
            }
        )

    def _ids(self, file: str) -> list[str]:
        if file != dags.INGEST_FILE:
            return [file]
        return [dags.ingest(name) for name, text in self.tables.items() if has_source(text)]

    def archive(self) -> bytes:
        """The files as a tar archive, with the present time as their modification time."""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            for path, content in sorted(self.files.items()):
                entry = tarfile.TarInfo(path)
                entry.size, entry.mode, entry.mtime = len(content), 0o644, int(time.time())
                tar.addfile(entry, io.BytesIO(content))
        return buffer.getvalue()


def table_files(root: Path = ROOT) -> dict[str, str]:
    """Path in tables/ → text of each file there that describes tables or their databases."""
    folder = root / FOLDER
    return {
        name: path.read_text("utf-8", errors="replace")
        for path in sorted(folder.rglob("*"))
        if is_read(name := path.relative_to(folder).as_posix()) and path.is_file()
    }


def _digest(sources: Mapping[str, bytes], paths: Iterable[str]) -> str:
    """12 hexadecimal digits over the names and the content of these files."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path}\0{len(sources[path])}\0".encode())
        digest.update(sources[path])
    return digest.hexdigest()[:12]
