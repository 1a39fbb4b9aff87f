"""Audit: who did what, what was refused, and which input had an error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from fastapi import Request
from nicegui import ui

from contract.errors import InvalidInputError
from control_center.web import inputs
from control_center.web.auth.audit_line import AuditLine, Outcome
from control_center.web.context import AppContext
from control_center.web.errors import error_text
from control_center.web.ui.components import SIGNS, ErrorBanner
from control_center.web.ui.layout import layout
from control_center.web.ui.session import PageSession
from control_center.web.ui.table import Table

PATH = "/audit"
NOTE = "This page shows the newest 500 lines. The container's log and audit.jsonl have all lines."
STATES = {
    Outcome.DONE: "ok",
    Outcome.INVALID: "warn",
    Outcome.REFUSED: "fail",
    Outcome.FAILED: "fail",
}
COLUMNS = {
    "state": "Outcome",
    "at": "At",
    "who": "Who",
    "action": "Action",
    "target": "Target",
    "details": "Details",
}


ALL = "all"


def register(context: AppContext) -> None:
    @ui.page(PATH)
    async def page(request: Request) -> None:
        with layout(context, request, PATH) as session:
            Page(session)


class Page:
    """The newest lines that match the chosen filters."""

    def __init__(self, session: PageSession) -> None:
        self._audit = session.context.audit
        ui.label(NOTE).classes("note")
        lines = self._audit.newest()
        with ui.row().classes("ask"):
            self._who = _choice("Who", {line.who for line in lines}, self._show)
            self._action = _choice("Action", {line.action for line in lines}, self._show)
            self._outcome = _choice("Outcome", {item.value for item in Outcome}, self._show)
            self._text = ui.input("Target or details", on_change=self._show)
            self._since = ui.input("From time (UTC)", on_change=self._show)
            self._since.props("placeholder='2026-11-25 23:11:21'")
            for field in (self._text, self._since):
                field.props("outlined dense maxlength=100")
        self._banner = ErrorBanner()
        self._table = Table("Audit", COLUMNS, "No line matches", rows=50)
        self._show()
        session.every(5.0, self._show)

    def _show(self, *_: Any) -> None:
        try:
            since = inputs.utc_time(self._since.value)
        except InvalidInputError as error:
            self._banner.show(error_text(error))
            return
        self._banner.show("")
        wanted = {
            "who": self._who.value,
            "action": self._action.value,
            "outcome": self._outcome.value,
        }
        lines = matching(self._audit.newest(), wanted, self._text.value or "", since)
        self._table.show([_row(line) for line in lines])


def matching(
    lines: Iterable[AuditLine], wanted: Mapping[str, str], text: str, since: datetime | None
) -> list[AuditLine]:
    """The lines whose fields have the wanted values (ALL: any), that hold the text in target or
    details, and that are not older than `since`."""
    return [
        line
        for line in lines
        if all(value in (ALL, line.to_json()[name]) for name, value in wanted.items())
        and text.lower() in f"{line.target} {dict(line.details)}".lower()
        and (since is None or datetime.fromisoformat(line.at) >= since)
    ]


def _choice(label: str, values: Iterable[str], changed: Callable[..., None]) -> ui.select:
    field = ui.select([ALL, *sorted(values)], value=ALL, label=label, on_change=changed)
    return field.props("outlined dense options-dense").classes("short")


def _row(line: AuditLine) -> dict[str, Any]:
    kind, outcome = STATES[line.outcome], line.outcome.value
    state = f"{SIGNS[kind].split(' ')[0]} {kind} {outcome}"
    return line.to_json() | {"state": state, "details": line.details or None}
