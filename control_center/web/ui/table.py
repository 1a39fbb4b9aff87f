"""A table whose rows change, sorted by the values and not by their texts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from nicegui import ui

from control_center.web.ui import instant

NOTHING = "\N{EN DASH}"
# The field of a row that holds the values by which the columns are sorted.
ORDER = "_order"
# The field of a row that names it, also when other rows take its place; by default its number.
NAME = "_name"
# The field of a row with the URL to which the column `links` leads, or "".
LINK = "_link"
REDRAW_S = 30.0  # so that "3 min ago" stays true

# Empty cells come last. Texts with numbers are compared by the numbers: "0 : 9" before "0 : 12".
_SORT = """(a, b, one, other) => {
  const x = one._order[%(name)s], y = other._order[%(name)s];
  if (x === y) return 0;
  if (x === null) return 1;
  if (y === null) return -1;
  return typeof x === 'number' && typeof y === 'number'
    ? x - y : String(x).localeCompare(String(y), 'en', {numeric: true});
}"""
# Quasar's own header says nothing to screen readers, and cannot be reached by Tab.
_HEADER = """<q-th :props="props" tabindex="0" scope="col" @keydown.enter="props.sort(props.col)"
  @keydown.space.prevent="props.sort(props.col)" :aria-sort="!props.col.__thClass.includes('sorted')
    ? 'none' : props.col.__thClass.includes('sort-desc') ? 'descending' : 'ascending'"
  >{{ props.col.label }}</q-th>"""
# On a narrow screen the heading stands beside the cell (style.css).
_TD = '<q-td :props="props" :data-label="props.col.label">'
_CELL = _TD + "<span>{{ props.value }}</span></q-td>"
_STATE = (
    _TD
    + """<span :class="'state ' + props.value.split(' ')[1]">
  {{ props.value.split(' ').length > 2 ? props.value.split(' ').toSpliced(1, 1).join(' ')
     : props.value }}</span></q-td>"""
)
_KEY = (
    _TD
    + """<a @click.stop :href="'/row?table=%s&amp;key=' + encodeURIComponent(props.value)"
  >{{ props.value }}</a></q-td>"""
)
_LINK = (
    _TD
    + """<a v-if="props.row._link" :href="props.row._link">{{ props.value }}</a>
  <span v-else>{{ props.value }}</span></q-td>"""
)
_BUTTON = _TD + """<button type="button" class="as-link">{{ props.value }}</button></q-td>"""


@dataclass(frozen=True)
class Shown:
    """A value whose text does not tell its place in the order, such as "1.5 MiB"."""

    text: str
    order: float | str | None


def size(bytes_: float | None) -> Shown:
    """1,234,567 → "1.2 MiB"; a dash for an unknown size (None, NaN)."""
    if bytes_ is None or math.isnan(bytes_):
        return Shown(NOTHING, None)
    amount = float(bytes_)
    for unit in ("B", "KiB", "MiB"):
        if amount < 1024:
            return Shown(f"{amount:,.0f} B" if unit == "B" else f"{amount:,.1f} {unit}", bytes_)
        amount /= 1024
    return Shown(f"{amount:,.1f} GiB", bytes_)


def milliseconds(value: float | None) -> Shown:
    """1234 → "1,234 ms"."""
    return Shown(NOTHING, None) if value is None else Shown(f"{value:,} ms", value)


class Table:
    """`columns`: name → heading. `empty`: the sentence of a table without rows. `rows`: on one page
    of the table, 0 for all. `keys_of`: the name of the deployed table whose rows the column `key`
    links to. `links`: the column that links to the row's LINK."""

    def __init__(
        self,
        label: str,
        columns: Mapping[str, str],
        empty: str,
        rows: int = 0,
        keys_of: str = "",
        links: str = "",
    ) -> None:
        self._names = list(columns)
        self._shown: Sequence[Mapping[str, Any]] = ()
        self.element = (
            ui.table(
                columns=[_column(name, heading) for name, heading in columns.items()],
                rows=[],
                row_key="_",
                pagination=rows or None,
            )
            .props(f'flat dense wrap-cells aria-label="{label}"')
            .classes("data")
        )
        self.element.add_slot("header-cell", _HEADER)
        self.element.add_slot("body-cell", _CELL)
        self.element.add_slot("body-cell-state", _STATE)
        # Quasar's own sentence has the sign of a warning before it.
        self.element.add_slot("no-data", f'<div class="empty">{empty}</div>')
        if keys_of:
            self.element.add_slot("body-cell-key", _KEY % quote(keys_of))
        if links:
            self.element.add_slot(f"body-cell-{links}", _LINK)
        ui.timer(REDRAW_S, self._redraw)

    def on_open(self, column: str, opened: Callable[[str], None]) -> None:
        """`opened` gets the NAME of the row that the user clicks, or opens by the button in this
        column, which Tab reaches."""
        self.element.classes("opens").add_slot(f"body-cell-{column}", _BUTTON)
        self.element.on("rowClick", lambda event: opened(str(event.args[1]["_"])), [[], ["_"], []])

    def show(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Shows these rows, in this order. `state` is one of SIGNS, or "sign kind word" to show
        that word."""
        self._shown = rows
        self._redraw()

    def _redraw(self) -> None:
        wanted = table_rows(self._names, self._shown)
        if wanted != self.element.rows:
            self.element.rows = wanted


def table_rows(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows for Quasar: the text of each column, and under ORDER what it is sorted by."""
    return [
        {"_": row.get(NAME, number), LINK: row.get(LINK, "")}
        | {name: text(row.get(name)) for name in names}
        | {ORDER: {name: _order(row.get(name)) for name in names}}
        for number, row in enumerate(rows)
    ]


def text(value: Any) -> str:
    """A value as the pages show it."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, Shown):
        return value.text
    if (at := instant.parse(value)) is not None:
        return instant.absolute_and_relative(at)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.3f}" if abs(value) < 1 else f"{value:,.1f}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {text(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(text, value)) or NOTHING
    return str(value)


def _order(value: Any) -> float | str | None:
    if value is None or value == "":
        return None
    if isinstance(value, Shown):
        return value.order
    if (at := instant.parse(value)) is not None:
        return at.timestamp()
    return value if isinstance(value, int | float) else text(value)


def _column(name: str, heading: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": heading,
        "field": name,
        "align": "left",
        "sortable": True,
        ":sort": _SORT % {"name": f"'{name}'"},
    }
