"""Audit: who did what, and which actions were refused."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from nicegui import ui

from control_center.web.context import AppContext
from control_center.web.ui.components import SIGNS, Table
from control_center.web.ui.layout import layout

PATH = "/audit"
NOTE = "The newest 500 lines. The log of the container and audit.jsonl have all of them."
STATES = {"done": "ok", "refused": "warn", "failed": "fail"}
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
        with layout(context, request, PATH):
            ui.label(NOTE).classes("note")
            table = Table("Audit", COLUMNS, "The audit log is empty", rows=50)
            ui.timer(5.0, lambda: table.show([_row(line) for line in context.audit.newest()]))


def _row(line: dict[str, Any]) -> dict[str, Any]:
    kind = STATES.get(line["outcome"], "warn")
    return line | {"state": f"{SIGNS[kind].split(' ')[0]} {kind} {line['outcome']}"}
