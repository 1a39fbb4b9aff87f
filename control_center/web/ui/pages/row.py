"""One row: commit, offset, message, batch and write of each version."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from fastapi import Request
from nicegui import ui

from contract.errors import InvalidInputError
from contract.stream.trace import RowTrace, RowVersion
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.pipeline import trace
from control_center.pipeline.versions import versions
from control_center.web import inputs
from control_center.web.context import AppContext
from control_center.web.ui import instant
from control_center.web.ui.components import (
    ErrorBanner,
    ask,
    description_list,
    pre,
    section,
    with_error_banner,
)
from control_center.web.ui.layout import layout
from control_center.web.ui.session import PageSession
from control_center.web.ui.table import Table as Grid
from control_center.web.ui.table import milliseconds
from control_center.web.ui.unmask import UnmaskSwitch

PATH = "/row"
VERSIONS = {
    "operation": "Change",
    "lsn": "LSN",
    "committed_at": "Committed",
    "place": "Partition : offset",
    "on_topic_at": "On topic",
    "batch": "Batch",
    "written_at": "In Cassandra",
    "total": "Commit to readable",
}


def register(context: AppContext) -> None:
    @ui.page(PATH)
    async def page(request: Request, key: str = "") -> None:
        with layout(context, request, PATH) as session:
            if session.chosen is not None:
                Page(session, session.chosen, key)


class Page:
    def __init__(self, session: PageSession, table: Table, key: str) -> None:
        self._session, self._context = session, session.context
        self._row: tuple[str, int | None] | None = None  # key, partition if known
        self._banner = ErrorBanner()
        find = with_error_banner(self._banner, self._find)
        with ui.row().classes("ask"):
            self._key = ui.input(prompt(table), value=key[: inputs.LONGEST_KEY])
            self._key.props(f"outlined dense maxlength={inputs.LONGEST_KEY} clearable")
            self._key.classes("grow").on("keydown.enter", find)
            ui.button("Find", on_click=find).props("no-caps")
            self._unmask = UnmaskSwitch(session, self._banner, self._show_versions)
        self._trace = ui.element("div").props('aria-live="polite"')
        with section("Versions"):
            self._state = ui.label(f"Enter: {prompt(table)}.").props('role="status"')
            self._table = Grid("Versions", VERSIONS, "No version on the topic")
            self._table.element.set_visibility(False)
            self._messages = ui.element("div")
        if key:
            ui.timer(0.05, find, once=True)

    async def _find(self, *_: Any) -> None:
        principal = self._session.reader()
        clients, table = self._context.clients, self._session.table
        self._row = None
        self._trace.clear()
        self._messages.clear()
        self._table.element.set_visibility(False)
        try:
            text = inputs.row_key(self._key.value or "")
        except InvalidInputError as error:
            self._session.invalid(principal, "find row", error.cause, table.name)
            raise
        try:
            path = await ask(find_row, clients, table, text)
        except trace.UnknownRowError:
            key = known_form(table, text)
            if key is None:
                raise
            self._row = (key, None)
            with self._trace:
                absent = f"{key} is not in PostgreSQL: it was deleted or never existed."
                ui.label(absent).classes("fault")
        else:
            self._row = (path.key, path.kafka.partition if path.kafka else None)
            with self._trace:
                _show_path(path)
        await self._show_versions()

    async def _show_versions(self) -> None:
        if self._row is None:
            return
        table = self._session.table
        self._state.set_text("Reading the topic for every version…")
        unmasked = self._unmask.allows(logged_key(table, self._row[0]))
        result = await ask(versions, table, *self._row, unmasked)
        self._state.set_text(f"Versions among {result.read:,} messages: {len(result.versions)}.")
        self._table.show([_row(version) for version in result.versions])
        self._table.element.set_visibility(bool(result.versions))
        self._messages.clear()
        with self._messages:
            for version in result.versions:
                with ui.expansion(f"Decoded message at {version.partition} : {version.offset}"):
                    pre(json.dumps(version.record, indent=2, default=str, ensure_ascii=False))


def prompt(table: Table) -> str:
    """What the field takes: "id, or email, country" or "[tenant, number] as JSON"."""
    names = ", ".join(column.name for column in table.key)
    key = f"[{names}] as JSON" if len(table.key) > 1 else names
    return f"{key}, or a value of {', '.join(table.indexes)}" if table.indexes else key


def find_row(clients: Clients, table: Table, text: str) -> RowTrace:
    """The trace of the row that a user named; text that was pasted may have spaces around it.
    Raises UnknownRowError, UnreachableError."""
    try:
        return trace.trace_row(clients, table, text)
    except trace.UnknownRowError:
        if text.strip() in ("", text):
            raise
        return trace.trace_row(clients, table, text.strip())


def known_form(table: Table, text: str) -> str | None:
    """The key's text in its one form; None if the text is not a key."""
    for candidate in (text, text.strip()):
        with suppress(InvalidInputError):
            return inputs.exact_key(table, candidate)
    return None


def logged_key(table: Table, key: str) -> str:
    """The key as the audit log may hold it: without personal values."""
    return "a row" if any(column.personal for column in table.key) else key


def _show_path(path: RowTrace) -> None:
    if path.kafka is None:
        ui.label(f"{path.key} is committed in PostgreSQL and not yet in Cassandra.")
        return
    took, batch = path.milliseconds, path.spark
    written_at = path.cassandra.written_at if path.cassandra else None
    description_list(
        {
            "Key": path.key,
            "PostgreSQL committed": path.postgres.committed_at,
            "LSN": path.postgres.lsn,
            "On the topic": _after(path.kafka.at, took.commit_to_topic),
            "Partition : offset": f"{path.kafka.partition} : {path.kafka.offset}",
            "Spark batch": batch.batch_id if batch else None,
            "Batch began": _after(batch.started_at if batch else None, took.topic_to_batch),
            "In Cassandra": _after(written_at, took.batch_to_written),
            "Commit to readable": milliseconds(took.commit_to_readable),
        }
    )


def _row(version: RowVersion) -> dict[str, Any]:
    return {
        "operation": version.operation,
        "lsn": version.lsn,
        "committed_at": version.committed_at,
        "place": f"{version.partition} : {version.offset}",
        "on_topic_at": version.on_topic_at,
        "batch": version.batch,
        "written_at": version.written_at,
        "total": milliseconds(version.milliseconds.commit_to_readable),
    }


def _after(at: str | None, took_ms: int | None) -> str | None:
    """The moment, and the time since the stage before."""
    parsed = instant.parse(at)
    shown = instant.utc(parsed) if parsed else at
    return f"{shown} (+{took_ms:,} ms)" if shown and took_ms is not None else shown
