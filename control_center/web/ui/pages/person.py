"""One person: commit, offset, message, batch and write of each version."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Request
from nicegui import ui

from contract.errors import InvalidInputError
from contract.stream.trace import PersonTrace, PersonVersion
from control_center.pipeline import trace
from control_center.pipeline.versions import versions
from control_center.web import inputs
from control_center.web.context import AppContext
from control_center.web.ui.components import (
    ErrorBanner,
    Table,
    ask,
    description_list,
    pre,
    section,
    with_error_banner,
)
from control_center.web.ui.layout import layout
from control_center.web.ui.session import PageSession
from control_center.web.ui.unmask import UnmaskSwitch

PATH = "/person"
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
            Page(session, key)


class Page:
    def __init__(self, session: PageSession, key: str) -> None:
        self._session, self._context = session, session.context
        self._person: tuple[str, int | None] | None = None  # id, partition if known
        self._banner = ErrorBanner()
        find = with_error_banner(self._banner, self._find)
        with ui.row().classes("ask"):
            self._key = ui.input("Id or email address", value=key[: inputs.LONGEST_KEY])
            self._key.props("outlined dense maxlength=255 clearable").classes("grow")
            self._key.on("keydown.enter", find)
            ui.button("Find", on_click=find).props("no-caps")
            self._unmask = UnmaskSwitch(session, self._banner, self._show_versions)
        self._trace = ui.element("div").props('aria-live="polite"')
        with section("Versions"):
            self._state = ui.label("Enter an id or an email address.").props('role="status"')
            self._table = Table("Versions", VERSIONS, "No version on the topic")
            self._table.element.set_visibility(False)
            self._messages = ui.element("div")
        if key:
            ui.timer(0.05, find, once=True)

    async def _find(self, *_: Any) -> None:
        principal = self._session.reader()
        clients = self._context.clients
        self._person = None
        self._trace.clear()
        self._messages.clear()
        self._table.element.set_visibility(False)
        try:
            key = inputs.person_key(self._key.value or "")
        except InvalidInputError as error:
            self._session.refuse(principal, "find person", error.cause)
            raise
        try:
            path = await ask(trace.trace_person, clients, key)
        except trace.UnknownPersonError:
            if "@" in key:
                raise
            self._person = (key.lower(), None)
            with self._trace:
                text = f"{key.lower()} is not in PostgreSQL: it was deleted or never existed."
                ui.label(text).classes("fault")
        else:
            self._person = (path.id, path.kafka.partition if path.kafka else None)
            with self._trace:
                _show_path(path)
        await self._show_versions()

    async def _show_versions(self) -> None:
        if self._person is None:
            return
        self._state.set_text("Reading the topic for every version…")
        unmasked = self._unmask.allows(self._person[0])
        result = await ask(versions, *self._person, unmasked)
        self._state.set_text(f"Versions among {result.read:,} messages: {len(result.versions)}.")
        self._table.show([_row(version) for version in result.versions])
        self._table.element.set_visibility(bool(result.versions))
        self._messages.clear()
        with self._messages:
            for version in result.versions:
                with ui.expansion(f"Decoded message at {version.partition} : {version.offset}"):
                    pre(json.dumps(version.record, indent=2, default=str, ensure_ascii=False))


def _show_path(path: PersonTrace) -> None:
    if path.kafka is None:
        ui.label(f"{path.id} is committed in PostgreSQL and not yet in Cassandra.")
        return
    milliseconds, batch = path.milliseconds, path.spark
    written_at = path.cassandra.written_at if path.cassandra else None
    description_list(
        {
            "Person": path.id,
            "PostgreSQL committed": path.postgres.committed_at,
            "LSN": path.postgres.lsn,
            "On the topic": _after(path.kafka.at, milliseconds.commit_to_topic),
            "Partition : offset": f"{path.kafka.partition} : {path.kafka.offset}",
            "Spark batch": batch.batch_id if batch else None,
            "Batch began": _after(batch.started_at if batch else None, milliseconds.topic_to_batch),
            "In Cassandra": _after(written_at, milliseconds.batch_to_written),
            "Commit to readable": _ms(milliseconds.commit_to_readable),
        }
    )


def _row(version: PersonVersion) -> dict[str, Any]:
    return {
        "operation": version.operation,
        "lsn": version.lsn,
        "committed_at": _time(version.committed_at),
        "place": f"{version.partition} : {version.offset}",
        "on_topic_at": _time(version.on_topic_at),
        "batch": version.batch,
        "written_at": _time(version.written_at),
        "total": _ms(version.milliseconds.commit_to_readable),
    }


def _time(moment: str | None) -> str | None:
    return moment.replace("T", " ").removesuffix("+00:00") if moment else None


def _after(moment: str | None, milliseconds: int | None) -> str | None:
    return f"{moment} (+{milliseconds:,} ms)" if moment and milliseconds is not None else moment


def _ms(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else f"{milliseconds:,} ms"
