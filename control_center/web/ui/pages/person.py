"""The way of one person: each version's commit, offset, message, batch and write."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Request
from nicegui import ui

from control_center.pipeline import trace
from control_center.pipeline.versions import versions
from control_center.web.api import inputs
from control_center.web.context import AppContext
from control_center.web.ui.components import (
    ErrorBanner,
    Table,
    ask,
    facts,
    pre,
    section,
    with_error_banner,
)
from control_center.web.ui.layout import frame
from control_center.web.ui.unmask import Unmask

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
        with frame(context, request, PATH):
            Page(context, request, key)


class Page:
    def __init__(self, context: AppContext, request: Request, key: str) -> None:
        self._context, self._request = context, request
        self._found: tuple[str, int | None] | None = None
        self._banner = ErrorBanner()
        look = with_error_banner(self._banner, self._look)
        with ui.row().classes("ask"):
            self._key = ui.input("Id or email address", value=key[: inputs.LONGEST])
            self._key.props("outlined dense maxlength=255 clearable").classes("grow")
            self._key.on("keydown.enter", look)
            ui.button("Find", on_click=look).props("no-caps")
            self._unmask = Unmask(context, request, self._banner, self._again)
        self._way = ui.element("div").props('aria-live="polite"')
        with section("Versions"):
            self._state = ui.label("Nobody was looked for.").props('role="status"')
            self._table = Table("Versions", VERSIONS, "No version on the topic")
            self._table.element.set_visibility(False)
            self._messages = ui.element("div")
        if key:
            ui.timer(0.05, look, once=True)

    async def _look(self, *_: Any) -> None:
        principal = self._context.reader(self._request)
        clients = self._context.clients
        self._found = None
        self._way.clear()
        self._messages.clear()
        self._table.element.set_visibility(False)
        try:
            key = inputs.person(self._key.value or "")
        except inputs.UnfitError as error:
            self._context.audit.write(principal, "find person", "", "refused", cause=str(error))
            raise
        try:
            found = await ask(trace.way, clients, key)
        except trace.UnknownPersonError:
            if "@" in key:
                raise
            found = {"id": key.lower(), "kafka": None}
        with self._way:
            _way(found)
        self._found = (found["id"], (found["kafka"] or {}).get("partition"))
        await self._again()

    async def _again(self) -> None:
        if self._found is None:
            return
        self._state.set_text("Reading the topic for every version…")
        unmasked = self._unmask.allows(self._found[0])
        found = await ask(versions, *self._found, unmasked)
        self._state.set_text(f"Versions among {found.read:,} messages: {len(found.versions)}.")
        self._table.show([_row(one) for one in found.versions])
        self._table.element.set_visibility(bool(found.versions))
        self._messages.clear()
        with self._messages:
            for one in found.versions:
                with ui.expansion(f"Decoded message at {one['partition']} : {one['offset']}"):
                    pre(json.dumps(one["record"], indent=2, default=str, ensure_ascii=False))


def _way(found: dict[str, Any]) -> None:
    if "postgres" not in found:
        ui.label(f"{found['id']} is not in PostgreSQL: deleted, or never there.").classes("fault")
        return
    if not found["arrived"] and found["cassandra"] is None:
        ui.label(f"{found['id']} is committed in PostgreSQL, and not in Cassandra yet.")
        return
    milliseconds = found["milliseconds"]
    kafka, spark = found["kafka"] or {}, found["spark"] or {}
    facts(
        {
            "Person": found["id"],
            "PostgreSQL committed": found["postgres"].get("committed_at"),
            "LSN": found["postgres"].get("lsn"),
            "On the topic": _after(kafka.get("at"), milliseconds["commit_to_topic"]),
            "Partition : offset": f"{kafka.get('partition')} : {kafka.get('offset')}",
            "Spark batch": spark.get("batch_id"),
            "Batch began": _after(spark.get("started_at"), milliseconds["topic_to_batch"]),
            "In Cassandra": _after(
                (found["cassandra"] or {}).get("written_at"), milliseconds["batch_to_written"]
            ),
            "Commit to readable": _ms(milliseconds["commit_to_readable"]),
        }
    )


def _row(version: dict[str, Any]) -> dict[str, Any]:
    times = {name: version[name] for name in ("committed_at", "on_topic_at", "written_at")}
    return {
        "operation": version["operation"],
        "lsn": version["lsn"],
        "place": f"{version['partition']} : {version['offset']}",
        "batch": version["batch"],
        "total": _ms(version["milliseconds"]["commit_to_readable"]),
        **{
            name: at.replace("T", " ").removesuffix("+00:00") if at else None
            for name, at in times.items()
        },
    }


def _after(moment: str | None, milliseconds: int | None) -> str | None:
    return f"{moment} (+{milliseconds:,} ms)" if moment and milliseconds is not None else moment


def _ms(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else f"{milliseconds:,} ms"
