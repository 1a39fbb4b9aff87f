"""Do the rows that a table had before its capture come to the topic?"""

from __future__ import annotations

from collections.abc import Sequence

from contract.health.details.capture import CaptureDetails
from contract.health.details.postgres import PostgresDetails
from contract.health.details.topic import TopicDetails
from contract.health.result import ProbeResult, details_of
from contract.health.state import ProbeState
from control_center.health.by_table import Finding, fail, ok, summarize, warn
from control_center.health.probes import capture

# The connector reads a table of any size without such a pause.
STALLED_S = 60.0
# PostgreSQL only estimates the number of rows.
COMPLETE = 0.9


class SnapshotProgress:
    """Every row that PostgreSQL holds has at least one message on the topic, so fewer messages than
    rows mean that rows are missing."""

    def __init__(self) -> None:
        # Table → the number of its messages, and since when it has been the same.
        self._unchanged: dict[str, tuple[int, float]] = {}

    def check(self, results: list[ProbeResult], now: float) -> list[ProbeResult]:
        """The results. That of the probe capture becomes a warning while rows of a table are
        missing, and a failure if none has come for STALLED_S."""
        tables = missing_rows(results)
        self._unchanged = {name: at for name, at in self._unchanged.items() if tables.get(name)}
        findings = {
            name: self._finding(name, *numbers, now) if numbers else ok()
            for name, numbers in tables.items()
        }
        details = details_of(results, CaptureDetails)
        progress = summarize(capture.OUTCOME, findings, "", details)
        return [
            progress if result.name == progress.name and _is_worse(progress, result) else result
            for result in results
        ]

    def _finding(self, name: str, messages: int, rows: int, now: float) -> Finding:
        if self._unchanged.get(name, (-1, now))[0] != messages:
            self._unchanged[name] = (messages, now)
        stalled_s = now - self._unchanged[name][1]
        if stalled_s < STALLED_S:
            return warn(on_topic(messages, rows))
        return fail(
            f"{on_topic(messages, rows)}, and no more for {stalled_s:.0f} s: make logs S=connect "
            "shows the cause"
        )


def missing_rows(results: Sequence[ProbeResult]) -> dict[str, tuple[int, int] | None]:
    """Each table whose capture has begun → messages on its topic and rows in PostgreSQL if rows are
    missing on the topic, otherwise None; {} while a component does not answer."""
    captured, topic = details_of(results, CaptureDetails), details_of(results, TopicDetails)
    postgres = details_of(results, PostgresDetails)
    if captured is None or topic is None or postgres is None:
        return {}
    tables: dict[str, tuple[int, int] | None] = {}
    for name in captured.captured:
        if name in topic.tables and name in postgres.tables:
            messages = topic.tables[name].messages
            rows = postgres.tables[name].rows_estimate
            tables[name] = (messages, rows) if messages < COMPLETE * rows else None
    return tables


def on_topic(messages: int, rows: int) -> str:
    return (
        f"has existing rows that are being read: {messages:,} messages on its topic for about "
        f"{rows:,} rows in PostgreSQL"
    )


def being_read(results: Sequence[ProbeResult]) -> str:
    """Whose existing rows are being read, as a part of the sentence; "" if there are none."""
    names = sorted(name for name, numbers in missing_rows(results).items() if numbers)
    return f"existing rows of {', '.join(names)} are being read" if names else ""


def _is_worse(new: ProbeResult, old: ProbeResult) -> bool:
    order = (ProbeState.OK, ProbeState.WARN, ProbeState.FAIL)
    return order.index(new.state) > order.index(old.state)
