"""The rows that a table's source returns; every later stage is compared with them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contract.errors import UnreachableError
from contract.health.component import component_of
from contract.table.item import row
from contract.table.secret_headers import headers
from contract.table.source import Source, Value
from contract.table.source_pages import FIRST, Page, page, request
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.pipeline.row_repository import Row, key_reader

ATTEMPTS = 5
PAGE = 1000  # items


@dataclass
class SourceRows:
    """`rows`: key → row. Generated columns are None: PostgreSQL computes them. `refused`: the
    number of items that cannot become a row; the DAG puts them into rejects. `repeated`: the number
    of items that came more than once; the last one counts, as in the DAG."""

    table: Table
    rows: dict[str, Row] = field(default_factory=dict)
    refused: int = 0
    repeated: int = 0

    @property
    def received(self) -> int:
        """The number of items."""
        return len(self.rows) + self.refused + self.repeated

    def add(self, items: Iterable[Any]) -> None:
        """Sorts the source's items as the DAG does."""
        key_of = key_reader(self.table)
        for item in items:
            try:
                values = _complete(self.table, row(self.table, item))
            except ValueError:
                self.refused += 1
                continue
            key = key_of(values)
            self.repeated += key in self.rows
            self.rows[key] = values


def fetch(clients: Clients, table: Table, seed: str, count: int) -> SourceRows:
    """The first `count` items of a run with this seed, or all that the source has. Raises
    UnreachableError after ATTEMPTS failures of a page."""
    assert table.source
    result, cursor = SourceRows(table), FIRST
    size = page_size(table.source, count)
    while result.received < count:
        received = _page(clients, table.source, parameters(table.source, seed), cursor, size)
        result.add(received.items[: count - result.received])
        if received.cursor is None:
            break
        cursor = received.cursor
    return result


def is_repeatable(source: Source) -> bool:
    """Does a seed fix the items of a run?"""
    return any(param.per_run for param in source.params)


def parameters(source: Source, seed: str) -> Mapping[str, Value]:
    """The values of the source's parameters in a run with this seed."""
    values = {param.name: seed if param.per_run else param.default for param in source.params}
    return {name: value for name, value in values.items() if value is not None}


def page_size(source: Source, count: int) -> int | None:
    """The items per request; None if the source decides."""
    if not source.pagination.size:
        return None
    return min(PAGE, source.pagination.largest or PAGE, max(count, 1))


def _complete(table: Table, values: Row) -> Row:
    remaining = iter(values)
    return tuple(None if column.generated else next(remaining) for column in table.columns)


def _page(
    clients: Clients, source: Source, params: Mapping[str, Value], cursor: str, size: int | None
) -> Page:
    component = component_of(source.address())
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _request(clients, source, component, params, cursor, size)
        except (UnreachableError, ValueError) as error:
            cause = error.cause if isinstance(error, UnreachableError) else str(error)
            if attempt == ATTEMPTS:
                raise UnreachableError(component, cause) from error
            job_protocol.progress(f"source: {cause}; trying again in {attempt} s")
            time.sleep(attempt)
    raise AssertionError("unreachable")


def _request(
    clients: Clients,
    source: Source,
    component: str,
    params: Mapping[str, Value],
    cursor: str,
    size: int | None,
) -> Page:
    asked, secret = request(source, params, cursor, size), headers(source)
    answer = clients.http.request(
        "GET",
        asked.url,
        component,
        params=dict(asked.query) or None,
        headers=secret,
        timeout=30,
        follow_redirects=not secret,  # another server would get the headers
    )
    if not answer.is_success:
        raise UnreachableError(component, f"answers {answer.status_code}")
    return page(source, asked, answer.content, answer.headers.get("Link", ""))
