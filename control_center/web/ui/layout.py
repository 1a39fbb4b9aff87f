"""The layout of all pages: title, navigation, the user's name, and the theme."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import Request
from nicegui import ui

from control_center.web.context import AppContext
from control_center.web.ui.session import PageSession

PAGES = {
    "/": "Home",
    "/person": "One person",
    "/stages": "Stages",
    "/messages": "Messages",
    "/schemas": "Schemas",
    "/dead-letters": "Dead letters",
    "/alerts": "Alerts",
    "/audit": "Audit",
}
THEME = "riada_theme"
_SET_THEME = """
const dark = !document.body.classList.contains('body--dark');
document.cookie =
  `riada_theme=${dark ? 'dark' : 'light'}; path=/; max-age=31536000; SameSite=Strict`;
Quasar.Dark.set(dark);
"""


@contextmanager
def layout(context: AppContext, request: Request, path: str) -> Iterator[PageSession]:
    """The page's main part, below its heading. Raises UnauthenticatedError."""
    session = PageSession(context, request)
    principal = session.reader()
    chosen = {"dark": True, "light": False}.get(request.cookies.get(THEME, ""))
    ui.dark_mode(chosen)
    ui.page_title(f"{PAGES[path]} · Riada")
    with ui.element("header").classes("top"):
        ui.link("Riada", "/").classes("brand")
        with ui.element("nav").props('aria-label="Pages"'):
            for target, name in PAGES.items():
                current = ' aria-current="page"' if target == path else ""
                ui.link(name, target).props(current)
        with ui.element("div").classes("session"):
            ui.label(principal.name).props('title="Logged in as"')
            theme = ui.button("Light or dark").props("flat dense no-caps")
            theme.on("click", js_handler=f"() => {{ {_SET_THEME} }}")
            with ui.element("form").props('method="post" action="/logout"'):
                ui.button("Log out").props("flat dense no-caps type=submit")
    with ui.element("div").classes("content") as content:  # the <main> around it is NiceGUI's
        with ui.element("h1"):
            ui.label(PAGES[path])
        yield session
    ui.skip_link(target=content)
