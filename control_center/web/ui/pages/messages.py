"""Message browser: what is on the topics, decoded by each message's own schema."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from nicegui import ui

from contract.kafka.events import OPERATION
from control_center.pipeline import browse
from control_center.pipeline.browse import Shown
from control_center.web.api import inputs
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

PATH = "/messages"
COLUMNS = {
    "partition": "Partition",
    "offset": "Offset",
    "at": "At",
    "person": "Key",
    "op": "Change",
    "schema_id": "Schema id",
    "bytes": "Bytes",
    "fault": "Not decodable",
}


def register(context: AppContext) -> None:
    @ui.page(PATH)
    async def page(request: Request) -> None:
        with frame(context, request, PATH):
            Page(context, request)


class Page:
    def __init__(self, context: AppContext, request: Request) -> None:
        self._context, self._request = context, request
        self._shown: list[Shown] = []
        self._banner = ErrorBanner()
        look = with_error_banner(self._banner, self._look)
        with ui.row().classes("ask"):
            self._topic = ui.select(list(browse.TOPICS), value=browse.TOPICS[0], label="Topic")
            self._topic.props("outlined dense options-dense").classes("short")
            self._partition = ui.input("Partition (all)").props("outlined dense maxlength=18")
            self._offset = ui.input("From offset (newest)").props("outlined dense maxlength=18")
            for field in (self._partition, self._offset):
                field.props("inputmode=numeric").on("keydown.enter", look)
            ui.button("Show", on_click=look).props("no-caps")
            self._unmask = Unmask(context, request, self._banner, self._draw)
        self._table = Table("Messages", COLUMNS, "No messages there", rows=25)
        with section("Decoded"):
            self._chosen = MessagePicker("Partition : offset", self._unmasked)
            self._chosen.told()
        ui.timer(0.05, look, once=True)

    async def _look(self, *_: Any) -> None:
        principal = self._context.reader(self._request)
        try:
            partition = inputs.number(self._partition.value, "partition")
            offset = inputs.number(self._offset.value, "offset")
        except inputs.UnfitError as error:
            self._context.audit.write(principal, "browse messages", "", "refused", cause=str(error))
            raise
        topic = self._topic.value
        self._shown = await ask(browse.browse, self._context.clients, topic, partition, offset)
        await self._draw()

    async def _draw(self) -> None:
        self._table.show([_row(one) for one in self._shown])
        self._chosen.show(self._shown)

    def _unmasked(self, place: str) -> bool:
        return self._unmask.allows(f"{self._topic.value} {place}")


def _row(one: Shown) -> dict[str, Any]:
    return {
        "partition": one.partition,
        "offset": str(one.offset),
        "at": moment(one.at, "milliseconds"),
        "person": one.key,
        "op": (one.record or {}).get(OPERATION),
        "schema_id": str(one.schema_id) if one.schema_id is not None else None,
        "bytes": one.size,
        "fault": one.undecodable,
    }
