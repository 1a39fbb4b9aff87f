"""The axis of a chart ends below a spike until a user asks for its full height."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from nicegui import Client, ui

from control_center.web.ui.chart import FULL_HEIGHT, Chart

UNIT = "changes/min"
STEADY = [(60.0 * minute, 60.0) for minute in range(100)]
SPIKE = [*STEADY, (6000.0, 100_000.0)]


@pytest.fixture
def client() -> Iterator[Client]:
    page = Client(ui.page("/chart"))
    with page:
        yield page


def element(client: Client, kind: type[Any]) -> Any:
    (match,) = [item for item in client.elements.values() if type(item) is kind]
    return match


def axis_end(client: Client) -> Any:
    return element(client, ui.echart).options["yAxis"]["max"]


def test_a_spike_is_named_and_shown_on_request(client: Client) -> None:
    chart = Chart("Changes per minute", UNIT, ["in Cassandra"])
    switch = element(client, ui.switch)
    assert switch.props["aria-label"] == f"{FULL_HEIGHT}: Changes per minute"
    chart.show({"in Cassandra": STEADY})
    assert (axis_end(client), switch.parent_slot.parent.visible) == (None, False)
    chart.show({"in Cassandra": SPIKE})
    assert (axis_end(client), switch.parent_slot.parent.visible) == (100, True)
    texts = [item.text for item in client.elements.values() if isinstance(item, ui.label)]
    assert any("The highest: 100,000 changes/min at 01:40:00 UTC" in text for text in texts)
    switch.set_value(True)
    assert axis_end(client) is None
    chart.show({"in Cassandra": SPIKE})
    assert axis_end(client) is None
    assert element(client, ui.echart).options["series"][0]["data"][-1] == [6_000_000, 100_000]
