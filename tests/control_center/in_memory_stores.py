"""PostgreSQL and Cassandra in memory. They answer the statements of control_center/pipeline about
the tables of sample_rows, and fail on any other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from contract.stores.cassandra import batches
from contract.stores.cassandra import table as cassandra
from contract.stores.cassandra.batches import BatchRecord
from contract.stores.postgres import backups, erasures, rejects, signals
from contract.stores.postgres import table as postgres
from contract.stores.postgres.backups import Backups
from contract.stores.postgres.capture_schema import HEARTBEAT
from contract.stores.postgres.roles import Role
from contract.stores.quoting import quoted
from contract.table.key import key_text
from contract.table.table import Table
from control_center.pipeline import barrier, scans
from control_center.pipeline.row_repository import key_reader
from tests.control_center.sample_rows import TABLES, Row
from tests.control_center.sample_tables import USERS


class InMemoryPostgres:
    """A connection that is its own cursor. `rows`: name of a table → key → row. `outside`: keys of
    rows outside their domain. `epoch`: the one row of riada.capture, if there is one. `signals`:
    the rows of riada.signal; `expected`: name of a table → requests for its rows. `pending`: names
    of tables all of whose rows are requested. `roles` and `statement_timeout_s`: of the
    connections, and of the newest one, 0 for none. `rejects`: the rows of riada.rejects: id, name
    of the table, item, time; `erasures`: those of riada.erasures by mark. `captured`: has capture
    read the WAL up to its end? `refusal`: why a DELETE fails, of any row or of those with the keys
    `referenced`; `kept`: keys of rows that a trigger keeps; `deleted`: is called with the name of a
    table and the key of each row that is deleted. `backups`: the report in riada.backups."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Row]] = {name: {} for name in TABLES}
        self.outside: set[str] = set()
        self.epoch: tuple[int, str, datetime] | None = None
        self.pending: set[str] = set()
        self.signals: list[tuple[str, str, str]] = []
        self.expected: dict[str, int] = {}
        self.roles: list[Role] = []
        self.statement_timeout_s: float = 0
        self.rejects: list[tuple[int, str, Any, datetime]] = []
        self.erasures: dict[str, Row] = {}
        self.captured = True
        self.refusal: Exception | None = None
        self.referenced: set[str] = set()
        self.kept: set[str] = set()
        self.backups = Backups(kept_days=22)
        self.deleted: Callable[[str, str], None] = lambda table, key: None
        self.rowcount = 0
        self._cursor = ""
        self._savepoint: dict[str, dict[str, Row]] = {}
        self._answer: list[Row] = []

    def __enter__(self) -> InMemoryPostgres:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def set_session(self, **options: Any) -> None:
        assert options in (
            {"isolation_level": "REPEATABLE READ", "readonly": True},
            {"autocommit": True},
        )

    @contextmanager
    def cursor(self, name: str = "") -> Iterator[InMemoryPostgres]:
        self._cursor, self.itersize = name, 1
        yield self

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        if statement == signals.PENDING:
            self._answer = [(1,)] if parameters[0] in self.pending else []
        elif statement == signals.FORGET:
            self.signals = []
        elif statement == signals.EXPECT:
            self.expected[parameters[0]] = self.expected.get(parameters[0], 0) + 1
        elif statement == signals.INSERT:
            self.signals.append((parameters[0], parameters[1], parameters[2]))
        elif statement == barrier.POSITION:
            self._answer = [(0,)]
        elif statement == barrier.CONFIRMED:
            self._answer = [(self.captured,)]
        elif statement in (scans.STATE, HEARTBEAT):
            self._answer = []
        elif statement == erasures.SELECT:
            self._answer = list(self.erasures.values())
        elif statement == erasures.UPSERT:
            known = self.erasures.get(parameters[0])
            if known is None or known[2] <= parameters[2]:
                self.erasures[parameters[0]] = tuple(parameters)
        elif statement == rejects.OF_TABLE:
            kept = [row for row in self.rejects if row[1] == parameters[0]]
            self._answer = [(row[0], row[2], row[3]) for row in kept]
        elif statement == rejects.DELETE:
            kept = [row for row in self.rejects if row[0] not in parameters[0]]
            self.rowcount, self.rejects = len(self.rejects) - len(kept), kept
        elif statement == backups.SELECT:
            self._answer = [(self.backups.to_json(),)]
        elif statement == "SAVEPOINT attempt":
            self._savepoint = {name: dict(rows) for name, rows in self.rows.items()}
        elif statement == "ROLLBACK TO SAVEPOINT attempt":
            self.rows = self._savepoint
        elif statement == "SET CONSTRAINTS ALL IMMEDIATE":
            pass
        elif statement.startswith("DELETE FROM "):
            self._delete(statement, parameters)
        elif "riada.capture" in statement:
            self._answer = [self.epoch] if self.epoch else []
        else:
            self._answer = self._select(statement, parameters)

    def fetchall(self) -> list[Row]:
        return self._answer

    def fetchone(self) -> Row | None:
        return next(iter(self._answer), None)

    def __iter__(self) -> Iterator[Row]:
        """As a million rows can be read: a cursor with a name is the server's, and holds a part of
        them; a statement timeout would end it."""
        assert self._cursor
        assert self.statement_timeout_s == 0
        return iter(self._answer)

    def _delete(self, statement: str, parameters: Sequence[Any]) -> None:
        [table] = [table for table in TABLES.values() if statement == postgres.delete(table)]
        keys = {key_text(table, values) for values in zip(*parameters, strict=True)}
        if self.refusal is not None and (not self.referenced or self.referenced & keys):
            raise self.refusal
        stored = self.rows[table.name]
        gone = [key for key in stored if key in keys - self.kept]
        self.rowcount = len(gone)
        for key in gone:
            del stored[key]
            self.deleted(table.name, key)

    def _select(self, statement: str, parameters: Sequence[Any]) -> list[Row]:
        [table] = [
            table for table in TABLES.values() if f" FROM {postgres.qualified(table)}" in statement
        ]
        rows = list(self.rows[table.name].values())
        key_of = key_reader(table)
        if postgres.by_keys(table) in statement:
            wanted = {key_text(table, values) for values in zip(*parameters, strict=True)}
            rows = [row for row in rows if key_of(row) in wanted]
        elif " WHERE " in statement:
            [place] = [
                place
                for place, name in enumerate(table.names)
                if f" WHERE {quoted(name)} = %s" in statement
            ]
            rows = [row for row in rows if row[place] == parameters[0]]
        if " LIMIT %s" in statement:
            rows = sorted(rows, key=key_of)[: parameters[0]]
        places = [table.names.index(part.name) for part in table.key]
        keys = [tuple(row[place] for place in places) for row in rows]
        if "count(*)" in statement:
            return [(len(rows),)]
        if statement.startswith("EXPLAIN (FORMAT JSON) "):
            return [([{"Plan": {"Plan Rows": len(rows)}}],)]
        if statement.startswith(f"SELECT {postgres.read(table)} FROM"):
            return rows
        if statement.startswith(f"SELECT {postgres.read_key(table)} FROM"):
            return keys
        assert statement.startswith(f"SELECT {postgres.read_key(table)}, ")
        return [(*key, key_text(table, key) not in self.outside) for key in keys]


