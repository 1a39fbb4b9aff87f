"""The driver reports its state and the cause to the artifacts store."""

from __future__ import annotations

import json
from pathlib import Path

from riada_stream.driver.status import StatusReporter
from riada_stream.settings import Settings

from contract.stream.driver_status import DriverState, Restart


def test_status_has_state_cause_and_restart(tmp_path: Path) -> None:
    settings = Settings("r1", driver_id="driver-1", artifacts=tmp_path)
    reporter = StatusReporter(settings)
    reporter.restart = Restart("2026-11-22T20:47:00+00:00", "topic users was created again")
    reporter.report(DriverState.RETRYING, "cassandra-1:9042 refuses")
    status = json.loads(settings.status_file.read_text())
    assert (status["state"], status["cause"]) == ("retrying", "cassandra-1:9042 refuses")
    assert (status["release"], status["driver_id"]) == ("r1", "driver-1")
    assert status["restart"]["cause"] == "topic users was created again"
