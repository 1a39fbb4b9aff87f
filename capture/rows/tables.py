"""Which tables are captured, and of which the existing rows are needed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from contract.kafka.capture import Capture, CapturedTable
from contract.kafka.topics import events, prefix
from contract.table.table import Table

Tables = Mapping[str, Table]
# Name of a table → does the driver run its query as the deployed release has it?
IsStreamed = Callable[[str], bool]
UNREAD = "Debezium could not read all of them"


def with_result(
    requested: CapturedTable | None,
    before: CapturedTable,
    table: Table,
    read: bool,
    error: str | None,
) -> CapturedTable:
    """What the record says of a table now. `requested`: if its rows are requested again. An error
    stays until the rows have been read. A column that is no longer delivered is forgotten: if it
    comes back, all rows come again."""
    if requested is not None:
        return replace(requested, error=error or "")
    columns = tuple(name for name in before.columns if name in table.names)
    error = "" if read else error or before.error
    return replace(before, columns=columns, read=read, error=error)


def relation(table: Table) -> str:
    """public.orders, as PostgreSQL names it."""
    return f"{table.schema}.{table.relation}"


def record(
    table: Table, topic_id: str, before: CapturedTable | None, is_streamed: IsStreamed
) -> CapturedTable:
    """What the capture record says of a table whose rows are requested now."""
    short = events(table).name.removeprefix(f"{prefix(table.database)}.")
    columns = table.names
    if before and _added(table, before) and not is_streamed(table.name):
        columns = tuple(name for name in before.columns if name in table.names)
    return CapturedTable(short, topic_id, columns)


def needed(
    tables: Tables,
    captured: Mapping[str, CapturedTable],
    topic_ids: Mapping[str, str],
    failed: Collection[str],
    unrequested: Collection[str],
    is_streamed: IsStreamed,
) -> dict[str, str]:
    """Name of a table whose existing rows must come → why. `topic_ids`: of each table's events
    topic; `failed`: tables whose rows Debezium could not read; `unrequested`: those of which
    PostgreSQL knows no request in this epoch.

    The rows of a new column wait for the query that has it: the one before would write them without
    the column, and may be the last to see them."""
    reasons = {}
    for name, table in tables.items():
        before = captured.get(name)
        now = record(table, topic_ids[name], before, is_streamed)
        if before is None or before.relation != now.relation:
            reasons[name] = "it is new"
        elif before.topic_id != now.topic_id:
            reasons[name] = f"topic {events(table).name} was created again"
        elif added := [column for column in now.columns if column not in before.columns]:
            reasons[name] = f"new columns: {', '.join(added)}"
        elif name in unrequested:
            reasons[name] = "it was not published for some time"
        elif name in failed:
            reasons[name] = UNREAD
    return reasons


def first(reasons: Mapping[str, str], attempts: Mapping[str, int]) -> dict[str, str]:
    """The tables to ask for now, and why: those that could not be read come after the others and
    one by one, fewest attempts first, because a table that cannot be read also ends the reading of
    those that were asked for at the same time."""
    others = {name: reason for name, reason in reasons.items() if reason != UNREAD}
    if others or not reasons:
        return others
    name = min(reasons, key=lambda name: attempts.get(name, 0))
    return {name: reasons[name]}


def topics(captured: Capture | None, names: Collection[str], database: str) -> list[str]:
    """The events topics of the captured ones among these tables of a database."""
    tables = captured.tables.items() if captured else ()
    return [f"{prefix(database)}.{table.relation}" for name, table in tables if name in names]


def _added(table: Table, before: CapturedTable) -> bool:
    return not {*table.names} <= {*before.columns}
