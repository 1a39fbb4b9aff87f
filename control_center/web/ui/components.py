"""Small elements that several pages use."""

from __future__ import annotations

import math
from asyncio import CancelledError
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote

from nicegui import run, ui

from contract.errors import ComponentError
from control_center.web.auth.roles import Principal
from control_center.web.errors import error_text

T = TypeVar("T")

Action = Callable[..., Awaitable[None]]
NOTHING = "\N{EN DASH}"
# State → its text: a sign and a word, so that colour is not the only difference.
SIGNS = {"ok": "✓ ok", "warn": "! warn", "fail": "✕ fail"}


async def ask(question: Callable[..., T], *arguments: Any) -> T:
    """The result of a function that waits for a component, without blocking other pages."""
    answer: T | None = await run.io_bound(question, *arguments)
    if answer is None:  # io_bound returns None when the user has left the page in the meantime
        raise CancelledError
    return answer


@contextmanager
def section(title: str, key: str = "") -> Iterator[ui.element]:
    """A part of the page with its own heading."""
    label = key or title.lower().replace(" ", "-")
    with ui.element("section").props(f'aria-labelledby="h-{label}" id="{label}"') as box:
        with ui.element("h2").props(f'id="h-{label}"'):
            ui.label(title)
        yield box


class Table:
    """A table whose rows change; columns are name → heading, values are shown as text. `keys_of`:
    the name of the deployed table whose rows the column `key` links to."""

    def __init__(
        self,
        label: str,
        columns: Mapping[str, str],
        empty: str,
        rows: int = 0,
        keys_of: str = "",
    ) -> None:
        self._names = list(columns)
        self.element = (
            ui.table(
                columns=[
                    {
                        "name": name,
                        "label": heading,
                        "field": name,
                        "align": "left",
                        "sortable": True,
                    }
                    for name, heading in columns.items()
                ],
                rows=[],
                row_key="_",
                pagination=rows or None,
            )
            .props(f'flat dense wrap-cells aria-label="{label}" no-data-label="{empty}"')
            .classes("data")
        )
        self.element.add_slot(
            "body-cell-state",
            """<q-td :props="props"><span :class="'state ' + props.value.split(' ')[1]">
            {{ props.value.split(' ').length > 2 ? props.value.split(' ').toSpliced(1, 1).join(' ')
               : props.value }}</span></q-td>""",
        )
        if keys_of:
            self.element.add_slot(
                "body-cell-key",
                f"""<q-td :props="props"><a :href="'/row?table={quote(keys_of)}&amp;key='
                + encodeURIComponent(props.value)">{{{{ props.value }}}}</a></q-td>""",
            )

    def show(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Shows these rows, in this order. `state` is one of SIGNS, or "sign kind word" to show
        that word."""
        wanted = [
            {"_": number} | {name: _text(row.get(name)) for name in self._names}
            for number, row in enumerate(rows)
        ]
        if wanted != self.element.rows:
            self.element.rows = wanted


class ErrorBanner:
    """A line with the error; hidden while there is none."""

    def __init__(self) -> None:
        self._line = ui.label().classes("fault").props('role="alert"')
        self._line.set_visibility(False)

    def show(self, text: str) -> None:
        """An empty text hides the line."""
        self._line.set_text(text)
        self._line.set_visibility(bool(text))


def with_error_banner(
    banner: ErrorBanner, act: Callable[..., Awaitable[None]]
) -> Callable[..., Awaitable[None]]:
    """A handler that runs `act` and shows its errors in the banner, with component, cause and
    remedy."""

    async def handler(*arguments: Any) -> None:
        try:
            await act(*arguments)
            banner.show("")
        except ComponentError as error:
            banner.show(error_text(error))
        except Exception as error:
            cause = f"control-center: the action failed ({type(error).__name__})."
            banner.show(f"{cause} See make logs S=control-center.")
            raise

    return handler


def operator_button(
    text: str, on_click: Callable[..., Awaitable[None]], principal: Principal, style: str = ""
) -> ui.button:
    """A button for an action of operators. It is disabled for readers. A click that a reader forges
    still reaches `on_click`, which refuses the action and logs that."""
    button = ui.button(text, on_click=on_click).props(f"{style} no-caps")
    button.set_enabled(principal.operates)
    button.ignores_events_when_disabled = False
    return button


def description_list(values: Mapping[str, Any]) -> None:
    """Names and values as a description list."""
    with ui.element("dl").classes("facts"):
        for name, value in values.items():
            with ui.element("dt"):
                ui.label(name.replace("_", " "))
            with ui.element("dd"):
                ui.label(_text(value))


def pre(text: str) -> None:
    """Text with its line breaks and spaces."""
    with ui.element("pre").props("tabindex=0"):
        ui.label(text)


def clock(moment: float | datetime | None) -> str:
    """Time of day in UTC of epoch seconds or a datetime."""
    if moment is None:
        return NOTHING
    if not isinstance(moment, datetime):
        moment = datetime.fromtimestamp(moment, UTC)
    return moment.astimezone(UTC).strftime("%H:%M:%S")


def moment(at: datetime | None, timespec: str = "seconds") -> str | None:
    """Date and time of day of an aware UTC datetime, without the offset."""
    return at.isoformat(sep=" ", timespec=timespec)[:-6] if at else None


def size(bytes_: float | None) -> str:
    """1,234,567 → "1.2 MiB"; a dash for an unknown size (None, NaN)."""
    if bytes_ is None or math.isnan(bytes_):
        return NOTHING
    for unit in ("B", "KiB", "MiB"):
        if bytes_ < 1024:
            return f"{bytes_:,.0f} {unit}" if unit == "B" else f"{bytes_:,.1f} {unit}"
        bytes_ /= 1024
    return f"{bytes_:,.1f} GiB"


def _text(value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.3f}" if abs(value) < 1 else f"{value:,.1f}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_text(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value)) or NOTHING
    return str(value)
