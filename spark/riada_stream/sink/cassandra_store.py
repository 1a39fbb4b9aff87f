"""Writes to Cassandra from the driver process, and checks that the writes took effect."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Protocol

from contract.stores.cassandra.batches import BatchRecord
from riada_stream.sink.change import Change, Key

log = logging.getLogger(__name__)

DELETE_ATTEMPTS = 3
MAX_LOGGED = 20


class DeleteNotAppliedError(Exception):
    """Cassandra acknowledged deletes and still has the rows."""


class Session(Protocol):
    """The part of Cassandra that the store uses; sink/cassandra_session.py sends the statements for
    one table."""

    def ping(self) -> None: ...

    def delete(self, deletes: Sequence[Change]) -> list[str]: ...

    def versions(self, keys: Sequence[Key]) -> dict[Key, int]: ...

    def describe(self, key: Key) -> str: ...

    def upsert(self, rows: Sequence[Sequence[Any]]) -> list[str | None]: ...

    def record(self, batch: BatchRecord) -> None: ...

    def has_batches(self) -> bool: ...


class CassandraStore:
    """Every method but is_available() raises the Cassandra driver's errors."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def is_available(self) -> bool:
        """Whether Cassandra would accept a write now."""
        try:
            self._session.ping()
        except Exception:
            return False
        return True

    def delete(self, deletes: Sequence[Change]) -> None:
        """Deletes rows, except rows of a later version.

        Reads back the deleted keys, since Cassandra once acknowledged a delete that left its row
        (docs/cassandra.md). Raises DeleteNotAppliedError when rows remain after DELETE_ATTEMPTS.
        """
        pending = list(deletes)
        for _ in range(DELETE_ATTEMPTS):
            coordinators = dict(zip(pending, self._session.delete(pending), strict=True))
            remaining = self.undeleted(pending)
            if not remaining:
                return
            self._log_lost_deletes(pending, coordinators, remaining)
            pending = remaining
        raise DeleteNotAppliedError(
            f"cassandra: {len(pending)} rows remain after {DELETE_ATTEMPTS} acknowledged deletes, "
            f"such as {pending[0]}. The batch is retried. Check the nodes with make status"
        )

    def _log_lost_deletes(
        self,
        sent: Sequence[Change],
        coordinators: dict[Change, str],
        remaining: Sequence[Change],
    ) -> None:
        log.error(
            "LOST: Cassandra acknowledged %d deletes, and %d of their rows remain",
            len(sent),
            len(remaining),
        )
        for change in remaining[:MAX_LOGGED]:
            row = self._session.describe(change.key)
            log.error("LOST: %s, acknowledged by %s: %s", change, coordinators[change], row)

    def undeleted(self, deletes: Sequence[Change]) -> list[Change]:
        """The deletes whose row exists and is not of a later version."""
        versions = self._versions(deletes)
        newest: dict[Key, Change] = {}
        for change in deletes:
            if change.key not in newest or newest[change.key].version <= change.version:
                newest[change.key] = change
        return [
            change
            for key, change in newest.items()
            if key in versions and versions[key] <= change.version
        ]

    def missing_upserts(self, upserts: Sequence[Change]) -> list[Change]:
        """The upserts whose row does not exist, or is of an earlier version."""
        versions = self._versions(upserts)
        return [change for change in upserts if versions.get(change.key, -1) < change.version]

    def _versions(self, changes: Sequence[Change]) -> dict[Key, int]:
        return self._session.versions(list({change.key for change in changes}))

    def upsert(self, rows: Sequence[Sequence[Any]]) -> list[str | None]:
        """Writes rows one by one. Returns for each row None, or why Cassandra refuses it."""
        return self._session.upsert(rows)

    def record(self, batch: BatchRecord) -> None:
        """Records a complete batch. To be called after all its rows are written."""
        self._session.record(batch)
