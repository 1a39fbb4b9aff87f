"""One micro-batch: rows, deletes, dead letters, then the record that it is done.

Every step may be repeated: rows and deletes carry their commit's place as timestamp
(invariant 3), so a batch that ran half, twice or long ago changes nothing.
"""

from __future__ import annotations

from datetime import datetime, timezone
from itertools import islice

from pyspark.sql import DataFrame, Observation

from riada_stream import bulk, dead_letters, offsets
from riada_stream.checks import checked
from riada_stream.decode import events
from riada_stream.log import log
from riada_stream.registry import Registry
from riada_stream.rows import upserts
from riada_stream.settings import Settings
from riada_stream.store import Batch, Store
from riada_stream.tally import Tally, expressions, tally

ROWS_AT_ONCE = 500


class BatchWriter:
    """What foreachBatch calls. `failed` is the batch whose bulk write failed last, if any."""

    def __init__(self, settings: Settings, registry: Registry, store: Store) -> None:
        self._settings = settings
        self._registry = registry
        self._store = store
        self._failed: int | None = None

    def __call__(self, records: DataFrame, batch_id: int) -> Batch:
        started_at = datetime.now(timezone.utc)
        begin, end = offsets.span(self._settings.checkpoint, batch_id)
        if offsets.count(begin, end) <= self._settings.few_rows:
            records = records.coalesce(1)

        found, refused = self._write(records, batch_id)
        if found.unknown_ids and self._registry.learn(found.unknown_ids):
            found, refused = self._write(records, batch_id)
        self._store.delete(found.deletes)
        if found.bad or refused:
            letters = dead_letters.dead_letters(
                self._checked(records), refused, self._settings.release
            )
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

    def _checked(self, records: DataFrame) -> DataFrame:
        return checked(events(records, self._registry.schemas))

    def _write(self, records: DataFrame, batch_id: int) -> tuple[Tally, dead_letters.Refused]:
        """Upserts a batch's rows, in bulk; one by one when the same batch failed before although
        Cassandra answers: then a row is to blame."""
        if self._failed == batch_id and self._store.answers():
            log(f"batch {batch_id}: the bulk write failed, writing its rows one by one")
            done = self._write_one_by_one(records)
        else:
            try:
                done = self._write_bulk(records)
            except Exception:
                self._failed = batch_id
                raise
        self._failed = None
        return done

    def _write_bulk(self, records: DataFrame) -> tuple[Tally, dead_letters.Refused]:
        seen = Observation()
        bulk.write(upserts(self._checked(records).observe(seen, *expressions())))
        return tally(seen.get), {}

    def _write_one_by_one(self, records: DataFrame) -> tuple[Tally, dead_letters.Refused]:
        events = self._checked(records)
        refused = {}
        rows = upserts(events).toLocalIterator()
        while some := list(islice(rows, ROWS_AT_ONCE)):
            for row, refusal in zip(some, self._store.upsert(some), strict=True):
                if refusal:
                    refused[row.topic_partition, row.topic_offset] = refusal
        return tally(events.agg(*expressions()).first().asDict()), refused
