"""A release: the files of dags/, spark/ and contract/, named by a hash of their content."""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
import time
from collections.abc import Mapping
from pathlib import Path

from cli.host.errors import CliError
from cli.host.paths import ROOT

FOLDERS = ("dags", "spark", "contract")
_UNNAMED = b'RELEASE = "unreleased"'
_DAG = re.compile(r"dags/[^/]+\.py")
_IGNORED = ("__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache")


class Release:
    """`files`: path within the release → content. Each file directly in dags/ is one DAG. `dags`
    are their ids, which equal the names of the files."""

    def __init__(self, sources: Mapping[str, bytes]) -> None:
        digest = hashlib.sha256()
        for path, content in sorted(sources.items()):
            digest.update(f"{path}\0{len(content)}\0".encode())
            digest.update(content)
        self.name = digest.hexdigest()[:12]
        self.files = dict(sources)
        # a DAG imports from dags/, the root of its bundle
        self.files |= {
            f"dags/{path}": sources[path] for path in sources if path.startswith("contract/")
        }
        self.dags: list[str] = []
        named = f'RELEASE = "{self.name}"'.encode()
        for path in sorted(path for path in sources if _DAG.fullmatch(path)):
            if sources[path].count(_UNNAMED) != 1:
                raise CliError(
                    f"{path} must contain the line {_UNNAMED.decode()} exactly once",
                    "add it, and tags=[f'release:{RELEASE}'] to its dag(…), as in the other DAGs",
                )
            self.files[path] = sources[path].replace(_UNNAMED, named)
            self.dags.append(Path(path).stem)
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

    def archive(self) -> bytes:
        """The files as a tar archive, with the present time as their modification time."""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            for path, content in sorted(self.files.items()):
                entry = tarfile.TarInfo(path)
                entry.size, entry.mode, entry.mtime = len(content), 0o644, int(time.time())
                tar.addfile(entry, io.BytesIO(content))
        return buffer.getvalue()
