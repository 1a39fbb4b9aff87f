"""Stages: each stage from PostgreSQL's replication slot to Cassandra, as its component reports
it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from fastapi import Request
from nicegui import ui

from contract.errors import ComponentError, UnreachableError, first_line
from contract.health.details.slot import SlotDetails
from contract.health.state import ProbeState
from contract.json_record import JsonRecord
from contract.kafka.connect import ConnectorState
from contract.stores.postgres.roles import DATABASE
from contract.stream.application import SparkState
from contract.stream.driver_status import DriverState
from control_center.health.stages import STAGES
from control_center.health.stages.connect import ConnectStage
from control_center.health.stages.replication_slot import ReplicationSlotStage
from control_center.health.stages.spark import BatchRow, SparkStage
from control_center.health.stages.topics import TopicsStage
from control_center.web.context import RESTART, AppContext
from control_center.web.errors import error_text
from control_center.web.ui.chart import Chart
from control_center.web.ui.components import (
    SIGNS,
    ErrorBanner,
    ask,
    confirmed,
    operator_button,
    section,
    with_error_banner,
)
from control_center.web.ui.layout import layout
from control_center.web.ui.session import PageSession
from control_center.web.ui.table import Table, size

PATH = "/stages"
TITLES = {
    "postgres": "Replication slot",
    "connect": "Connector",
    "kafka": "Brokers",
    "zookeeper": "ZooKeeper",
    "topics": "Topics",
    "spark": "Spark queries",
    "cassandra": "Cassandra",
    "airflow": "Airflow",
}
# Stage → field of its answer → columns of the table.
TABLES: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "postgres": {
        "slot": {
            "state": "State",
            "database": "Database",
            "summary": "Finding",
            "retained": "WAL retained",
            "unconfirmed": "Not confirmed",
            "safe": "Until the slot is lost",
            "wal_status": "WAL status",
            "confirmed_flush_lsn": "Confirmed LSN",
        }
    },
    "connect": {
        "parts": {
            "state": "State",
            "database": "Database",
            "part": "Part",
            "worker": "Worker",
            "cause": "Last error",
        }
    },
    "kafka": {
        "brokers": {
            "broker": "Broker",
            "host": "Address",
            "controller": "Controller",
            "leads": "Leads partitions",
        }
    },
    "zookeeper": {
        "nodes": {
            "node": "Node",
            "mode": "Mode",
            "latency": "Latency min/avg/max ms",
            "connections": "Connections",
            "outstanding": "Outstanding",
            "nodes": "Znodes",
        }
    },
    "topics": {
        "topics": {
            "topic": "Topic",
            "partitions": "Partitions",
            "replicas": "Replicas",
            "under_replicated": "Under-replicated",
            "messages": "Messages",
            "bytes": "On disk",
        }
    },
    "spark": {
        "queries": {"state": "State", "table": "Table", "since": "Since", "cause": "Cause"},
        "lag": {
            "table": "Table",
            "partition": "Partition",
            "end": "End",
            "done": "Done",
            "waiting": "Waiting",
        },
        "batches": {
            "batch": "Batch",
            "written_at": "Written",
            "seconds": "Took s",
            "read": "Read",
            "rows": "Rows",
            "dead_letters": "Dead letters",
            "rows_per_s": "Rows/s",
            "release": "Release",
        },
        "workers": {"worker": "Worker", "state": "State", "cores": "Cores", "memory_mib": "MiB"},
    },
    "cassandra": {
        "nodes": {"node": "Node", "rack": "Rack", "version": "Version"},
        "tables": {
            "table": "Table",
            "mebibytes": "MiB",
            "writes": "Writes since start",
            "p99_ms": "Write p99 ms",
        },
    },
    "airflow": {
        "dags": {"dag": "DAG", "paused": "Paused", "next_run": "Next run"},
        "runs": {
            "state": "State",
            "dag": "DAG",
            "run": "Run",
            "started_at": "Started",
            "ended_at": "Ended",
        },
    },
}

GOOD = frozenset(
    {ConnectorState.RUNNING, SparkState.ALIVE, DriverState.RUNNING, ProbeState.OK, "success"}
)
BAD = frozenset({ConnectorState.FAILED, ProbeState.FAIL, "failed", "DEAD"})


def register(context: AppContext) -> None:
    @ui.page(PATH)
    async def page(request: Request) -> None:
        with layout(context, request, PATH) as session:
            with ui.element("nav").props('aria-label="Stages"').classes("jump"):
                for name, title in TITLES.items():
                    ui.link(title, f"#{name}")
            for name, title in TITLES.items():
                Stage(session, name, title)


class Stage:
    """A section, refreshed every 10 s while the page is open."""

    def __init__(self, session: PageSession, name: str, title: str) -> None:
        self._session, self._context, self._name = session, session.context, name
        with section(title, name):
            self._note = ui.label().classes("note")
            self._banner = ErrorBanner()
            if name == "connect":
                self._restart()
            self._durations = None
            if name == "spark":
                self._durations = Chart(
                    "Duration of each of the last batches of the table, in seconds",
                    "s",
                    ["batch duration"],
                )
            self._tables = {
                key: Table(f"{title}: {key}", columns, "None")
                for key, columns in TABLES[name].items()
            }
        session.every(10.0, self._refresh)

    async def _refresh(self) -> None:
        try:
            stage = await ask(STAGES[self._name], self._context.clients, self._session.chosen)
        except ComponentError as error:
            self._banner.show(error_text(error))
            return
        except Exception as error:  # the page still shows the other stages
            self._banner.show(f"Unknown: {first_line(error) or type(error).__name__}")
            return
        self._banner.show((stage.last_error if isinstance(stage, SparkStage) else None) or "")
        self._note.set_text(stage.sizes if isinstance(stage, TopicsStage) else "")
        for key, table in self._tables.items():
            table.show([_row(row) for row in rows_of(stage, key)])
        if self._durations is not None and isinstance(stage, SparkStage):
            self._durations.show({"batch duration": _durations(stage.batches)})

    def _restart(self) -> None:
        outcome = ui.label().props('role="status"')

        async def restart() -> None:
            principal = self._session.operator(RESTART)
            question = "Changes of all tables wait in PostgreSQL until the connector runs again."
            if not await confirmed(question, "Yes, restart"):
                return
            outcome.set_text("Restarting…")
            try:
                result = await ask(self._context.restart_connector, principal)
            except UnreachableError:
                outcome.set_text("")
                raise
            word = "Restarted" if result.ok else "Not running"
            outcome.set_text(f"{word} after {result.took_s} s: {result.states}")
            await self._refresh()

        act = with_error_banner(self._banner, restart)
        principal = self._session.reader()
        operator_button("Restart connector and task", act, principal, "outline")


def rows_of(stage: JsonRecord, key: str) -> list[dict[str, Any]]:
    if isinstance(stage, ReplicationSlotStage):
        return [
            slot.to_json()
            | _sizes(slot)
            | stage.findings[database].to_json()
            | {"database": database or DATABASE}
            for database, slot in stage.slot.every.items()
        ]
    if isinstance(stage, ConnectStage):
        return [part.to_json() | {"database": part.database or DATABASE} for part in stage.parts]
    return [row.to_json() for row in getattr(stage, key)]


def _sizes(slot: SlotDetails) -> dict[str, Any]:
    return {
        "retained": size(slot.retained),
        "unconfirmed": size(slot.unconfirmed_bytes),
        "safe": size(slot.safe_wal_bytes),
    }


def _row(row: dict[str, Any]) -> dict[str, Any]:
    if "bytes" in row:
        row = row | {"bytes": size(row["bytes"])}
    if "state" in row:
        row = row | {"state": sign(row["state"])}
    return row


def sign(state: str) -> str:
    """The component's word for its state, with a sign."""
    kind = "ok" if state in GOOD else "fail" if state in BAD else "warn"
    mark, word = SIGNS[kind].split(" ")
    return f"{mark} {kind} {state}" if state != word else f"{mark} {kind}"


def _durations(newest_first: Sequence[BatchRow]) -> list[tuple[float, float]]:
    """(epoch seconds, duration in seconds), oldest first."""
    return [
        (datetime.fromisoformat(batch.written_at).timestamp(), batch.seconds)
        for batch in reversed(newest_first)
    ]
