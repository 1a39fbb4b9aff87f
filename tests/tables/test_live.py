"""A table with many rows is added, gets a column, and is removed, while users takes 200 rows/s."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone

import pytest

from contract.table.table import Table
from tests.harness.delivery import delivery
from tests.harness.equality import assert_equal_rows
from tests.harness.erase import erase
from tests.harness.platform import Platform
from tests.harness.replay import upserts_since
from tests.harness.rows import insert_many
from tests.harness.settings import LONG
from tests.harness.tables import USERS
from tests.harness.wait import eventually
from tests.harness.work_copy import WorkCopy

ROWS = 200_000 if LONG else 20_000
RATE = 200  # rows/s
BEFORE_S = 60 if LONG else 25
# How many times the p99 of users may grow. A short run on a busy machine has few batches.
SLOWER = 1.5 if LONG else 6
FILLED_AT_ONCE, FILL_INTERVAL_S = 500, 0.25  # rows of a transaction; one after the other

FILE = """\
key = ["sensor"]
clustering = ["at"]

[columns]
sensor = "int4"
at = "timestamptz(3)"
value = "float8"
"""
MADE = f"""\
CREATE TABLE public.measurements (
    sensor integer, at timestamptz(3), value double precision NOT NULL, PRIMARY KEY (sensor, at)
);
INSERT INTO public.measurements
SELECT mod(n, 100), '2026-01-01'::timestamptz + n * interval '1 second', random()
FROM generate_series(1, {ROWS}) AS n;
"""
FILLED = """\
UPDATE public.measurements SET note = 'n ' || sensor
WHERE at > '2026-01-01'::timestamptz + %s * interval '1 second'
    AND at <= '2026-01-01'::timestamptz + %s * interval '1 second';
"""


@contextmanager
def rows_flow(platform: Platform) -> Iterator[None]:
    """Insert RATE rows/s into users, in transactions of a tenth of a second."""
    stop, error = threading.Event(), []

    def write() -> None:
        try:
            due = time.monotonic()
            while not stop.is_set():
                insert_many(platform, USERS, RATE // 10)
                due += 0.1
                stop.wait(due - time.monotonic())
        except BaseException as raised:
            error.append(raised)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    assert not error, error


@pytest.mark.timeout(1800)
def test_users_flows_while_a_table_comes_changes_and_goes(
    platform: Platform, copy: WorkCopy
) -> None:
    platform.assert_status_ok()
    platform.sql(MADE, role="application")
    with rows_flow(platform):
        time.sleep(5)  # until the flow is even
        begin = _now()
        time.sleep(BEFORE_S)
        middle = _now()
        _add(platform, copy)
        table = _add_column(platform, copy)
        copy.remove(table.name)
        end = _now()
    platform.assert_equal_everywhere(USERS.name)
    before = delivery(platform, USERS, begin, middle)
    during = delivery(platform, USERS, middle, end)
    print(f"\nusers before: {before}\nusers during: {during}")
    assert during.p99_ms <= SLOWER * before.p99_ms
    erase(platform, table)
    platform.assert_status_ok()


def _add(platform: Platform, copy: WorkCopy) -> None:
    began, since = time.monotonic(), _now()
    table = copy.put("measurements", FILE)
    copy.deploy()
    _await_equal(platform, table, since)
    print(f"\n{ROWS:,} rows of a new table after {time.monotonic() - began:.0f} s")


def _add_column(platform: Platform, copy: WorkCopy) -> Table:
    began, since = time.monotonic(), _now()
    table = copy.put("measurements", f'{FILE}note = "text null"\n')
    plan = copy.deploy()["plan"]
    assert plan["measurements"]["action"] == "alter"
    _fill(platform)
    _await_equal(platform, table, since)
    print(f"a column filled in all rows after {time.monotonic() - began:.0f} s")
    return table


def _fill(platform: Platform) -> None:
    """Rows of other tables wait behind a transaction (docs/tables.md, Limits)."""
    for first in range(0, ROWS, FILLED_AT_ONCE):
        due = time.monotonic() + FILL_INTERVAL_S
        platform.sql(FILLED, (first, first + FILLED_AT_ONCE), role="application")
        time.sleep(max(0, due - time.monotonic()))


def _await_equal(platform: Platform, table: Table, since: datetime) -> None:
    """Wait until as many rows were written as the table has; then they are equal."""
    moment = since.replace(tzinfo=None)
    written = f"{ROWS} rows of {table.name} are written"
    eventually(lambda: upserts_since(platform, table, moment) >= ROWS, written, 900, pause_s=2)

    def equal() -> bool:
        assert assert_equal_rows(platform, table) == ROWS
        return True

    eventually(equal, f"the rows of {table.name} are equal", 60, pause_s=5)


def _now() -> datetime:
    return datetime.now(timezone.utc)
