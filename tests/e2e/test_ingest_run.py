"""A run of Airflow stores rows, sees that capture sent them, and reports where they are."""

from __future__ import annotations

from typing import Any

from cli.clients.airflow import Airflow
from tests.harness.platform import INGEST, Platform
from tests.harness.wait import eventually

ROWS = 40
CAPTURED_S = 60  # a heartbeat every 10 s, confirmed within 5 s, and two checks


def test_a_run_reports_its_rows_and_where_they_are(platform: Platform) -> None:
    run = platform.ingest(ROWS)
    platform.await_end(run)
    report = _report(platform, run)
    counts = {name: report[name] for name in ("fetched", "stored", "rejected")}
    assert counts == {"fetched": ROWS, "stored": ROWS, "rejected": 0}
    assert report["captured_s"] < CAPTURED_S
    assert report["streaming"] == "running"
    port = platform.installation.ports["control-center"]
    assert report["page"].startswith(f"http://127.0.0.1:{port}/messages?table=users&since=20")


def test_a_run_waits_for_capture_and_the_next_one_flows(platform: Platform) -> None:
    platform.connector("pause")
    try:
        waiting = platform.ingest(5)
        platform.await_run(waiting)
        eventually(
            lambda: platform.task_state(waiting, "check_capture") == "up_for_reschedule",
            "the check waits without a worker",
            60,
        )
        platform.await_run(platform.ingest(5))
        assert platform.run_state(waiting) == "running"
    finally:
        assert platform.control_center("POST", "/api/connector/restart")["ok"]
    platform.await_end(waiting)
    platform.assert_status_ok()


def _report(platform: Platform, run: str) -> Any:
    path = f"/dags/{INGEST}/dagRuns/{run}/taskInstances/report/xcomEntries/return_value"
    return Airflow(platform.installation).ask("GET", path)["value"]