class InMemoryCassandra:
    """`rows`: name of a table → key → row and its origin: LSN, milliseconds of the commit,
    partition and offset. The LSN is the write timestamp too. `queries`: CQL → names of columns and
    rows; `bound`: the values of the newest query's parameters."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, tuple[Row, tuple[int | None, ...]]]] = {
            name: {} for name in TABLES
        }
        self.records: list[BatchRecord] = []
        self.queries: dict[str, tuple[list[str], list[Row]]] = {}
        self.types: Mapping[str, str] = {}
        self.bound: Mapping[str, Any] = {}

    def execute_each(self, query: str, parameters: Sequence[Sequence[Any]]) -> list[list[Row]]:
        [table] = [table for table in TABLES.values() if cassandra.qualified(table) in query]
        stored = self.rows[table.name]
        for column in table.indexes:
            if query == cassandra.select_key_by(table, column):
                place, key_places = table.names.index(column), _key_places(table)
                rows = [row for row, _ in stored.values() if row[place] == parameters[0][0]]
                return [[tuple(row[part] for part in key_places) for row in rows[:1]]]
        items = [stored.get(key_text(table, values)) for values in parameters]
        if query == cassandra.select_row(table):
            return [[(*item[0], *item[1])] if item else [] for item in items]
        assert query == cassandra.select_version(table)
        return [[(item[1][0],)] if item else [] for item in items]

    def scan(self, query: str, page: int = 5000) -> Iterator[Row]:
        assert page > 0
        for table in TABLES.values():
            if query == cassandra.select_keys(table):
                for row, _ in self.rows[table.name].values():
                    yield tuple(row[place] for place in _key_places(table))
                return
        [table] = [table for table in TABLES.values() if query == cassandra.select_all(table)]
        for row, origin in self.rows[table.name].values():
            yield (*row, *origin)

    def page(
        self,
        query: str,
        bind: Callable[[Mapping[str, str]], Mapping[str, Any]],
        limit: int,
        timeout_s: float,
    ) -> tuple[list[str], list[Row]]:
        self.bound = bind(self.types)
        names, rows = self.queries[query]
        return names, rows[:limit]

    def execute(self, query: str, parameters: Sequence[Any]) -> list[Any]:
        assert query in (batches.NEWEST, batches.SINCE)
        day, limit = parameters[1], parameters[2]
        if parameters[0] != USERS.name:
            return []
        records = [record for record in self.records if record.written_at.date() == day]
        if query == batches.SINCE:
            return [_row(record) for record in records if record.written_at >= limit]
        return [_row(record) for record in records[::-1][:limit]]


def _key_places(table: Table) -> list[int]:
    return [table.names.index(column.name) for column in table.key]


def _row(record: BatchRecord) -> SimpleNamespace:
    values = record.to_row(USERS.name)
    return SimpleNamespace(**dict(zip(batches.COLUMNS, values, strict=True)))
