"""Counts and checksums of the stores, as Spark found them and as later reads change them."""

from __future__ import annotations

from collections.abc import Mapping

from contract.jobs.compare import StoreSummary
from contract.table.digest import MODULUS
from control_center.jobs.compare.digest import Digest


class Totals:
    def __init__(self, summary: StoreSummary) -> None:
        self._count, self._sum = summary.count, int(summary.checksum, 16)

    def replace(self, old: Mapping[str, Digest], new: Mapping[str, Digest]) -> None:
        """Some rows: key → digest."""
        self._count += len(new) - len(old)
        self._sum = (self._sum + sum(new.values()) - sum(old.values())) % MODULUS

    def summary(self) -> StoreSummary:
        return StoreSummary(self._count, f"{self._sum:032x}")
