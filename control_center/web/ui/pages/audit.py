"""Audit: who did what, and which actions were refused."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from nicegui import ui

from control_center.web.auth.audit_line import AuditLine, Outcome
from control_center.web.context import AppContext
from control_center.web.ui.components import SIGNS
from control_center.web.ui.layout import layout
from control_center.web.ui.table import Table

PATH = "/audit"
NOTE = "This page shows the newest 500 lines. The container's log and audit.jsonl have all lines."
STATES = {Outcome.DONE: "ok", Outcome.REFUSED: "warn", Outcome.FAILED: "fail"}
COLUMNS = {
    "state": "Outcome",
    "at": "At",
    "who": "Who",
    "action": "Action",
    "target": "Target",
    "details": "Details",
}


def register(context: AppContext) -> None:
    @ui.page(PATH)
    async def page(request: Request) -> None:
        with layout(context, request, PATH) as session:
            ui.label(NOTE).classes("note")
            table = Table("Audit", COLUMNS, "The audit log is empty", rows=50)
            session.every(5.0, lambda: table.show([_row(line) for line in context.audit.newest()]))


def _row(line: AuditLine) -> dict[str, Any]:
    kind, outcome = STATES[line.outcome], line.outcome.value
    state = f"{SIGNS[kind].split(' ')[0]} {kind} {outcome}"
    return line.to_json() | {"state": state, "details": line.details or None}
