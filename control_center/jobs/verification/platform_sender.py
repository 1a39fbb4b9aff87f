"""Sends rows again as the job repair does."""

from __future__ import annotations

from collections.abc import Sequence

from control_center.clients.clients import Clients
from control_center.jobs.repair.mismatches import RepairCounts, plan_and_erase
from control_center.jobs.repair.source import PlatformSource
from control_center.jobs.verification.log import log
from control_center.pipeline import scans


class PlatformSender:
    """Implements `Sender`."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def send(self, table: str, keys: Sequence[str]) -> int:
        """Sends none while capture reads all rows of the table. Raises UnreachableError."""
        definition = self._clients.table(table)
        if scans.is_being_read(self._clients, definition):
            return 0
        source = PlatformSource(self._clients, definition, lambda _: None)
        counts = RepairCounts()
        source.republish(plan_and_erase(source, keys, counts))
        log(
            f"automatic repair of {table}: rows sent again: {counts.republished:,}, "
            f"deletes sent: {counts.erased:,}"
        )
        return counts.republished + counts.erased
