"""Messages: the messages of a table's topics, each decoded with its own schema.

The URL has the filters, so that a view can be reloaded, shared, and left by Back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from contract.errors import InvalidInputError
from contract.kafka.events import OPERATION
from contract.table.table import Table
from control_center.pipeline import browse
from control_center.pipeline.browse import BrowsedMessage
from control_center.pipeline.versions import OPERATIONS
from control_center.web import inputs
from control_center.web.context import AppContext
from control_center.web.ui.components import ErrorBanner, ask, pre, with_error_banner
from control_center.web.ui.layout import table_page
from control_center.web.ui.session import PageSession
from control_center.web.ui.table import Table as Grid
from control_center.web.ui.unmask import UnmaskSwitch

PATH = "/messages"
ACTION = "browse messages"
COLUMNS = {
    "offset": "Offset",
    "partition": "Partition",
    "at": "At",
    "key": "Key",
    "op": "Change",
    "schema_id": "Schema id",
    "bytes": "Bytes",
    "undecodable": "Decoding error",
}


@dataclass(frozen=True)
class Filters:
    """The fields of the form and the parameters of the URL, as the user typed them."""

    topic: str = ""
    partition: str = ""
    offset: str = ""
    since: str = ""
    key: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Filters:
        longest = inputs.LONGEST_KEY
        return cls(**{name: parameters.get(name, "")[:longest] for name in cls.__annotations__})

    def url(self, table: Table) -> str:
        values = {name: value for name, value in asdict(self).items() if value}
        return f"{PATH}?{urlencode({'table': table.name} | values)}"

    def read(self) -> dict[str, Any]:
        """The arguments of browse(); raises InvalidInputError."""
        return {
            "partition": inputs.whole_number(self.partition, "partition"),
            "offset": inputs.whole_number(self.offset, "offset"),
            "since": inputs.utc_time(self.since),
            "key": self.key.strip(),
        }


def register(context: AppContext) -> None:
    table_page(context, PATH, Page)


class Page:
    def __init__(self, session: PageSession, table: Table) -> None:
        self._session, self._context = session, session.context
        self._messages: list[BrowsedMessage] = []
        self._filters = Filters.of(session.request.query_params)
        topics = list(browse.topics(table))
        self._chosen_topic = self._filters.topic if self._filters.topic in topics else topics[0]
        self._banner = ErrorBanner()
        self._form(topics)
        self._table = Grid("Messages", COLUMNS, "No messages", 25, table.name)
        self._table.on_open("offset", self._open)
        self._dialog = ui.dialog().props('aria-label="One message"')
        ui.timer(0.05, with_error_banner(self._banner, self._read), once=True)

    def _form(self, topics: list[str]) -> None:
        search = with_error_banner(self._banner, self._search)
        filters = self._filters
        with ui.row().classes("ask"):
            self._topic = ui.select(topics, value=self._chosen_topic, label="Topic")
            self._topic.props("outlined dense options-dense").classes("short")
            self._partition = ui.input("Partition (all)", value=filters.partition)
            self._offset = ui.input("From offset (newest)", value=filters.offset)
            self._since = ui.input("From time (UTC)", value=filters.since)
            self._since.props("placeholder='2026-11-25 23:11:21'")
            self._key = ui.input("Key", value=filters.key).classes("grow")
            for field in (self._partition, self._offset):
                field.props("inputmode=numeric maxlength=18")
            for field in (self._partition, self._offset, self._since, self._key):
                field.props("outlined dense").on("keydown.enter", search)
            ui.button("Show", on_click=search).props("no-caps")
            download = with_error_banner(self._banner, self._download)
            ui.button("Download as JSON", on_click=download).props("outline no-caps")
            self._unmask = UnmaskSwitch(self._session, self._banner, self._draw)
        note = f"A search by key reads the newest {browse.SEARCHED:,} messages of each partition"
        ui.label(f"{note}, or the first ones from the given offset or time.").classes("note")

    async def _search(self, *_: Any) -> None:
        filters = Filters(
            topic=self._topic.value,
            partition=self._partition.value or "",
            offset=self._offset.value or "",
            since=self._since.value or "",
            key=self._key.value or "",
        )
        self._validated(filters)
        ui.navigate.to(filters.url(self._session.table))

    def _validated(self, filters: Filters) -> dict[str, Any]:
        """Input with an error is logged."""
        principal = self._session.reader()
        try:
            return filters.read()
        except InvalidInputError as error:
            self._session.invalid(principal, ACTION, error.cause, self._session.table.name)
            raise

    async def _read(self, *_: Any) -> None:
        arguments = self._validated(self._filters)
        clients, table = self._context.clients, self._session.table

        def read() -> list[BrowsedMessage]:
            return browse.browse(clients, table, self._chosen_topic, **arguments)

        self._messages = await ask(read)
        await self._draw()

    async def _draw(self) -> None:
        self._table.show([_row(message) for message in self._messages])

    def _open(self, number: int) -> None:
        """Shows one message with its headers in a dialog."""
        message = self._messages[number]
        content = self._json(message)
        self._dialog.clear()
        with self._dialog, ui.card().classes("message"):
            with ui.element("h2"):
                ui.label(f"Partition {message.place.partition}, offset {message.place.offset}")
            pre(json.dumps(content, indent=2, ensure_ascii=False, default=str))
            ui.button("Close", on_click=self._dialog.close).props("outline no-caps autofocus")
        self._dialog.open()

    async def _download(self, *_: Any) -> None:
        """The messages that the page shows."""
        self._session.reader()
        content = [self._json(message) for message in self._messages]
        text = json.dumps(content, indent=2, ensure_ascii=False, default=str)
        ui.download.content(text, f"{self._chosen_topic}.json", "application/json")

    def _json(self, message: BrowsedMessage) -> dict[str, Any]:
        unmasked = self._unmask.allows(f"{self._chosen_topic} {message.label}")
        return message.to_json(self._session.table, unmasked)


def _row(message: BrowsedMessage) -> dict[str, Any]:
    operation = str((message.record or {}).get(OPERATION) or "")
    return {
        "partition": message.place.partition,
        "offset": str(message.place.offset),
        "at": message.at,
        "key": message.key,
        "op": OPERATIONS.get(operation, operation),
        "schema_id": str(message.schema_id) if message.schema_id is not None else None,
        "bytes": message.size,
        "undecodable": message.undecodable,
    }
