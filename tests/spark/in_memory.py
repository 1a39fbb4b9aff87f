"""The job's components in memory: what unit tests have in place of Cassandra, Kafka and the
registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame
from riada_stream.runtime.checkpoint_dir import CheckpointDir
from riada_stream.sink.change import Change, Key
from riada_stream.source.schemas import Schemas

from contract.stores.cassandra.batches import BatchRecord
from contract.stream.driver_status import DriverState, Restart, TableState


class InMemorySession:
    """A table in Cassandra: key → version. `lost_deletes` and `lost_upserts` acknowledged writes
    have no effect. It refuses rows whose key is in `refused`. The key is the first `parts` columns.
    """

    def __init__(self, rows: Mapping[Key, int] | None = None, parts: int = 1) -> None:
        self.parts = parts
        self.rows = dict(rows or {})
        self.lost_deletes = self.lost_upserts = 0
        self.refused: set[Key] = set()
        self.is_down = False
        self.batches: list[BatchRecord] = []
        self.deletes: list[list[Change]] = []

    def ping(self) -> None:
        if self.is_down:
            raise ConnectionError("no host is available")

    def delete(self, deletes: Sequence[Change]) -> list[str]:
        self.deletes.append(list(deletes))
        for change in deletes:
            if self.lost_deletes:
                self.lost_deletes -= 1
            elif self.rows.get(change.key, change.version + 1) <= change.version:
                del self.rows[change.key]
        return ["cassandra-1"] * len(deletes)

    def versions(self, keys: Sequence[Key]) -> dict[Key, int]:
        return {key: self.rows[key] for key in keys if key in self.rows}

    def describe(self, key: Key) -> str:
        return f"version {self.rows.get(key)}"

    def upsert(self, rows: Sequence[Sequence[Any]]) -> list[str | None]:
        return [self._upsert(row) for row in rows]

    def _upsert(self, row: Sequence[Any]) -> str | None:
        key = tuple(row[: self.parts])
        if key in self.refused:
            return "refused by Cassandra: no"
        if self.lost_upserts:
            self.lost_upserts -= 1
            return None
        self.rows[key] = max(row[-1], self.rows.get(key, 0))
        return None

    def write_rows(self, rows: DataFrame) -> None:
        """Replaces the connector's bulk write."""
        self.upsert(rows.collect())

    def record(self, batch: BatchRecord) -> None:
        self.batches.append(batch)

    def has_batches(self) -> bool:
        return bool(self.batches)


class InMemoryRegistry:
    """`schemas` are those of the query. `new` ones are found by fetch()."""

    def __init__(self, schemas: Schemas, new: Mapping[int, str] | None = None) -> None:
        self.schemas = schemas
        self.new = dict(new or {})
        self.unknown_columns: dict[int, tuple[str, ...]] = {}

    def fetch(self, values: Iterable[int], keys: Iterable[int] = ()) -> set[int]:
        fetched = {number for number in (*values, *keys) if number in self.new}
        return fetched - self.unknown_columns.keys()


class InMemoryPosition:
    """`published` is the bound that refresh() reads."""

    def __init__(self, bound: int | None = None, published: int | None = None) -> None:
        self.bound = bound
        self.published = published if published is not None else bound
        self.refreshed: list[int] = []

    def refresh(self, after_ms: int = 0) -> int | None:
        self.refreshed.append(after_ms)
        self.bound = self.published
        return self.bound


class InMemoryDeadLetters:
    """`headers` of each dead letter, as text."""

    def __init__(self) -> None:
        self.headers: list[dict[str, str]] = []

    def send(self, dead_letters: DataFrame) -> None:
        for row in dead_letters.collect():
            self.headers.append({header.key: header.value.decode() for header in row.headers})

    @property
    def reasons(self) -> list[str]:
        return [headers["reason"] for headers in self.headers]


class InMemoryStatus:
    """`reports` of the driver, `tables`: those of a table."""

    def __init__(self) -> None:
        self.reports: list[tuple[DriverState | None, str | None]] = []
        self.tables: list[tuple[TableState, str | None]] = []
        self.restarts: list[Restart | None] = []
        self.taken: list[tuple[str, list[str]]] = []

    def take_over(self, release: str, starting: Iterable[str]) -> None:
        self.taken.append((release, [*starting]))

    def report(self, state: DriverState | None = None, cause: str | None = None) -> None:
        self.reports.append((state, cause))

    def report_table(
        self,
        name: str,
        state: TableState,
        cause: str | None = None,
        restart: Restart | None = None,
    ) -> None:
        self.tables.append((state, cause))
        self.restarts.append(restart)

    @property
    def states(self) -> list[TableState]:
        return [state for state, _ in self.tables]


class Clock:
    """Time in s, which sleep() moves forward."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def write_batch(checkpoint: CheckpointDir, number: int, end: int) -> None:
    """The file that Spark writes before it runs a batch: it ends at an offset of partition 2."""
    offsets = '{"riada.public.users":{"2":%d}}'
    if number == 0:
        checkpoint.write("sources/0/0", f"v1\n{offsets % 0}")
    checkpoint.write(f"offsets/{number}", f"v1\n{{}}\n{offsets % end}")
