"""The alerts of Prometheus' rules, and the probes that are not ok."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from nicegui import ui

from contract.errors import UnreachableError
from contract.health.state import ProbeState
from control_center.clients.prometheus import Alert
from control_center.web.context import AppContext
from control_center.web.errors import error_text
from control_center.web.ui.components import SIGNS, ErrorBanner, ask, section
from control_center.web.ui.layout import layout
from control_center.web.ui.session import PageSession
from control_center.web.ui.table import Table

PATH = "/alerts"
FRESH_S = 4.0
PROBES = {"state": "State", "name": "Probe", "summary": "Finding", "component": "Service"}


def register(context: AppContext) -> None:
    @ui.page(PATH)
    async def page(request: Request) -> None:
        with layout(context, request, PATH) as session:
            Page(session)


class Page:
    def __init__(self, session: PageSession) -> None:
        self._context = session.context
        self._state = ui.label("Asking Prometheus…").props('role="status" id=firing')
        self._banner = ErrorBanner()
        self._alerts = Table(
            "Alerts",
            {
                "state": "State",
                "name": "Alert",
                "summary": "Summary",
                "remedy": "Remedy",
                "since": "Since",
                "labels": "Labels",
            },
            "No alert is pending or firing",
        )
        with section("Probes that are not ok"):
            self._probes = Table("Probes that are not ok", PROBES, "Every probe is ok")
        session.every(5.0, self._refresh)

    async def _refresh(self) -> None:
        try:
            alerts = await ask(self._context.clients.prometheus.alerts)
        except UnreachableError as error:
            self._state.set_text("")
            self._banner.show(f"The alerts are unknown. {error_text(error)}")
            self._alerts.element.set_visibility(False)
        else:
            self._banner.show("")
            self._alerts.element.set_visibility(True)
            firing = sum(alert.state == "firing" for alert in alerts)
            self._state.set_text(f"Firing: {firing}, pending: {len(alerts) - firing}.")
            self._alerts.show([_row(alert) for alert in alerts])
        snapshot = await ask(self._context.monitor.refresh, FRESH_S)
        self._probes.show(
            [
                probe.to_json() | {"state": SIGNS[probe.state.value]}
                for probe in snapshot.results
                if probe.state is not ProbeState.OK
            ]
        )


def _row(alert: Alert) -> dict[str, Any]:
    sign = SIGNS["fail" if alert.state == "firing" else "warn"]
    return {
        "state": f"{sign} {alert.state}",
        "name": alert.name,
        "summary": alert.summary,
        "remedy": alert.remedy,
        "since": alert.active_at,
        "labels": dict(alert.labels),
    }
