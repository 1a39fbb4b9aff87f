"""The deployed release, whose tables the managers follow, and how far the streaming driver is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from capture.rows.tables import Tables
from contract.stream.deployed import Deployed, deployed, streaming_release
from contract.stream.driver_status import DriverStatus, TableState
from contract.stream.releases import STATUS
from contract.table.file import TableFileError


class DeployedRelease:
    """The deployed release, or the one before while it cannot be read."""

    def __init__(self, artifacts: Path, report: Callable[[str], None]) -> None:
        self._artifacts = artifacts
        self._report = report
        self._deployed = Deployed()
        self._problem = ""

    def __call__(self) -> Deployed:
        """The deployed release; it has no tables before the first deploy."""
        try:
            release = streaming_release(self._artifacts)
            if release and release != self._deployed.release:
                self._deployed = deployed(self._artifacts)
            self._problem = ""
        except (OSError, TableFileError) as error:
            if str(error) != self._problem:
                self._report(f"the deployed release cannot be read: {error}")
            self._problem = str(error)
        return self._deployed

    def tables(self, database: str = "") -> Tables:
        """Those of one database, "" for the platform's own."""
        tables = self().tables.items()
        return {name: table for name, table in tables if table.database == database}

    def is_streamed(self, name: str) -> bool:
        """Does the driver run the query of this table as the release has it? While it does not, a
        query of an earlier release may still run. Without a driver: False; its next query begins
        with the release."""
        try:
            status = DriverStatus.from_json((self._artifacts / STATUS).read_text())
        except (OSError, ValueError):
            return False
        table = status.tables.get(name)
        is_running = table is not None and table.state is TableState.RUNNING
        return is_running and status.release == self._deployed.release
