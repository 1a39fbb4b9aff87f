"""Checked events → rows, deletes and dead letters, each in its place.

Every step may be repeated: rows and deletes carry their commit's place as timestamp
(invariant 3), so a batch that ran half, twice or long ago changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice

from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F

from riada_stream.runtime.log import log
from riada_stream.settings import DEAD_LETTER_TOPIC, Settings
from riada_stream.sink import bulk, dead_letters
from riada_stream.sink.batch_stats import Change, Tally, expressions, tally
from riada_stream.sink.cassandra import Store
from riada_stream.sink.dead_letter_limit import DeadLetterLimit, TooManyDeadLettersError
from riada_stream.sink.rows import upserts
from riada_stream.source.position import Position
from riada_stream.source.registry import Registry, UnknownColumnError
from riada_stream.source.validation import bounded

ROWS_AT_ONCE = 500


class NewSchema(Exception):
    """Events were written by schemas that the query does not know and the registry does: the
    query must start anew with them. Nothing of the batch is lost, it runs again."""


@dataclass(frozen=True)
class Written:
    """What became of events, in numbers."""

    upserts: int = 0
    deletes: int = 0
    dead_letters: int = 0

    def __add__(self, other: Written) -> Written:
        return Written(
            self.upserts + other.upserts,
            self.deletes + other.deletes,
            self.dead_letters + other.dead_letters,
        )


class EventWriter:
    """Writes events in bulk, or one by one: then a row that Cassandra refuses is a dead letter."""

    def __init__(
        self,
        settings: Settings,
        registry: Registry,
        store: Store,
        position: Position,
        limit: DeadLetterLimit,
    ) -> None:
        self._settings = settings
        self._registry = registry
        self.schemas = dict(registry.schemas)
        self._store = store
        self._position = position
        self._limit = limit

    def bulk(self, events: DataFrame) -> Written:
        def write(good: DataFrame) -> tuple[Tally, dead_letters.Refused]:
            seen = Observation()
            bulk.write(upserts(good.observe(seen, *expressions())))
            return tally(seen.get), {}

        return self._write(events, write)

    def one_by_one(self, events: DataFrame) -> Written:
        def write(good: DataFrame) -> tuple[Tally, dead_letters.Refused]:
            refused = {}
            rows = upserts(good).toLocalIterator()
            while some := list(islice(rows, ROWS_AT_ONCE)):
                for row, refusal in zip(some, self._store.upsert(some), strict=True):
                    if refusal:
                        refused[row.topic_partition, row.topic_offset] = refusal
            return tally(good.agg(*expressions()).first().asDict()), refused

        return self._write(events, write)

    def _write(self, events: DataFrame, write) -> Written:
        good = bounded(events, self._position.bound)
        found, refused = write(good)
        if found.beyond_ms is not None:
            known = self._position.bound
            if self._position.refresh(found.beyond_ms) != known:
                good = bounded(events, self._position.bound)
                found, refused = write(good)
        self._learn(found)
        self._store.delete(found.deletes)
        self._verify(good, found, refused)
        bad = found.bad + len(refused)
        self._check_limit(good, refused, found.upserts + len(found.deletes) + found.bad, bad)
        if bad:
            dead_letters.send(self._dead_letters(good, refused), self._settings)
        return Written(found.upserts - len(refused), len(found.deletes), bad)

    def _learn(self, found: Tally) -> None:
        """Raises NewSchema when the registry knows schemas that the query does not, and
        UnknownColumnError when those have columns that this release does not."""
        learned = self._registry.learn(found.unknown_ids)
        if unknown := {
            name
            for number in found.unknown_ids
            for name in self._registry.unknown_columns.get(number, ())
        }:
            raise UnknownColumnError(unknown)
        if learned:
            raise NewSchema(f"schemas {sorted(learned)}")

    def _dead_letters(self, events: DataFrame, refused: dead_letters.Refused) -> DataFrame:
        return dead_letters.dead_letters(events, self.schemas, refused, self._settings.release)

    def _check_limit(
        self, events: DataFrame, refused: dead_letters.Refused, count: int, bad: int
    ) -> None:
        if (cause := self._limit.exceeded(count, bad)) is None:
            return
        reason = F.filter("headers", lambda header: header["key"] == "reason")[0]["value"]
        first = self._dead_letters(events, refused).select(reason.cast("string")).first()
        raise TooManyDeadLettersError(
            f"{cause}, such as: {first[0] if first else 'unknown'}. Correct the cause, or set "
            "MAX_SHARE in spark/riada_stream/sink/dead_letter_limit.py to 1 to have them all in "
            f"{DEAD_LETTER_TOPIC}; then run make deploy-dags"
        )

    def _verify(self, events: DataFrame, found: Tally, refused: dead_letters.Refused) -> None:
        """Reads some of the upserts back. A row that is not there, or of an earlier version, is
        written again: if it is there then, Cassandra had lost an acknowledged write; if it is not,
        a later delete holds, as in a replay."""
        lacking = self._lacking(found, refused)
        if not lacking:
            return
        rows = upserts(events.where(_is_one_of(lacking))).collect()
        self._store.upsert(rows)
        still = set(self._store.lacking(lacking))
        if lost := [change for change in lacking if change not in still]:
            log(f"LOST: {len(lost)} acknowledged upserts were not in Cassandra, written again: ")
            log("; ".join(map(str, lost[:20])))

    def _lacking(self, found: Tally, refused: Collection) -> list[Change]:
        deleted: dict = {}
        for change in found.deletes:
            deleted[change.id] = max(change.version, deleted.get(change.id, 0))
        sample = [
            change
            for change in found.sample
            if deleted.get(change.id, -1) < change.version
            and (change.partition, change.offset) not in refused
        ]
        return self._store.lacking(sample)


def _is_one_of(changes: list[Change]):
    places = [F.struct(F.lit(c.partition), F.lit(c.offset).cast("bigint")) for c in changes]
    return F.struct("partition", "offset").isin(places)
