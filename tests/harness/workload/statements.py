"""Statements as SQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract.stores.quoting import quoted
from tests.harness.workload.step import Delete, Insert, Update


def sql(statement: Insert | Update | Delete, table: str) -> Iterator[tuple[str, list[Any]]]:
    """Texts with their parameters; one for each row that must have its own."""
    if isinstance(statement, Insert):
        names = list(statement.rows[0])
        columns = ", ".join(quoted(name) for name in names)
        places = ", ".join("%s" for _ in names)
        for row in statement.rows:
            yield (
                f"INSERT INTO {table} ({columns}) VALUES ({places})",
                [row[name] for name in names],
            )
        return
    where = f'"id" IN ({", ".join("%s" for _ in statement.keys)})'
    if isinstance(statement, Delete):
        yield f"DELETE FROM {table} WHERE {where}", [*statement.keys]
        return
    assignments = ", ".join(f"{quoted(name)} = %s" for name in statement.values)
    yield (
        f"UPDATE {table} SET {assignments} WHERE {where}",
        [
            *statement.values.values(),
            *statement.keys,
        ],
    )
