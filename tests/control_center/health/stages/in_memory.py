"""Clients whose components answer from memory."""

from __future__ import annotations

from collections.abc import Mapping

from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.config import Settings
from tests.control_center.health.tables import TABLES


class InMemoryComponents(Clients):
    """`release`: the deployed tables. `components`: name of the client → its replacement."""

    def __init__(self, release: Mapping[str, Table], **components: object) -> None:
        super().__init__(Settings.load({}))
        self._release = release
        self.__dict__.update(components)  # stored as the cached properties would store it

    def tables(self) -> Mapping[str, Table]:
        return self._release


def clients(**components: object) -> Clients:
    """`components`: name of the client, such as kafka → its replacement."""
    return InMemoryComponents(TABLES, **components)
