"""Messages: the messages of a table's topics, each decoded with its own schema.

The URL has the filters, so that a view can be reloaded, shared, and left by Back.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from nicegui import ui

from contract.errors import InvalidInputError
from contract.kafka.events import OPERATION
from contract.stream.messages_page import PATH
from contract.table.table import Table
from control_center.pipeline import browse
from control_center.pipeline.browse import Query
from control_center.pipeline.browsed_message import BrowsedMessage
from control_center.pipeline.tail import POLL_S, Tail
from control_center.pipeline.versions import OPERATIONS
from control_center.web import inputs
from control_center.web.context import AppContext
from control_center.web.ui.components import ErrorBanner, ask, pre, with_error_banner
from control_center.web.ui.layout import table_page
from control_center.web.ui.message_filters import (
    ON,
    Filters,
    follow_sentence,
    not_searched,
    sentence,
)
from control_center.web.ui.session import PageSession
from control_center.web.ui.table import NAME
from control_center.web.ui.table import Table as Grid
from control_center.web.ui.unmask import UnmaskSwitch

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
NOTE = (
    "A search reads the newest messages first, or those from the given offset or time on. It stops "
    f"after {browse.SEARCH.messages:,} messages or {browse.SEARCH.seconds:.0f} s: Go on continues."
)


def register(context: AppContext) -> None:
    table_page(context, PATH, Page)


class Page:
    def __init__(self, session: PageSession, table: Table) -> None:
        self._session, self._context = session, session.context
        self._messages: list[BrowsedMessage] = []
        self._position = ""
        self._tail: Tail | None = None
        self._filters = Filters.of(session.request.query_params)
        topics = list(browse.topics(table))
        self._chosen_topic = self._filters.topic if self._filters.topic in topics else topics[0]
        self._banner, poll_banner = ErrorBanner(), ErrorBanner()
        self._form(topics)
        self._state = ui.label("Reading…").props("id=scan")
        if not self._filters.follows:  # a sentence every few seconds would be noise
            self._state.props('role="status"')
        go_on = with_error_banner(self._banner, self._go_on)
        self._more = ui.button("Go on", on_click=go_on).props("outline no-caps")
        self._more.set_visibility(False)
        self._table = Grid("Messages", COLUMNS, "No messages", 25, table.name)
        self._table.on_open("offset", self._open)
        self._dialog = ui.dialog().props('aria-label="One message"')
        ui.timer(0.05, with_error_banner(self._banner, self._begin), once=True)
        if self._filters.follows:
            session.every(POLL_S, with_error_banner(poll_banner, self._poll))

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
            self._contains = ui.input("Text in key, value or header", value=filters.contains)
            self._contains.classes("grow").props(f"maxlength={inputs.LONGEST_SEARCH}")
            for field in (self._partition, self._offset):
                field.props("inputmode=numeric maxlength=18")
            fields = (self._partition, self._offset, self._since, self._key, self._contains)
            for field in fields:
                field.props("outlined dense").on("keydown.enter", search)
            ui.button("Show", on_click=search).props("no-caps")
            self._follow = ui.switch("Follow", value=filters.follows)
            self._follow.on_value_change(self._follow_changed)
            self._follow.props["aria-label"] = "Follow"
            download = with_error_banner(self._banner, self._download)
            ui.button("Download as JSON", on_click=download).props("outline no-caps")
            self._unmask = UnmaskSwitch(self._session, self._banner, self._unmasked)
        ui.label(NOTE).classes("note")

    async def _search(self, *_: Any) -> None:
        filters = Filters(
            topic=self._topic.value,
            partition=self._partition.value or "",
            offset=self._offset.value or "",
            since=self._since.value or "",
            key=self._key.value or "",
            contains=self._contains.value or "",
            follow=ON if self._follow.value else "",
        )
        self._validated(filters)
        ui.navigate.to(filters.url(self._session.table))

    async def _follow_changed(self, *_: Any) -> None:
        """Is also called when an error sets the switch back, and then keeps the banner with that
        error."""
        if self._follow.value != self._filters.follows:
            await with_error_banner(self._banner, self._switch_follow)()

    async def _switch_follow(self, *_: Any) -> None:
        try:
            await self._search()
        except InvalidInputError:
            self._follow.set_value(self._filters.follows)
            raise

    def _validated(self, filters: Filters) -> Query:
        """Input with an error is logged."""
        principal = self._session.reader()
        try:
            return filters.query(self._chosen_topic)
        except InvalidInputError as error:
            self._session.invalid(principal, ACTION, error.cause, self._session.table.name)
            raise

    async def _begin(self, *_: Any) -> None:
        """Reads the messages, or begins to follow them."""
        query = self._validated(self._filters)
        clients, table = self._context.clients, self._session.table
        unmasked = bool(query.contains) and self._unmask.allows(f"{self._chosen_topic} search")
        if self._filters.follows:
            self._tail = Tail(clients, table, query, unmasked)
            return
        self._state.set_text("Searching…" if query.searches else "Reading…")
        try:
            page = await ask(lambda: browse.browse(clients, table, query, unmasked=unmasked))
        except Exception:
            self._state.set_text("")
            raise
        self._messages = page.messages
        self._position = inputs.position_text(page.scanned.position)
        self._more.set_visibility(page.scanned.remaining > 0)
        self._state.set_text(sentence(page) + not_searched(query, table, unmasked))
        self._draw()

    async def _go_on(self, *_: Any) -> None:
        """Shows the next messages, and keeps the position in the URL."""
        self._filters = replace(self._filters, position=self._position)
        ui.navigate.history.replace(self._filters.url(self._session.table))
        await self._begin()

    async def _poll(self) -> None:
        tail, paused = self._tail, bool(self._dialog.value)
        if tail is None:
            return
        if not paused:
            new = await ask(tail.poll)
            if new:
                self._messages = tail.messages
                self._draw()
        self._state.set_text(follow_sentence(tail, paused))

    async def _unmasked(self) -> None:
        """A text is searched in personal columns too, or no longer."""
        if self._filters.contains.strip():
            await self._begin()

    def _draw(self) -> None:
        self._table.show([_row(message) for message in self._messages])

    def _open(self, place: str) -> None:
        """Shows one message with its headers in a dialog, if the list still has it."""
        message = next((item for item in self._messages if item.label == place), None)
        if message is None:
            return
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
        NAME: message.label,
        "partition": message.place.partition,
        "offset": str(message.place.offset),
        "at": message.at,
        "key": message.key,
        "op": OPERATIONS.get(operation, operation),
        "schema_id": str(message.schema_id) if message.schema_id is not None else None,
        "bytes": message.size,
        "undecodable": message.undecodable,
    }
