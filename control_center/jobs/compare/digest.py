"""A row as 128 bits: a million rows fit into memory, and every changed field changes the bits."""

from __future__ import annotations

from collections.abc import Iterable

from contract.jobs.compare import StoreSummary
from contract.table.digest import Checksum

Digest = int  # contract.table.digest.digest


def summary(digests: Iterable[Digest]) -> StoreSummary:
    """Count and checksum, equal to contract.table.digest.checksum over the rows themselves."""
    checksum = Checksum()
    for value in digests:
        checksum.add(value)
    return StoreSummary(checksum.count, f"{checksum.total:032x}")
