"""Home: do the rows arrive? If they do not, what is the cause?"""

from __future__ import annotations

from typing import Any

from fastapi import Request
from nicegui import ui

from contract.errors import UnreachableError
from contract.table.table import Table
from control_center.health.delivery import TableDelivery, by_table
from control_center.health.monitor import Snapshot
from control_center.health.steps import STEPS
from control_center.pipeline import timeseries
from control_center.web.context import AppContext
from control_center.web.errors import error_text
from control_center.web.ui import instant
from control_center.web.ui.chart import Chart
from control_center.web.ui.components import SIGNS, ErrorBanner, ask, section
from control_center.web.ui.layout import layout
from control_center.web.ui.pages import comparison
from control_center.web.ui.pipeline import Pipeline, stage_url
from control_center.web.ui.table import LINK, milliseconds
from control_center.web.ui.table import Table as Grid

PATH = "/"
HOURS = {1: "1 hour", 3: "3 hours", 12: "12 hours", 24: "24 hours"}
FRESH_S = 4.0
TABLES = {
    "state": "State",
    "table": "Table",
    "committed": "Committed",
    "on_topic": "On the topic",
    "in_cassandra": "In Cassandra",
    "waiting": "Waiting",
    "newest": "Newest batch",
    "verified": "Verified through",
    "differences": "Differences",
    "cause": "Cause",
}


def register(context: AppContext) -> None:
    @ui.page(PATH)
    async def home(request: Request) -> None:
        with layout(context, request, PATH) as session:
            sentence = Sentence()
            pipeline = Pipeline(session)
            deliveries = Deliveries()
            table = session.chosen
            graphs = Graphs(context, table) if table else None
            if table:
                comparison.build(session, table)
            probes = Probes(table)

        async def refresh() -> None:
            snapshot = await ask(context.monitor.refresh, FRESH_S)
            show(snapshot)

        def show(snapshot: Snapshot) -> None:
            sentence.show(snapshot)
            pipeline.show(snapshot)
            deliveries.show(snapshot)
            probes.show(snapshot)

        if context.monitor.last:
            show(context.monitor.last)
        session.every(5.0, refresh)
        session.every(15.0, pipeline.refresh_rates)
        if graphs:
            session.every(30.0, graphs.refresh)


class Sentence:
    """The diagnosis in one sentence, and the time of the probes."""

    def __init__(self) -> None:
        with ui.element("div").classes("sentence") as box:
            box.props('role="status" aria-live="polite" id=sentence-box')
            self._text = ui.label("Asking every component…").props("id=sentence")
            self._when = ui.label().classes("note")
        self._box = box

    def show(self, snapshot: Snapshot) -> None:
        text = snapshot.sentence
        self._text.set_text(text[:1].upper() + text[1:])
        self._when.set_text(f"Asked at {instant.clock(snapshot.at)}")
        self._box.classes(remove="ok warn fail", add=snapshot.state.value)


class Deliveries:
    """A row for each table: how far its rows have come."""

    def __init__(self) -> None:
        with section("Tables"):
            self._table = Grid("Tables", TABLES, "No probe knows a table yet")

    def show(self, snapshot: Snapshot) -> None:
        self._table.show([_delivery(table) for table in by_table(snapshot.results, snapshot.at)])


class Probes:
    """A row for each probe."""

    def __init__(self, table: Table | None) -> None:
        self._of = table
        with section("Components"):
            columns = {
                "state": "State",
                "name": "Probe",
                "summary": "Finding",
                "component": "Service",
                "took": "Took",
            }
            self._table = Grid("Components", columns, "No probe has run yet", links="name")

    def show(self, snapshot: Snapshot) -> None:
        rows: list[dict[str, Any]] = [
            {
                "state": SIGNS[probe.state.value],
                "name": probe.name,
                LINK: self._link(probe.name),
                "summary": probe.summary,
                "component": probe.component,
                "took": milliseconds(probe.took_ms),
            }
            for probe in snapshot.results
        ]
        self._table.show(rows)

    def _link(self, probe: str) -> str:
        """The section of the page Stages about the step that the probe looks at."""
        stages = [step.stage for step in STEPS if probe in step.probes]
        return stage_url(stages[0], self._of) if stages and stages[0] else ""


class Graphs:
    """Rows of a table per minute at each stage, freshness and verification."""

    def __init__(self, context: AppContext, table: Table) -> None:
        self._context, self._of = context, table
        with section(f"Delivery of {table.name}", "delivery"):
            self._hours = ui.select(HOURS, value=3, label="Over the last", on_change=self.refresh)
            self._hours.props("outlined dense options-dense").classes("short")
            self._banner = ErrorBanner()
            self._delivered = Chart(
                "Changes per minute: committed in PostgreSQL, on the topic, in Cassandra",
                "changes/min",
                list(timeseries.DELIVERED),
            )
            self._fresh = Chart(
                "Freshness from commit to readable in Cassandra: median and 99th percentile (p99)",
                "ms",
                timeseries.QUANTILES,
            )
            self._behind = Chart(
                "Verification: age of the commit through which all rows are verified",
                "s",
                [timeseries.BEHIND],
            )
            self._differing = Chart(
                "Rows that differ for good between PostgreSQL and Cassandra",
                "rows",
                [timeseries.DIFFERING],
            )

    async def refresh(self) -> None:
        hours, clients = float(self._hours.value), self._context.clients
        try:
            delivered = await ask(timeseries.delivered, clients, self._of, hours)
            fresh = await ask(timeseries.freshness, clients, self._of, hours)
            verified = await ask(timeseries.verified, clients, self._of, hours)
        except UnreachableError as error:
            self._banner.show(f"The history is unknown. {error_text(error)}")
            self._visible(False)
            return
        has_samples = any(delivered.values())
        self._banner.show("" if has_samples else "Prometheus has no samples for this period yet.")
        self._visible(has_samples)
        self._delivered.show(delivered, hours)
        self._fresh.show(fresh, hours)
        self._behind.show(verified, hours)
        self._differing.show(verified, hours)

    def _visible(self, visible: bool) -> None:
        self._delivered.set_visibility(visible)
        self._fresh.set_visibility(visible)
        self._behind.set_visibility(visible)
        self._differing.set_visibility(visible)


def _delivery(table: TableDelivery) -> dict[str, Any]:
    return table.to_json() | {
        "state": SIGNS[table.state.value],
        "newest": instant.of_epoch(table.newest_at),
        "verified": instant.of_epoch(table.verified_through),
    }
