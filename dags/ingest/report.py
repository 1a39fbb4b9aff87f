"""What became of a run: its counts, how far its rows are, and where to see them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from contract.kafka.topics import events
from contract.stream import messages_page
from contract.stream.driver_status import DriverStatus, TableState, TableStatus
from contract.stream.releases import STATUS
from contract.table.table import Table


@dataclass(frozen=True)
class Report:
    """`captured_s`: from the last stored row to the moment when its capture was seen. `streaming`:
    the state of the table's query; None if the driver has not reported it here. `page`: the Control
    Center's page with the rows; "" if its pages are not published on this machine."""

    table: Table
    result: Mapping[str, Any]
    captured_s: float
    streaming: TableStatus | None
    page: str

    def lines(self) -> list[str]:
        return [self._counts(), self._captured(), self._streaming(), self._rows()]

    @property
    def waits(self) -> bool:
        """Do the rows wait on the topic?"""
        return self.streaming is not None and self.streaming.state in (
            TableState.HALTED,
            TableState.RETRYING,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            **self.result,
            "captured_s": round(self.captured_s, 1),
            "streaming": self.streaming.state.value if self.streaming else None,
            "page": self.page,
        }

    def _counts(self) -> str:
        result = self.result
        return (
            f"{self.table.name}: {result['fetched']:,} items fetched, "
            f"{result['stored']:,} rows stored, {result['rejected']:,} items rejected, "
            f"{result['repeated']:,} came twice in their page"
        )

    def _captured(self) -> str:
        topic = events(self.table).name
        return f"Kafka has every change on {topic}: {self.captured_s:.0f} s after the last row"

    def _streaming(self) -> str:
        name, status = self.table.name, self.streaming
        if status is None:
            return "Cassandra: make status shows how far the streaming job is"
        state = status.state.value
        if self.waits:
            cause = status.cause or "make status names the cause"
            state = f"{state} since {status.since}: {cause}"
            return f"spark-driver: the query of {name} is {state}. The rows wait on the topic"
        return f"Cassandra: the streaming job writes {name} ({state})"

    def _rows(self) -> str:
        if self.page:
            return f"the rows: {self.page}"
        shell = f"make row TABLE={self.table.name} KEY=…"
        return f"the rows: page Messages of the Control Center (make urls), or {shell}"


def page(table: str, since: datetime, environ: Mapping[str, str] = os.environ) -> str:
    """The page with the table's messages since the run began."""
    base = environ.get("CONTROL_CENTER_PAGES", "")
    return messages_page.url(base, table, since) if base else ""


def streaming(table: str, artifacts: Path | None = None) -> TableStatus | None:
    """What the driver has reported about the table."""
    folder = artifacts or Path(os.environ.get("ARTIFACTS", "/artifacts"))
    try:
        return DriverStatus.from_json((folder / STATUS).read_text()).tables.get(table)
    except (OSError, ValueError):
        return None
