"""Follows one database in rounds, for as long as the release has it, and ends its capture then."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from capture.clients import server
from capture.clients.connect import Connect
from capture.clients.connector import configuration
from capture.clients.log import Log
from capture.clients.postgres import Postgres
from capture.clients.server import Server
from capture.clients.source import UnavailableError
from capture.databases.ending import end
from capture.deployed_release import DeployedRelease
from capture.manager import Manager
from capture.settings import Settings


@dataclass
class Follower:
    """`name`: of the database, "" for the platform's own. Each has clients of its own, so that it
    can have a thread."""

    settings: Settings
    name: str
    log: Log
    connect: Connect
    postgres: Callable[[Server], Postgres]
    report: Callable[[str], None]
    _server: Server | None = None
    _manager: Manager | None = None
    _problem: str = ""
    _release: DeployedRelease = field(init=False)

    def __post_init__(self) -> None:
        self._release = DeployedRelease(self.settings.artifacts, self.report)

    def step(self) -> bool:
        """One round. False if a component does not answer: that is reported once. Raises
        TopicsMissingError."""
        try:
            self._step()
        except UnavailableError as error:
            if str(error) != self._problem:
                self.report(f"waits: {error}")
            self._problem = str(error)
            return False
        self._problem = ""
        return True

    @property
    def has_ended(self) -> bool:
        """After a step: the release does not have the database, and its capture has ended."""
        return self._server is None and not self._problem

    def _step(self) -> None:
        wanted = self._wanted()
        if wanted is None:
            if end(self.log, self.connect, self.postgres):
                self.report("the release does not have this database: its capture has ended")
            self._server = self._manager = None
            return
        if self._manager is None or wanted != self._server:
            self._manager, self._server = self._made(wanted), wanted
        self._manager.round()

    def _wanted(self) -> Server | None:
        if not self.name:
            return server.own(self.settings)
        release = self._release()
        if not release.release:  # it cannot be read now: that ends nothing
            raise UnavailableError("no release is deployed, or it cannot be read")
        database = release.databases.get(self.name)
        return server.other(self.settings, database) if database else None

    def _made(self, wanted: Server) -> Manager:
        return Manager(
            postgres=self.postgres(wanted),
            connect=self.connect,
            log=self.log,
            tables=partial(self._release.tables, self.name),
            is_streamed=self._release.is_streamed,
            configuration=partial(configuration, self.settings, wanted),
            clock=time.monotonic,
            report=self.report,
            database=self.name,
            slot=wanted.slot,
        )
