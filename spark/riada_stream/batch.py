"""One micro-batch: rows, deletes, dead letters, then the record that it is done.

Every step may be repeated: rows and deletes carry their commit's place as timestamp
(invariant 3), so a batch that ran half, twice or long ago changes nothing.
"""

from __future__ import annotations

from datetime import datetime, timezone
from itertools import islice

from pyspark.sql import DataFrame, Observation

from riada_stream import bulk, dead_letters, offsets
from riada_stream.log import log
from riada_stream.registry import Registry
from riada_stream.rows import upserts
from riada_stream.settings import Settings
from riada_stream.store import Batch, Store
from riada_stream.tally import Tally, expressions, tally

ROWS_AT_ONCE = 500


class NewSchema(Exception):
    """Events were written by schemas that the query does not know and the registry does: the
    query must start anew with them. Nothing of the batch is lost, it runs again."""


class BatchWriter:
    """What foreachBatch calls, with checked events. `failed`: the batch whose bulk write failed
    last, be it in an earlier try."""

    def __init__(
        self, settings: Settings, registry: Registry, store: Store, failed: int | None = None
    ) -> None:
        self._settings = settings
        self._registry = registry
        self._schemas = dict(registry.schemas)
        self._store = store
        self.failed = failed

    def __call__(self, batch: DataFrame, batch_id: int) -> Batch:
        started_at = datetime.now(timezone.utc)
        begin, end = offsets.span(self._settings.checkpoint, batch_id)
        if offsets.count(begin, end) <= self._settings.few_rows:
            batch = batch.coalesce(1)

        found, refused = self._write(batch, batch_id)
        if learned := self._registry.learn(found.unknown_ids):
            raise NewSchema(f"schemas {sorted(learned)}")
        self._store.delete(found.deletes)
        if found.bad or refused:
            release = self._settings.release
            letters = dead_letters.dead_letters(batch, self._schemas, refused, release)
            dead_letters.send(letters, self._settings)

        done = Batch(
            batch_id=batch_id,
            started_at=started_at,
            start_offsets=begin,
            end_offsets=end,
            upserts=found.upserts - len(refused),
            deletes=len(found.deletes),
            dead_letters=found.bad + len(refused),
        )
        self._store.record(done)
        return done

    def _write(self, batch: DataFrame, batch_id: int) -> tuple[Tally, dead_letters.Refused]:
        """Upserts a batch's rows: in bulk, but one by one when that failed before although
        Cassandra answers. Then a row is to blame."""
        if self.failed == batch_id and self._store.answers():
            log(f"batch {batch_id}: its bulk write failed, writing its rows one by one")
            return self._write_one_by_one(batch)
        try:
            return self._write_bulk(batch)
        except Exception:
            self.failed = batch_id
            raise

    @staticmethod
    def _write_bulk(batch: DataFrame) -> tuple[Tally, dead_letters.Refused]:
        seen = Observation()
        bulk.write(upserts(batch.observe(seen, *expressions())))
        return tally(seen.get), {}

    def _write_one_by_one(self, batch: DataFrame) -> tuple[Tally, dead_letters.Refused]:
        refused = {}
        rows = upserts(batch).toLocalIterator()
        while some := list(islice(rows, ROWS_AT_ONCE)):
            for row, refusal in zip(some, self._store.upsert(some), strict=True):
                if refusal:
                    refused[row.topic_partition, row.topic_offset] = refusal
        return tally(batch.agg(*expressions()).first().asDict()), refused
