"""Dead letters: reason, origin and bytes. An operator sends one or all again after the cause is
fixed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from nicegui import ui

from contract.errors import InvalidInputError
from contract.kafka.dead_letters import ORIGIN_OFFSET, ORIGIN_PARTITION, REASON, SCHEMA_ID
from contract.kafka.offsets import TopicOffset
from contract.kafka.topics import dead_letters
from contract.table.table import Table
from control_center.config import COMPONENT
from control_center.pipeline import browse
from control_center.pipeline.browse import Query
from control_center.pipeline.browsed_message import BrowsedMessage
from control_center.pipeline.dead_letters import waiting
from control_center.web.context import REPLAY, AppContext
from control_center.web.ui.components import (
    ErrorBanner,
    ask,
    confirmed,
    operator_button,
    section,
    with_error_banner,
)
from control_center.web.ui.layout import table_page
from control_center.web.ui.message_picker import MessagePicker
from control_center.web.ui.session import PageSession
from control_center.web.ui.table import Table as Grid
from control_center.web.ui.unmask import UnmaskSwitch

PATH = "/dead-letters"
SHOWN = 500
COLUMNS = {
    "place": "Dead letter",
    "reason": "Reason",
    "origin": "Origin (partition : offset)",
    "at": "Refused at",
    "key": "Key",
    "schema_id": "Schema id",
    "bytes": "Bytes",
    "sent": "Sent again",
}
NOTE = (
    "A dead letter is sent again to its original topic, with the same bytes, and only once. It "
    "does not overwrite newer data. While its cause remains, it comes back as a new dead letter. "
    "These are not sent: dead letters older than 7 days, those cut to fit the topic, and those of "
    "rows that were erased or that PostgreSQL does not hold. make repair sends the rows that "
    "PostgreSQL holds."
)


def register(context: AppContext) -> None:
    table_page(context, PATH, Page)


class Page:
    def __init__(self, session: PageSession, table: Table) -> None:
        self._session, self._context = session, session.context
        self._messages: list[BrowsedMessage] = []
        self._sent: Collection[TopicOffset] = ()
        self._waiting = 0
        self._state = ui.label("Reading…").props('role="status" id=dead-letters')
        ui.label(NOTE).classes("note")
        self._banner = ErrorBanner()
        read = with_error_banner(self._banner, self._read)
        principal = session.reader()
        with ui.row().classes("ask"):
            ui.button("Read again", on_click=read).props("outline no-caps")
            send_all = with_error_banner(self._banner, self._send_all)
            self._send_all_button = operator_button(
                "Send all again", send_all, principal, "outline"
            )
            self._unmask = UnmaskSwitch(session, self._banner, self._draw)
        self._table = Grid("Dead letters", COLUMNS, "No dead letters", 25, table.name)
        with section("One dead letter"):
            with ui.row().classes("ask"):
                self._picker = MessagePicker(table, "Dead letter", self._unmasked)
                send_one = with_error_banner(self._banner, self._send_one)
                operator_button("Send it again", send_one, principal, "outline")
            self._picker.add_details()
        ui.timer(0.05, read, once=True)

    async def _read(self, *_: Any) -> None:
        self._session.reader()
        clients, table = self._context.clients, self._session.table
        topic = dead_letters(table).name
        spans = await ask(browse.spans, clients, table, topic)
        count = sum(end for _, end in spans.values())
        query = Query(topic, count=SHOWN)
        page = await ask(lambda: browse.browse(clients, table, query, known=spans))
        self._messages = page.messages
        log = await ask(self._context.replay.sent, table)
        self._sent = {message.place for message in page.messages if message.place in log}
        self._waiting = (await ask(waiting, clients, table)).waiting
        self._send_all_button.set_enabled(self._session.reader().operates and self._waiting > 0)
        limit = f"; the newest {SHOWN:,} are shown" if count > SHOWN else ""
        self._state.set_text(f"{count:,} dead letters, {self._waiting:,} of them wait{limit}.")
        await self._draw()

    async def _draw(self) -> None:
        table = self._session.table
        self._table.show([self._row(table, message) for message in self._messages])
        self._picker.show(self._messages)

    def _unmasked(self, place: str) -> bool:
        return self._unmask.allows(f"dead letter {place}")

    async def _send_all(self, *_: Any) -> None:
        table = self._session.table
        self._session.operator(REPLAY, f"{table.name} all")
        count = (await ask(waiting, self._context.clients, table)).waiting
        question = f"{count:,} dead letters of {table.name} are sent to their topic again."
        if count and await confirmed(question, f"Yes, send {count:,}"):
            await self._send(None, "all")

    async def _send_one(self, *_: Any) -> None:
        self._session.operator(REPLAY, self._session.table.name)
        if not self._picker.place:
            raise InvalidInputError(COMPONENT, "no dead letter is chosen")
        partition, offset = map(int, self._picker.place.split(" : "))
        await self._send([TopicOffset(partition, offset)], f"{partition}:{offset}")

    async def _send(self, places: list[TopicOffset] | None, target: str) -> None:
        table = self._session.table
        principal = self._session.operator(REPLAY, f"{table.name} {target}")
        outcome = await ask(self._context.send_again, principal, table, places, target)
        await self._read()
        self._state.set_text(f"{self._state.text} {outcome}")

    def _row(self, table: Table, message: BrowsedMessage) -> dict[str, Any]:
        headers = message.headers
        return {
            "place": message.label,
            "reason": headers.get(REASON),
            "origin": f"{headers.get(ORIGIN_PARTITION)} : {headers.get(ORIGIN_OFFSET)}",
            "at": message.at,
            "key": message.key,
            "schema_id": headers.get(SCHEMA_ID),
            "bytes": message.size,
            "sent": message.place in self._sent,
        }
