"""A day of history at 200 rows/s: pages open quickly, and keeping it costs little."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_pages import DESKTOP
from tests.browser.visitor import READY
from tests.harness.history import a_day
from tests.harness.platform import Platform
from tests.harness.prometheus import assert_costs_little

RATE = 200
# JavaScript: do both charts have at least this many points?
DRAWN = """least => [...document.querySelectorAll('.chart')].filter(one => one.checkVisibility())
    .filter(one => getElement(Number(one.id.slice(1))).chart.getOption().series[0].data.length
        >= least).length == 2"""


@pytest.fixture(scope="module")
def day(platform: Platform, keys: list[str]) -> Iterator[int]:
    with a_day(platform, RATE) as samples:
        yield samples


@pytest.mark.timeout(900)
def test_pages_open_with_a_day_of_history(visit: Visit, day: int) -> None:
    visitor = visit("reader", **DESKTOP)
    print(f"\n{day:,} samples of a day")
    for path in ("/", "/stages", "/alerts"):
        visitor.open(path)
        print(f"{path}: {visitor.open(path):.2f} s")
    assert set(READY) >= {"/", "/stages", "/alerts"}
    began = time.monotonic()
    visitor.open("/")
    visitor.page.wait_for_function(DRAWN, arg=150)
    print(f"/ with both charts of 3 hours: {time.monotonic() - began:.2f} s")
    visitor.page.get_by_label("Over the last").click()
    began = time.monotonic()
    visitor.page.get_by_role("option", name="24 hours").click()
    visitor.page.wait_for_function(DRAWN, arg=230)
    print(f"both charts of 24 hours: {time.monotonic() - began:.2f} s")
    assert visitor.problems == []


@pytest.mark.timeout(900)
def test_it_costs_little_at_rest(platform: Platform, day: int) -> None:
    time.sleep(60)  # the platform at rest is measured
    assert_costs_little(platform, "control-center", "prometheus")
