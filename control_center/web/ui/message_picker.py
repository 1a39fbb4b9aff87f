"""Lets the user choose one of the messages in a table, and shows it decoded."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from nicegui import ui

from contract.table.table import Table
from control_center.pipeline.browsed_message import BrowsedMessage
from control_center.web.ui.components import pre


class MessagePicker:
    """A field with the places of messages ("partition : offset"). `add_details` adds the chosen
    message as JSON at the position of the call. `unmasked(place)`: may the caller see the personal
    values in this message?"""

    def __init__(self, table: Table, label: str, unmasked: Callable[[str], bool]) -> None:
        self._table = table
        self._messages: Sequence[BrowsedMessage] = ()
        self._unmasked = unmasked
        self._field = ui.select([], label=label, on_change=self._show_details)
        self._field.props("outlined dense options-dense").classes("short")
        self._details: ui.element | None = None

    @property
    def place(self) -> str | None:
        value: str | None = self._field.value
        return value

    def add_details(self) -> None:
        """Creates the element that shows the chosen message."""
        self._details = ui.element("div").props('aria-live="polite"')

    def show(self, messages: Sequence[BrowsedMessage]) -> None:
        """Offers these messages. A choice among them stays, otherwise the first is chosen."""
        self._messages = messages
        places = [message.label for message in messages]
        first = places[0] if places else None
        self._field.set_options(places, value=self.place if self.place in places else first)
        self._show_details()

    def _show_details(self, *_: Any) -> None:
        if self._details is None:
            return
        self._details.clear()
        for message in self._messages:
            if message.label == self.place:
                content = message.to_json(self._table, self._unmasked(message.label))
                with self._details:
                    pre(json.dumps(content, indent=2, ensure_ascii=False, default=str))
