"""Dead letters: reason, origin and bytes. An operator sends one or all again after the cause is
fixed."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from nicegui import ui

from contract.errors import InvalidInputError
from contract.kafka.dead_letters import ORIGIN_OFFSET, ORIGIN_PARTITION, REASON, SCHEMA_ID
from contract.kafka.offsets import TopicOffset
from control_center.config import COMPONENT, DEAD_LETTERS
from control_center.pipeline import browse
from control_center.pipeline.browse import BrowsedMessage
from control_center.web.context import REPLAY, AppContext
from control_center.web.ui.components import (
    ErrorBanner,
    Table,
    ask,
    moment,
    operator_button,
    section,
    with_error_banner,
)
from control_center.web.ui.layout import layout
from control_center.web.ui.message_picker import MessagePicker
from control_center.web.ui.session import PageSession
from control_center.web.ui.unmask import UnmaskSwitch

PATH = "/dead-letters"
SHOWN = 500
COLUMNS = {
    "place": "Dead letter",
    "reason": "Reason",
    "origin": "Origin (partition : offset)",
    "at": "Refused at",
    "person": "Key",
    "schema_id": "Schema id",
    "bytes": "Bytes",
    "sent": "Sent again",
}
NOTE = (
    "A dead letter is sent again to its original topic, with the same bytes, and only once. It "
    "does not overwrite newer data. While its cause remains, it comes back as a new dead letter. "
    "Three kinds are not sent: those older than 7 days, cut to fit the topic, or of people whom "
    "PostgreSQL does not hold. make repair corrects their people."
)


def register(context: AppContext) -> None:
    @ui.page(PATH)
    async def page(request: Request) -> None:
        with layout(context, request, PATH) as session:
            Page(session)


class Page:
    def __init__(self, session: PageSession) -> None:
        self._session, self._context = session, session.context
        self._messages: list[BrowsedMessage] = []
        self._state = ui.label("Reading…").props('role="status" id=dead-letters')
        ui.label(NOTE).classes("note")
        self._banner = ErrorBanner()
        read = with_error_banner(self._banner, self._read)
        principal = session.reader()
        with ui.row().classes("ask"):
            ui.button("Read again", on_click=read).props("outline no-caps")
            send_all = with_error_banner(self._banner, self._send_all)
            operator_button("Send all again", send_all, principal)
            self._unmask = UnmaskSwitch(session, self._banner, self._draw)
        self._table = Table("Dead letters", COLUMNS, "No dead letters", rows=25)
        with section("One dead letter"):
            with ui.row().classes("ask"):
                self._picker = MessagePicker("Dead letter", self._unmasked)
                send_one = with_error_banner(self._banner, self._send_one)
                operator_button("Send it again", send_one, principal, "outline")
            self._picker.add_details()
        ui.timer(0.05, read, once=True)

    async def _read(self, *_: Any) -> None:
        self._session.reader()
        clients = self._context.clients
        spans = await ask(browse.spans, clients, DEAD_LETTERS)
        count = sum(end for _, end in spans.values())
        self._messages = await ask(browse.browse, clients, DEAD_LETTERS, None, None, SHOWN, spans)
        limit = f"; the newest {SHOWN:,} are shown" if count > SHOWN else ""
        self._state.set_text(f"{count:,} dead letters{limit}.")
        await self._draw()

    async def _draw(self) -> None:
        self._table.show([self._row(message) for message in self._messages])
        self._picker.show(self._messages)

    def _unmasked(self, place: str) -> bool:
        return self._unmask.allows(f"dead letter {place}")

    async def _send_all(self, *_: Any) -> None:
        await self._send(None, "all")

    async def _send_one(self, *_: Any) -> None:
        self._session.operator(REPLAY)
        if not self._picker.place:
            raise InvalidInputError(COMPONENT, "no dead letter is chosen")
        partition, offset = map(int, self._picker.place.split(" : "))
        await self._send([TopicOffset(partition, offset)], f"{partition}:{offset}")

    async def _send(self, places: list[TopicOffset] | None, target: str) -> None:
        principal = self._session.operator(REPLAY, target)
        outcome = await ask(self._context.send_again, principal, places, target)
        await self._read()
        self._state.set_text(f"{self._state.text} {outcome}")

    def _row(self, message: BrowsedMessage) -> dict[str, Any]:
        headers = message.headers
        return {
            "place": message.label,
            "reason": headers.get(REASON),
            "origin": f"{headers.get(ORIGIN_PARTITION)} : {headers.get(ORIGIN_OFFSET)}",
            "at": moment(message.at),
            "person": message.key,
            "schema_id": headers.get(SCHEMA_ID),
            "bytes": message.size,
            "sent": self._context.replay.was_sent(message.place),
        }
