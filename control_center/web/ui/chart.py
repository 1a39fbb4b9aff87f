"""A chart of lines over time, with its title. All times are UTC, as everywhere on the pages.

The axis does not follow a spike that would flatten the other values (axis_limit.py): a sentence
above the chart names the spike, and a switch shows its full height.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from control_center.web.ui.axis_limit import AxisLimit, Points, axis_limit

COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"]  # distinct also for colour-blind people
AXIS = "#7a7a7a"  # legible on the light and on the dark page
DASHES = ["solid", "dashed", "dotted", "solid"]
FULL_HEIGHT = "Full height"


class Chart:
    """`title` is visible, and describes the chart for screen readers; `unit` is the unit of the
    vertical axis."""

    def __init__(self, title: str, unit: str, names: Sequence[str]) -> None:
        self._names, self._unit = list(names), unit
        self._limit: AxisLimit | None = None
        with ui.element("figure").classes("figure") as self._figure:
            with ui.element("figcaption"):
                ui.label(title)
            with ui.element("div").classes("peak") as self._peak:
                self._sentence = ui.label().classes("note")
                self._full = ui.switch(FULL_HEIGHT, on_change=self._draw).props("dense")
                self._full.props["aria-label"] = f"{FULL_HEIGHT}: {title}"
            self._peak.set_visibility(False)
            self._element = (
                ui.echart(
                    {
                        "aria": {"enabled": True, "label": {"description": title}},
                        "animation": False,
                        "color": COLOURS,
                        "grid": {"left": 64, "right": 44, "top": 56, "bottom": 28},
                        "legend": {"top": 0, "right": 0, "textStyle": {"color": AXIS}},
                        "tooltip": {"trigger": "axis"},
                        "useUTC": True,
                        "xAxis": {
                            "type": "time",
                            "name": "UTC",
                            "nameLocation": "end",
                            "nameTextStyle": {"color": AXIS},
                            "axisLabel": {"color": AXIS, "hideOverlap": True},
                        },
                        "yAxis": {
                            "type": "value",
                            "name": unit,
                            "min": 0,
                            "nameTextStyle": {"color": AXIS},
                            "axisLabel": {"color": AXIS},
                            "splitLine": {"lineStyle": {"color": "#8884"}},
                        },
                        "series": [
                            {
                                "name": name,
                                "type": "line",
                                "showSymbol": False,
                                "lineStyle": {"type": DASHES[number % len(DASHES)]},
                                "data": [],
                            }
                            for number, name in enumerate(self._names)
                        ],
                    }
                )
                .classes("chart")
                .props(f'role="img" aria-label="{title}"')
            )

    def show(self, lines: Mapping[str, Points], hours: float | None = None) -> None:
        """Draws the lines: name → points. A line without points is empty. The axis covers the last
        `hours`, also where there are no points; None: from the first point to the last."""
        if hours is not None:
            now = round(time.time() * 1000)
            self._element.options["xAxis"] |= {"min": now - round(hours * 3_600_000), "max": now}
        for series in self._element.options["series"]:
            points = lines.get(series["name"], [])
            series["data"] = [[round(at * 1000), round(value, 3)] for at, value in points]
        self._limit = axis_limit(lines)
        self._draw()

    def _draw(self, *_: Any) -> None:
        self._peak.set_visibility(self._limit is not None)
        limit = None
        if self._limit is not None:
            self._sentence.set_text("" if self._full.value else self._limit.sentence(self._unit))
            limit = None if self._full.value else self._limit.value
        self._element.options["yAxis"]["max"] = limit
        self._element.update()

    def set_visibility(self, visible: bool) -> None:
        self._figure.set_visibility(visible)
