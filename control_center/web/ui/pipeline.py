"""The pipeline as a diagram: the state and the rate of each step, with the ways to its stage, its
log, its remedy and its own pages."""

from __future__ import annotations

from urllib.parse import quote

from nicegui import ui

from contract.errors import UnreachableError
from contract.table.table import Table
from control_center.health.monitor import Snapshot
from control_center.health.steps import STEPS, Step, StepState, states
from control_center.pipeline import timeseries
from control_center.web.ui.components import SIGNS, ask, section
from control_center.web.ui.session import PageSession
from control_center.web.ui.table import NOTHING

UNKNOWN = f"{NOTHING} rows/s"


class Pipeline:
    """The section on Home. `show` and `refresh_rates` fill it."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        with section("Pipeline"), ui.element("ol").classes("pipeline"):
            self._cards = [Card(session, step) for step in STEPS]

    def show(self, snapshot: Snapshot) -> None:
        for card, state in zip(self._cards, states(snapshot.results, snapshot.rows_in_slot)):
            card.show(state)

    async def refresh_rates(self) -> None:
        """Without Prometheus the rates are unknown; its own card says why."""
        try:
            rates = await ask(timeseries.rates, self._session.context.clients)
        except UnreachableError:
            rates = {}
        for card in self._cards:
            card.show_rate(rates)


class Card:
    """One step."""

    def __init__(self, session: PageSession, step: Step) -> None:
        self._session, self._step = session, step
        self._shown: StepState | None = None
        with ui.element("li") as self._box:
            with ui.element("div").classes("step-title"):
                if step.stage:
                    ui.link(step.title, stage_url(step.stage, session.chosen))
                else:
                    ui.label(step.title)
            self._state = ui.label("asking…").classes("state")
            self._rate = ui.label(UNKNOWN if step.rate else "").classes("note")
            self._details = ui.element("div").classes("note")
            if address := pages_url(session, step):
                ui.link(f"Pages of {step.title} ↗", address, new_tab=True).classes("note")

    def show(self, state: StepState) -> None:
        if state == self._shown:
            return
        self._shown = state
        kind = state.state.value
        self._box.classes(remove="ok warn fail", add=kind)
        self._state.set_text(SIGNS[kind])
        self._state.classes(remove="ok warn fail", add=kind)
        self._details.clear()
        with self._details:
            if state.waiting:
                ui.label(f"{state.waiting:,} rows wait")
            for finding in state.findings:
                ui.label(finding.sentence)
                with ui.element("div"):
                    ui.label("Log: ").classes("inline")
                    with ui.element("code"):
                        ui.label(f"make logs S={finding.service}").classes("inline")
                ui.label(f"Remedy: {finding.remedy}")

    def show_rate(self, rates: dict[str, float]) -> None:
        if self._step.rate:
            rate = rates.get(self._step.rate)
            self._rate.set_text(UNKNOWN if rate is None else f"{rate:,.1f} rows/s")


def stage_url(stage: str, table: Table | None) -> str:
    """The URL of a section of the page Stages."""
    query = f"?table={quote(table.name)}" if table else ""
    return f"/stages{query}#{stage}"


def pages_url(session: PageSession, step: Step) -> str | None:
    """Where the browser opens the step's own pages: on the host that it asked for this page."""
    port = session.context.clients.settings.published.get(step.pages)
    return f"http://{session.request.url.hostname}:{port}/" if port else None
