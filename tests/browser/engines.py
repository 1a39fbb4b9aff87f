"""The engines of the running platform, and the tables that a page shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from playwright.sync_api import Locator

from cli.clients.http import call
from tests.browser.visitor import Visitor
from tests.harness.kafka import records
from tests.harness.numbers.columns import columns, titles
from tests.harness.numbers.engines import Message
from tests.harness.platform import Platform

# Table of columns() → path and label of the table on its page; those of Stages have their own.
PLACES = {
    "home/TABLES": ("/?table=users", "Tables"),
    "home/columns": ("/?table=users", "Components"),
    "comparison/columns": ("/?table=users", "Counts and checksums"),
    "messages/COLUMNS": ("/messages?table=users", "Messages"),
    "schemas/Versions": ("/schemas?table=users", "Versions"),
    "row/VERSIONS": ("/row?table=users", "Versions"),
}


class PlatformEngines:
    """Implements tests.harness.numbers.engines.Engines."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def run(self, service: str, *command: str) -> str:
        return self._platform.run_in(service, *command)

    def cql(self, query: str) -> list[tuple[Any, ...]]:
        with self._platform.cassandra() as session:
            return list(session.execute(query))

    def http(self, kind: str, path: str) -> Any:
        return call("GET", self._platform.installation.url(kind) + path)

    def messages(self, topic: str) -> Iterable[Message]:
        for record in records(self._platform, topic):
            place = record.position
            yield Message(place.partition, place.offset, record.timestamp_ms, record.value or b"")


def place_of(table: str) -> tuple[str, str]:
    """Path of the page, and label of the table."""
    page, _, rest = table.partition("/")
    if page != "stages":
        return PLACES[table]
    stage, _, key = rest.partition("/")
    return "/stages?table=users", f"{titles()[stage]}: {key}"


def rows_shown(visitor: Visitor, table: str) -> list[dict[str, str]]:
    """The rows of a table on the open page: field → text."""
    _, label = place_of(table)
    element = visitor.page.locator(
        f'.data[aria-label="{label}"], .data [aria-label="{label}"]'
    ).first
    element.wait_for()
    fields = list(columns()[table])
    cells = element.locator("tbody tr:has(td:nth-child(2))").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return [dict(zip(fields, row)) for row in cells]


def open_table(visitor: Visitor, table: str) -> None:
    """Open the table's page, unless it is open, and wait for the table's first row."""
    path, label = place_of(table)
    if not visitor.page.url.endswith(path):
        visitor.open(path)
    _first_row(visitor, label).wait_for()


def _first_row(visitor: Visitor, label: str) -> Locator:
    return visitor.page.locator(
        f'.data[aria-label="{label}"] tbody td, .data [aria-label="{label}"] tbody td'
    ).first


def label_of(row: dict[str, str], labels: Sequence[str]) -> str:
    return " ".join(row[field].replace(",", "") if row[field].replace(",", "").isdigit()
                    else row[field] for field in labels)  # fmt: skip
