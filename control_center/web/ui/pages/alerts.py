"""Alerts: what Prometheus' rules say now, and what the probes say."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from nicegui import ui

from control_center.clients.liveness import UnreachableError
from control_center.clients.prometheus import Alert
from control_center.health.result import State
from control_center.web.context import Desk
from control_center.web.ui.components import SIGNS, Table, Trouble, ask, moment, section
from control_center.web.ui.layout import frame

PATH = "/alerts"
FRESH_S = 4.0
PROBES = {"state": "State", "name": "Probe", "summary": "Finding", "component": "Service"}


def register(desk: Desk) -> None:
    @ui.page(PATH)
    async def page(request: Request) -> None:
        with frame(desk, request, PATH):
            Page(desk)


class Page:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._state = ui.label("Asking Prometheus…").props('role="status" id=firing')
        self._trouble = Trouble()
        self._alerts = Table(
            "Alerts",
            {
                "state": "State",
                "name": "Alert",
                "summary": "What",
                "remedy": "Remedy",
                "since": "Since (UTC)",
                "labels": "Where",
            },
            "No alert is pending or firing",
        )
        with section("Probes that are not ok"):
            self._probes = Table("Probes that are not ok", PROBES, "Every probe is ok")
        ui.timer(5.0, self._refresh)

    async def _refresh(self) -> None:
        try:
            alerts = await ask(self._desk.engines.prometheus.alerts)
        except UnreachableError as error:
            self._state.set_text("")
            self._trouble.say(f"No alerts: Prometheus {error}.")
            self._alerts.element.set_visibility(False)
        else:
            self._trouble.say("")
            self._alerts.element.set_visibility(True)
            firing = sum(alert.state == "firing" for alert in alerts)
            self._state.set_text(f"Firing: {firing}, pending: {len(alerts) - firing}.")
            self._alerts.show([_row(alert) for alert in alerts])
        look = await ask(self._desk.watch.look, FRESH_S)
        self._probes.show(
            [
                one.as_json() | {"state": SIGNS[one.state.value]}
                for one in look.results
                if one.state is not State.OK
            ]
        )


def _row(alert: Alert) -> dict[str, Any]:
    sign = SIGNS["fail" if alert.state == "firing" else "warn"]
    return {
        "state": f"{sign} {alert.state}",
        "name": alert.name,
        "summary": alert.summary,
        "remedy": alert.remedy,
        "since": moment(alert.active_at),
        "labels": dict(alert.labels),
    }
