"""The tables that the manager follows: those of the deployed release."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from capture.tables import Tables
from contract.stream.deployed import Deployed, deployed, streaming_release
from contract.table.file import TableFileError


class DeployedTables:
    """The tables of the deployed release, or of the one before while the release cannot be read."""

    def __init__(self, artifacts: Path, report: Callable[[str], None]) -> None:
        self._artifacts = artifacts
        self._report = report
        self._deployed = Deployed()
        self._problem = ""

    def __call__(self) -> Tables:
        """{} before the first deploy."""
        try:
            release = streaming_release(self._artifacts)
            if release and release != self._deployed.release:
                self._deployed = deployed(self._artifacts)
            self._problem = ""
        except (OSError, TableFileError) as error:
            if str(error) != self._problem:
                self._report(f"the deployed release cannot be read: {error}")
            self._problem = str(error)
        return self._deployed.tables
