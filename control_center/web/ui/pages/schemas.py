"""Schemas: versions and their differences, and a check of a new schema."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from nicegui import ui

from contract.errors import InvalidInputError
from contract.table.table import Table
from control_center.pipeline import schemas
from control_center.pipeline.schema_fields import fields
from control_center.web.context import AppContext
from control_center.web.ui.components import (
    ErrorBanner,
    ask,
    pre,
    section,
    with_error_banner,
)
from control_center.web.ui.layout import table_page
from control_center.web.ui.session import PageSession
from control_center.web.ui.table import Table as Grid

PATH = "/schemas"
FIELDS = {"name": "Field", "type": "Type", "default": "Default"}


def register(context: AppContext) -> None:
    table_page(context, PATH, Page)


class Page:
    def __init__(self, session: PageSession, table: Table) -> None:
        self._session, self._context = session, session.context
        self._banner = ErrorBanner()
        subjects = list(schemas.subjects(table))
        self._subject = ui.select(
            subjects,
            value=subjects[0],
            label="Subject",
            on_change=with_error_banner(self._banner, self._read),
        )
        self._subject.props("outlined dense options-dense")
        self._level = ui.label()
        self._table = Grid("Versions", {"version": "Version", "id": "Schema id"}, "No version yet")
        self._texts = ui.element("div")
        with section("Check before registering"):
            ui.label("The check registers nothing.").classes("note")
            self._text = ui.textarea("Avro schema (JSON)")
            self._text.props(f"outlined maxlength={schemas.LONGEST}").classes("wide")
            check_banner = ErrorBanner()
            ui.button("Check", on_click=with_error_banner(check_banner, self._check)).props(
                "outline no-caps"
            )
            self._outcome = ui.label().props('role="status"')
        ui.timer(0.05, with_error_banner(self._banner, self._read), once=True)

    async def _read(self, *_: Any) -> None:
        self._session.reader()
        clients, table, subject = self._context.clients, self._session.table, self._subject.value
        versions = await ask(schemas.versions, clients, table, subject)
        level = await ask(schemas.level, clients, table, subject)
        self._level.set_text(f"Compatibility: {level}")
        self._table.show([{"version": item.version, "id": item.id} for item in versions])
        self._texts.clear()
        with self._texts:
            for version in versions:
                if version.difference:
                    title = f"Changes from the previous version to version {version.version}"
                    with ui.expansion(title):
                        pre(version.difference)
                title, newest = f"Fields of version {version.version}", version is versions[0]
                with ui.expansion(title, value=newest):
                    table_of_fields = Grid(title, FIELDS, "Not a record")
                    table_of_fields.show([asdict(item) for item in fields(version.parsed)])
                with ui.expansion(f"Version {version.version} as JSON"):
                    pre(version.schema)

    async def _check(self, *_: Any) -> None:
        principal = self._session.reader()
        self._outcome.set_text("")
        clients, table, subject = self._context.clients, self._session.table, self._subject.value
        try:
            result = await ask(schemas.check, clients, table, subject, self._text.value or "")
        except InvalidInputError as error:
            self._session.invalid(principal, "check schema", error.cause, table.name)
            raise
        good, bad = "✓ The schema may be registered.", "✕ The schema is not compatible."
        word = good if result.compatible else bad
        self._outcome.set_text(" ".join([word, *result.messages]))
