"""A chart of lines over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nicegui import ui

# (epoch seconds, value), oldest first
Points = Sequence[tuple[float, float]]

COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"]  # distinct also for colour-blind people
DASHES = ["solid", "dashed", "dotted", "solid"]


class Chart:
    """`label` describes the chart for screen readers; `unit` is the unit of the vertical axis."""

    def __init__(self, label: str, unit: str, names: Sequence[str]) -> None:
        self._names = list(names)
        self._element = (
            ui.echart(
                {
                    "aria": {"enabled": True, "label": {"description": label}},
                    "animation": False,
                    "color": COLOURS,
                    "grid": {"left": 56, "right": 16, "top": 48, "bottom": 28},
                    "legend": {"top": 4, "textStyle": {"color": "#888"}},
                    "tooltip": {"trigger": "axis"},
                    "xAxis": {"type": "time", "axisLabel": {"color": "#888"}},
                    "yAxis": {
                        "type": "value",
                        "name": unit,
                        "min": 0,
                        "nameTextStyle": {"color": "#888"},
                        "axisLabel": {"color": "#888"},
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
            .props(f'role="img" aria-label="{label}"')
        )

    def show(self, lines: Mapping[str, Points]) -> None:
        """Draws the lines: name → points. A line without points is empty."""
        for series in self._element.options["series"]:
            points = lines.get(series["name"], [])
            series["data"] = [[round(at * 1000), round(value, 3)] for at, value in points]
        self._element.update()

    def set_visibility(self, visible: bool) -> None:
        self._element.set_visibility(visible)
