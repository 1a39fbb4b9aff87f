"""Follows the deployed release, whose tables the driver carries."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace

from contract.stream.deployed import Deployed, deployed, streaming_release
from contract.table.file import TableFileError
from contract.table.table import Table
from riada_stream.settings import Settings

log = logging.getLogger(__name__)


class Deployment:
    """The release that the driver has read last. While the store names none, it stays."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._deployed = Deployed(job=settings.job)
        self._unreadable = ""
        self.poll()

    @property
    def release(self) -> str:
        return self._deployed.release or self._settings.release

    @property
    def tables(self) -> Mapping[str, Table]:
        return self._deployed.tables

    @property
    def is_superseded(self) -> bool:
        """Whether the release needs a driver with another program."""
        return self._deployed.job != self._settings.job

    def poll(self) -> bool:
        """Reads the release if the store names another one. Returns whether it did."""
        try:
            named = streaming_release(self._settings.artifacts)
            if named in ("", self._deployed.release, self._unreadable):
                return False
            self._deployed = deployed(self._settings.artifacts)
        except TableFileError as error:
            log.error("release %s: %s. Its tables are not taken", named, error)
            self._unreadable = named
            return False
        except OSError:
            return False  # the store is changing: the next poll reads it
        log.info("release %s, with the tables %s", self.release, ", ".join(self.tables) or "none")
        return True


def needs_restart(running: Table, deployed: Table) -> bool:
    """Whether the tables differ in what a query uses."""
    return _used(running) != _used(deployed)


def _used(table: Table) -> Table:
    columns = tuple(
        replace(column, personal=False, generated=False, path="") for column in table.columns
    )
    return replace(table, columns=columns, source=None, queries={})
