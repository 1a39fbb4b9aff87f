"""The operator sees each message once, on every channel that answers."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from node.report import Reporter
from tests.node.in_memory import MemoryMonitoring


def test_reports_a_message_once_until_it_changes(
    reporter: Reporter,
    monitoring: MemoryMonitoring,
    run: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for message in ("loading", "ready", "ready", "loading"):
        reporter.report(message)
    assert monitoring.messages == ["loading", "ready", "loading"]
    later = Reporter("kafka-1", run, tmp_path / "console")  # the next run of the program
    later.report("loading")
    lines = [f"riada-node: kafka-1: {text}" for text in ("loading", "ready", "loading")]
    assert capsys.readouterr().out.splitlines() == lines
    assert (tmp_path / "console").read_text().splitlines() == lines


def test_measures_readiness_and_disk(reporter: Reporter, monitoring: MemoryMonitoring) -> None:
    reporter.measure(True, Path("/"))
    assert monitoring.metrics["Ready"] == (1.0, "None")
    used, unit = monitoring.metrics["DiskUsed"]
    assert (0 < used <= 100, unit) == (True, "Percent")


def test_measures_for_how_long_a_rolling_change_waits_for_the_same(
    reporter: Reporter, monitoring: MemoryMonitoring, run: Path
) -> None:
    reporter.report("waits for its turn: kafka-2 changes its containers")
    hour_ago = time.time() - 3600
    os.utime(run / "message", (hour_ago, hour_ago))
    reporter.report("waits for its turn: kafka-2 changes its containers")
    reporter.measure(True, Path("/"))
    assert not monitoring.shared
    reporter.measure(True, Path("/"), waits=True)
    assert monitoring.metrics["Ready"] == (1.0, "None")
    age, unit = monitoring.shared["RollWait"]
    assert (age >= 3600, unit) == (True, "Seconds")
    reporter.report("waits for its turn: kafka-3 changes its containers")
    reporter.measure(True, Path("/"), waits=True)
    assert monitoring.shared["RollWait"][0] < 3600


def test_goes_on_without_cloudwatch(
    reporter: Reporter, monitoring: MemoryMonitoring, capsys: pytest.CaptureFixture[str]
) -> None:
    monitoring.unreachable = True
    reporter.report("ready")
    reporter.measure(False, Path("/"))
    printed = capsys.readouterr()
    assert printed.out == "riada-node: kafka-1: ready\n"
    assert printed.err.count("timed out") == 2
