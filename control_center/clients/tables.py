"""The tables of the release that streams, read again when another release streams."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from threading import Lock

from contract.errors import NotFoundError, UnreachableError
from contract.stream.deployed import Deployed, deployed, streaming_release
from contract.table.file import TableFileError
from contract.table.table import Table
from control_center.config import COMPONENT

ATTEMPTS = 3
PAUSE_S = 0.2


class Tables:
    """`artifacts`: the folder of the releases. `only`: the one table to know; "" for all. Every
    method may raise UnreachableError."""

    def __init__(self, artifacts: Path, only: str = "") -> None:
        self._artifacts, self._only = artifacts, only
        self._known = Deployed()
        self._lock = Lock()

    def all(self) -> Mapping[str, Table]:
        """Name → table; {} before the first deploy."""
        return self.deployed().tables

    def deployed(self) -> Deployed:
        """The release that streams. While the store changes, it stays the previous one."""
        with self._lock:
            if not self._known.release or self._known.release != self._streaming():
                self._known = self._read()
            return self._reduced()

    def table(self, name: str) -> Table:
        """Raises NotFoundError, which names the tables that exist."""
        tables = self.all()
        if name not in tables:
            exist = f"The tables are {', '.join(tables)}." if tables else "Run make deploy-dags."
            raise NotFoundError(COMPONENT, "no such table in the deployed release", exist)
        return tables[name]

    def _reduced(self) -> Deployed:
        known = self._known.tables
        if self._only not in known:
            return self._known
        table, databases = known[self._only], self._known.databases
        of_table = {name: item for name, item in databases.items() if name == table.database}
        return replace(self._known, tables={table.name: table}, databases=of_table)

    def _streaming(self) -> str:
        try:
            return streaming_release(self._artifacts)
        except OSError:
            return ""

    def _read(self) -> Deployed:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return deployed(self._artifacts)
            except TableFileError as error:
                remedy = "Correct the file, then run make deploy-dags."
                raise UnreachableError(COMPONENT, str(error), remedy) from error
            except OSError as error:
                if self._known.release:
                    return self._known
                if attempt == ATTEMPTS:
                    cause = f"cannot read the deployed release ({error})"
                    raise UnreachableError(COMPONENT, cause, "Run make deploy-dags.") from error
            time.sleep(PAUSE_S)
        raise AssertionError("unreachable")
