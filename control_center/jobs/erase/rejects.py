"""The rejected items of a source that are of a selected row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract.stores.postgres import rejects
from contract.stores.postgres.roles import Role
from contract.table.instant import milliseconds
from contract.table.item import item_key
from contract.table.key import key_text
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.pipeline.erasures.selection import SHORTEST, Selection
from control_center.pipeline.row_repository import key_values


def selected(clients: Clients, table: Table, selection: Selection) -> list[int]:
    """The ids in riada.rejects. Raises UnreachableError."""
    with (
        clients.postgres("", Role.OBSERVER, statement_timeout_s=0) as connection,
        connection.cursor("rejects") as cursor,
    ):
        cursor.execute(rejects.OF_TABLE, [table.name])
        return [
            int(number)
            for number, item, at in cursor
            if any(selection.has(key, milliseconds(at)) for key in keys(table, item))
        ]


def keys(table: Table, item: Any) -> Iterator[str]:
    """Every key that the item may be of: the one at the place of the key, and, as an item may be
    rejected because that place is wrong, each text in it that is long enough to tell a row."""
    key = item_key(table, item)
    if key is not None:
        yield key
    if len(table.key) == 1:
        for text in _texts(item):
            values = key_values(table, text) if len(text) >= SHORTEST else None
            if values is not None:
                yield key_text(table, values)


def _texts(item: Any) -> Iterator[str]:
    if isinstance(item, str):
        yield item
    elif isinstance(item, dict):
        for value in item.values():
            yield from _texts(value)
    elif isinstance(item, list):
        for value in item:
            yield from _texts(value)
