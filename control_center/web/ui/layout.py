"""The layout of all pages: title, navigation, the chosen table, the user's name, and the theme."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

from fastapi import Request
from nicegui import ui

from contract.errors import ComponentError, NotFoundError
from contract.table.table import Table
from control_center.web import theme
from control_center.web.context import AppContext
from control_center.web.errors import error_text
from control_center.web.ui.session import PageSession

PAGES = {
    "/": "Home",
    "/row": "One row",
    "/stages": "Stages",
    "/messages": "Messages",
    "/schemas": "Schemas",
    "/dead-letters": "Dead letters",
    "/alerts": "Alerts",
    "/audit": "Audit",
}
SESSION_CHECK_S = 5.0
# Pages about one table, which the user chooses.
OF_TABLE = ("/", "/row", "/stages", "/messages", "/schemas", "/dead-letters")
_SET_THEME = f"""
const dark = !document.body.classList.contains('body--dark');
document.cookie =
  `{theme.COOKIE}=${{dark ? 'dark' : 'light'}}; path=/; max-age=31536000; SameSite=Strict`;
Quasar.Dark.set(dark);
"""


@contextmanager
def layout(context: AppContext, request: Request, path: str) -> Iterator[PageSession]:
    """The page's main part, below its heading. The URL's parameter `table` names the chosen table,
    by default the first; the links to other pages keep it. Raises UnauthenticatedError."""
    names, table, fault = choose(context, request.query_params.get("table"))
    session = PageSession(context, request, table)
    principal = session.reader()
    ui.dark_mode(theme.is_dark(request))
    ui.page_title(f"{PAGES[path]} · Riada")
    with ui.element("header").classes("top"):
        ui.link("Riada", with_table("/", table)).classes("brand")
        with ui.element("nav").props('aria-label="Pages"'):
            for target, name in PAGES.items():
                current = ' aria-current="page"' if target == path else ""
                ui.link(name, with_table(target, table)).props(current)
        with ui.element("div").classes("session"):
            ui.label(principal.name).props('title="Logged in as"')
            switch = ui.button("Light or dark").props("flat dense no-caps")
            switch.on("click", js_handler=f"() => {{ {_SET_THEME} }}")
            with ui.element("form").props('method="post" action="/logout"'):
                ui.button("Log out").props("flat dense no-caps type=submit")
    with ui.element("div").classes("content") as content:  # the <main> around it is NiceGUI's
        with ui.element("h1"):
            ui.label(PAGES[path])
        if path in OF_TABLE:
            _chooser(path, names, table, fault)
        session.every(SESSION_CHECK_S, lambda: None)
        yield session
    ui.skip_link(target=content)


def table_page(
    context: AppContext, path: str, build: Callable[[PageSession, Table], object]
) -> None:
    """Adds the page at this path; `build` fills it for the chosen table, if there is one."""

    @ui.page(path)
    async def page(request: Request) -> None:
        with layout(context, request, path) as session:
            if session.chosen is not None:
                build(session, session.chosen)


def choose(context: AppContext, name: str | None) -> tuple[list[str], Table | None, str]:
    """The names of all tables, the table of this name (None: the first one), and why there is no
    such table, or ""."""
    try:
        tables = context.clients.tables()
        if not tables:
            return [], None, "No table is deployed: make deploy-dags."
        table = next(iter(tables.values())) if name is None else context.clients.table(name)
        return list(tables), table, ""
    except NotFoundError as error:
        return list(tables), None, error_text(error)
    except ComponentError as error:
        return [], None, error_text(error)


def with_table(path: str, table: Table | None) -> str:
    """The URL of a page that shows this table."""
    return f"{path}?table={quote(table.name)}" if table else path


def _chooser(path: str, names: list[str], table: Table | None, fault: str) -> None:
    if fault:
        ui.label(fault).classes("fault").props('role="alert"')
    if names:
        with ui.row().classes("ask"):
            field = ui.select(
                names,
                value=table.name if table else None,
                label="Table",
                on_change=lambda event: ui.navigate.to(f"{path}?table={quote(str(event.value))}"),
            )
            field.props("outlined dense options-dense").classes("short")
