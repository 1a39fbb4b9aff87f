"""Dead letters: reason, origin, bytes; one or all sent again after the cause was mended."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from nicegui import ui

from contract.kafka.dead_letters import ORIGIN_OFFSET, ORIGIN_PARTITION, REASON, SCHEMA_ID
from contract.kafka.offsets import TopicOffset
from control_center.config import DEAD_LETTERS
from control_center.pipeline import browse
from control_center.pipeline.browse import Shown
from control_center.web.context import AppContext
from control_center.web.ui.components import (
    ErrorBanner,
    Table,
    ask,
    moment,
    section,
    with_error_banner,
)
from control_center.web.ui.layout import frame
from control_center.web.ui.message_picker import MessagePicker
from control_center.web.ui.unmask import Unmask

PATH = "/dead-letters"
SHOWN = 500
COLUMNS = {
    "place": "Letter",
    "reason": "Reason",
    "origin": "Origin (partition : offset)",
    "at": "Refused at",
    "person": "Key",
    "schema_id": "Schema id",
    "bytes": "Bytes",
    "sent": "Sent again",
}
NOTE = (
    "Sent again, a letter goes to the topic it came from, byte by byte, once. Nothing newer is "
    "overwritten. Where its cause is still there it comes back as a new letter. Not sent are "
    "letters of more than 7 days, those that were cut to fit, and those of people whom PostgreSQL "
    "does not hold: make repair corrects those."
)


def register(context: AppContext) -> None:
    @ui.page(PATH)
    async def page(request: Request) -> None:
        with frame(context, request, PATH):
            Page(context, request)


class Page:
    def __init__(self, context: AppContext, request: Request) -> None:
        self._context, self._request = context, request
        self._shown: list[Shown] = []
        self._state = ui.label("Reading…").props('role="status" id=letters')
        ui.label(NOTE).classes("note")
        self._banner = ErrorBanner()
        look = with_error_banner(self._banner, self._look)
        operates = context.reader(request).operates
        with ui.row().classes("ask"):
            ui.button("Read again", on_click=look).props("outline no-caps")
            everything = ui.button(
                "Send all again", on_click=with_error_banner(self._banner, self._all)
            )
            everything.props("no-caps").set_enabled(operates)
            self._unmask = Unmask(context, request, self._banner, self._draw)
        self._table = Table("Dead letters", COLUMNS, "No dead letters", rows=25)
        with section("One letter"):
            with ui.row().classes("ask"):
                self._chosen = MessagePicker("Letter", self._unmasked)
                one = ui.button(
                    "Send it again", on_click=with_error_banner(self._banner, self._one)
                )
                one.props("outline no-caps").set_enabled(operates)
            self._chosen.told()
        ui.timer(0.05, look, once=True)

    async def _look(self, *_: Any) -> None:
        self._context.reader(self._request)
        clients = self._context.clients
        spans = await ask(browse.spans, clients, DEAD_LETTERS)
        count = sum(end for _, end in spans.values())
        self._shown = await ask(browse.browse, clients, DEAD_LETTERS, None, None, SHOWN, spans)
        some = f"; the newest {SHOWN:,} are shown" if count > SHOWN else ""
        self._state.set_text(f"{count:,} dead letters{some}.")
        await self._draw()

    async def _draw(self) -> None:
        self._table.show([self._row(one) for one in self._shown])
        self._chosen.show(self._shown)

    def _unmasked(self, place: str) -> bool:
        return self._unmask.allows(f"dead letter {place}")

    async def _all(self, *_: Any) -> None:
        await self._send(None, "all")

    async def _one(self, *_: Any) -> None:
        if not self._chosen.place:
            raise ValueError("There is no letter to send.")
        partition, offset = map(int, self._chosen.place.split(" : "))
        await self._send([TopicOffset(partition, offset)], f"{partition}:{offset}")

    async def _send(self, places: list[TopicOffset] | None, target: str) -> None:
        principal = self._context.operator(self._request, "send again", target)
        outcome = await ask(self._context.send_again, principal, places, target)
        await self._look()
        self._state.set_text(f"{self._state.text} {outcome}")

    def _row(self, one: Shown) -> dict[str, Any]:
        headers = one.headers
        return {
            "place": one.place,
            "reason": headers.get(REASON),
            "origin": f"{headers.get(ORIGIN_PARTITION)} : {headers.get(ORIGIN_OFFSET)}",
            "at": moment(one.at),
            "person": one.key,
            "schema_id": headers.get(SCHEMA_ID),
            "bytes": one.size,
            "sent": self._context.replay.was_sent(TopicOffset(one.partition, one.offset)),
        }
