"""Schemas: versions and their differences; a check before another one is registered."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from nicegui import ui

from control_center.pipeline import schemas
from control_center.web.context import AppContext
from control_center.web.ui.components import (
    ErrorBanner,
    Table,
    ask,
    pre,
    section,
    with_error_banner,
)
from control_center.web.ui.layout import frame

PATH = "/schemas"


def register(context: AppContext) -> None:
    @ui.page(PATH)
    async def page(request: Request) -> None:
        with frame(context, request, PATH):
            Page(context, request)


class Page:
    def __init__(self, context: AppContext, request: Request) -> None:
        self._context, self._request = context, request
        self._banner = ErrorBanner()
        self._subject = ui.select(
            list(schemas.SUBJECTS),
            value=schemas.SUBJECTS[0],
            label="Subject",
            on_change=with_error_banner(self._banner, self._look),
        )
        self._subject.props("outlined dense options-dense")
        self._level = ui.label()
        self._table = Table("Versions", {"version": "Version", "id": "Schema id"}, "No version yet")
        self._texts = ui.element("div")
        with section("Check before registering"):
            ui.label("Nothing is registered by this.").classes("note")
            self._text = ui.textarea("Avro schema (JSON)")
            self._text.props(f"outlined maxlength={schemas.LONGEST}").classes("wide")
            wrong = ErrorBanner()
            ui.button("Check", on_click=with_error_banner(wrong, self._check)).props(
                "outline no-caps"
            )
            self._outcome = ui.label().props('role="status"')
        ui.timer(0.05, with_error_banner(self._banner, self._look), once=True)

    async def _look(self, *_: Any) -> None:
        self._context.reader(self._request)
        clients, subject = self._context.clients, self._subject.value
        found = await ask(schemas.versions, clients, subject)
        level = await ask(schemas.level, clients, subject)
        self._level.set_text(f"Compatibility: {level}")
        self._table.show([{"version": str(one["version"]), "id": None} | one for one in found])
        self._texts.clear()
        with self._texts:
            for one in found:
                if one["difference"]:
                    with ui.expansion(f"Difference of version {one['version']} to the one before"):
                        pre(one["difference"])
                with ui.expansion(f"Version {one['version']}"):
                    pre(one["schema"])

    async def _check(self, *_: Any) -> None:
        principal = self._context.reader(self._request)
        self._outcome.set_text("")
        try:
            told = await ask(
                schemas.check, self._context.clients, self._subject.value, self._text.value or ""
            )
        except ValueError as error:
            self._context.audit.write(
                principal, "check schema", "", "refused", cause=str(error)[:80]
            )
            raise
        word = "✓ It may be registered." if told["compatible"] else "✕ It is not compatible."
        self._outcome.set_text(" ".join([word, *told["messages"]]))
