"""One of the messages that a table shows, chosen by its place and told in full."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from nicegui import ui

from control_center.pipeline.browse import Shown
from control_center.web.ui.components import pre


class MessagePicker:
    """A field of places ("partition : offset"), and below it, where `told` puts it, the chosen
    message as JSON; `unmasked(place)`: may its person be read?"""

    def __init__(self, label: str, unmasked: Callable[[str], bool]) -> None:
        self._shown: Sequence[Shown] = ()
        self._unmasked = unmasked
        self._field = ui.select([], label=label, on_change=self._tell)
        self._field.props("outlined dense options-dense").classes("short")
        self._message: ui.element | None = None

    @property
    def place(self) -> str | None:
        return self._field.value

    def told(self) -> None:
        self._message = ui.element("div").props('aria-live="polite"')

    def show(self, shown: Sequence[Shown]) -> None:
        """Chooses among these; what was chosen stays chosen, else it is the first."""
        self._shown = shown
        places = [one.place for one in shown]
        first = places[0] if places else None
        self._field.set_options(places, value=self.place if self.place in places else first)
        self._tell()

    def _tell(self, *_: Any) -> None:
        if self._message is None:
            return
        self._message.clear()
        for one in self._shown:
            if one.place == self.place:
                message = one.as_json(self._unmasked(one.place))
                with self._message:
                    pre(json.dumps(message, indent=2, ensure_ascii=False, default=str))
