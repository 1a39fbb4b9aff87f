"""Pages open about as quickly with 1,000,000 rows as with a few: no page reads a whole table.

Prints the times of every page, before and after. ROWS=… fills another number of rows.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from contract.stores.postgres import table as postgres
from contract.stores.quoting import quoted
from tests.browser.test_pages import DESKTOP
from tests.browser.visitor import READY, PageTimes, Visitor, open_chromium
from tests.harness import superuser
from tests.harness.platform import INGEST, Platform
from tests.harness.tables import USERS
from tests.harness.wait import eventually

ROWS = int(os.environ.get("ROWS") or 1_000_000)
AT_ONCE = 20_000  # rows of a transaction
LIMIT_S = 3600
OPENINGS = 5
# Times vary between openings. A page that reads a table takes thousands of times as long.
MOST_TIMES = 3.0
TRACE = "dl.facts"


@pytest.fixture
def browser() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser


@pytest.fixture
def quiet(platform: Platform) -> Iterator[None]:
    """A few rows are in all stores, and nothing is fetched."""
    platform.await_run(platform.ingest(50))
    platform.pause(INGEST, True)
    platform.end_runs(INGEST)
    platform.assert_equal_everywhere()
    yield
    platform.pause(INGEST, False)


@pytest.mark.timeout(2 * LIMIT_S)
def test_pages_open_as_quickly_with_many_rows(
    platform: Platform, browser: Browser, quiet: None
) -> None:
    few = measured(platform, browser)
    fill(platform)
    many = measured(platform, browser)
    print(f"\n{'few rows':>10} {f'{ROWS:,}':>10}  ratio  page (p50 of {OPENINGS}, until its data)")
    ratios = {}
    for path, before in few.items():
        ratios[path] = many[path] / before
        print(f"{before:8.2f} s {many[path]:8.2f} s {ratios[path]:6.2f}  {path}")
    assert {path: ratio for path, ratio in ratios.items() if ratio > MOST_TIMES} == {}


def measured(platform: Platform, browser: Browser) -> dict[str, float]:
    """Page → median of the seconds until it shows its data; prints every page once."""
    visitor = Visitor.open_browser(platform, browser, **DESKTOP)
    visitor.log_in("reader")
    visitor.page.wait_for_selector("main h1")
    print(f"\n{platform.count():,} rows\n{PageTimes.HEADER}")
    medians = {}
    for path, (url, ready) in pages(platform).items():
        openings = [visitor.measure(url, ready) for _ in range(OPENINGS)]
        print(openings[-1])
        medians[path] = statistics.median(times.data_s for times in openings)
    visitor.close()
    return medians


def pages(platform: Platform) -> dict[str, tuple[str, str]]:
    """Page → its URL, and the selector that matches when it shows its data: every page, and the
    path of a row by its key and by a value."""
    [(key, email)] = platform.sql(
        f"SELECT id::text, email FROM {postgres.qualified(USERS)}"
        " ORDER BY registered_at, id LIMIT 1"
    )
    known = {path: (path, READY[path]) for path in READY}
    return known | {
        "/row by key": (f"/row?table=users&key={key}", TRACE),
        "/row by a value": (f"/row?table=users&key={email}", TRACE),
    }


def fill(platform: Platform) -> None:
    """Copy a row under new keys inside PostgreSQL, and wait until all copies are delivered."""
    columns = [quoted(column.name) for column in USERS.columns if column not in USERS.key]
    email = quoted("email")
    values = ", ".join(f"number || {email}" if name == email else name for name in columns)
    name = postgres.qualified(USERS)
    began = time.monotonic()
    for first in range(0, ROWS, AT_ONCE):
        last = min(first + AT_ONCE, ROWS) - 1
        superuser.execute(
            platform,
            f"INSERT INTO {name} (id, {', '.join(columns)})"
            f" SELECT gen_random_uuid(), {values}"
            f" FROM (SELECT * FROM {name} ORDER BY registered_at, id LIMIT 1) AS copied,"
            f" generate_series({first}, {last}) AS number",
        )
    print(f"\n{ROWS:,} rows committed after {time.monotonic() - began:.0f} s")

    def all_delivered() -> bool:
        lag = platform.control_center("GET", "/api/probes/lag")["details"]["tables"][USERS.name]
        topic = platform.control_center("GET", "/api/probes/topic")["details"]["tables"]
        on_topic = sum(topic[USERS.name]["end_offsets"].values())
        return bool(on_topic >= ROWS and sum(lag["waiting"].values()) == 0)

    eventually(all_delivered, f"{ROWS:,} rows in Cassandra", LIMIT_S, 10)
    print(f"{ROWS:,} rows delivered after {time.monotonic() - began:.0f} s")
    superuser.execute(platform, f"ANALYZE {name}")
    platform.assert_status_ok()
