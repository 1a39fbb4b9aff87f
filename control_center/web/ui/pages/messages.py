"""Messages: the messages of a table's topics, each decoded with its own schema."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from contract.errors import InvalidInputError
from contract.kafka.events import OPERATION
from contract.table.table import Table
from control_center.pipeline import browse
from control_center.pipeline.browse import BrowsedMessage
from control_center.web import inputs
from control_center.web.context import AppContext
from control_center.web.ui.components import (
    ErrorBanner,
    ask,
    section,
    with_error_banner,
)
from control_center.web.ui.layout import table_page
from control_center.web.ui.message_picker import MessagePicker
from control_center.web.ui.session import PageSession
from control_center.web.ui.table import Table as Grid
from control_center.web.ui.unmask import UnmaskSwitch

PATH = "/messages"
COLUMNS = {
    "partition": "Partition",
    "offset": "Offset",
    "at": "At",
    "key": "Key",
    "op": "Change",
    "schema_id": "Schema id",
    "bytes": "Bytes",
    "undecodable": "Decoding error",
}


def register(context: AppContext) -> None:
    table_page(context, PATH, Page)


class Page:
    def __init__(self, session: PageSession, table: Table) -> None:
        self._session, self._context = session, session.context
        self._messages: list[BrowsedMessage] = []
        self._banner = ErrorBanner()
        read = with_error_banner(self._banner, self._read)
        with ui.row().classes("ask"):
            topics = list(browse.topics(table))
            self._topic = ui.select(topics, value=topics[0], label="Topic")
            self._topic.props("outlined dense options-dense").classes("short")
            self._partition = ui.input("Partition (all)").props("outlined dense maxlength=18")
            self._offset = ui.input("From offset (newest)").props("outlined dense maxlength=18")
            for field in (self._partition, self._offset):
                field.props("inputmode=numeric").on("keydown.enter", read)
            ui.button("Show", on_click=read).props("no-caps")
            self._unmask = UnmaskSwitch(session, self._banner, self._draw)
        self._table = Grid("Messages", COLUMNS, "No messages", 25, table.name)
        with section("Decoded"):
            self._picker = MessagePicker(table, "Partition : offset", self._unmasked)
            self._picker.add_details()
        ui.timer(0.05, read, once=True)

    async def _read(self, *_: Any) -> None:
        principal = self._session.reader()
        try:
            partition = inputs.whole_number(self._partition.value, "partition")
            offset = inputs.whole_number(self._offset.value, "offset")
        except InvalidInputError as error:
            self._session.refuse(
                principal, "browse messages", error.cause, self._session.table.name
            )
            raise
        clients, table, topic = self._context.clients, self._session.table, self._topic.value
        self._messages = await ask(browse.browse, clients, table, topic, partition, offset)
        await self._draw()

    async def _draw(self) -> None:
        self._table.show([_row(message) for message in self._messages])
        self._picker.show(self._messages)

    def _unmasked(self, place: str) -> bool:
        return self._unmask.allows(f"{self._topic.value} {place}")


def _row(message: BrowsedMessage) -> dict[str, Any]:
    return {
        "partition": message.place.partition,
        "offset": str(message.place.offset),
        "at": message.at,
        "key": message.key,
        "op": (message.record or {}).get(OPERATION),
        "schema_id": str(message.schema_id) if message.schema_id is not None else None,
        "bytes": message.size,
        "undecodable": message.undecodable,
    }
