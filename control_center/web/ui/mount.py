"""Adds the pages to the API's application."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from nicegui import app as nicegui
from nicegui import run, ui

from control_center.web.auth import login
from control_center.web.auth.middleware import AuthMiddleware
from control_center.web.auth.roles import Role
from control_center.web.context import AppContext
from control_center.web.ui.not_found import not_found
from control_center.web.ui.pages import (
    alerts,
    audit,
    dead_letters,
    home,
    messages,
    row,
    schemas,
    stages,
)

STYLE = Path(__file__).parent / "style.css"
THREADS = 24  # requests to components at the same time: the page Stages alone makes eight
ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<path fill="none" stroke="#0b5cad" stroke-width="2"
 d="M1 5c4-4 6 4 14 0M1 9c4-4 6 4 14 0M1 13c4-4 6 4 14 0"/>
</svg>"""


def mount(app: FastAPI, context: AppContext, passwords: Mapping[Role, str]) -> None:
    """Adds login, AuthMiddleware and all pages. Call it once per process, because NiceGUI's pages
    are global."""
    app.include_router(login.router(passwords, context))

    @app.get("/assets/style.css")
    def style() -> FileResponse:
        return FileResponse(STYLE, media_type="text/css")

    for page in (home, row, stages, messages, schemas, dead_letters, alerts, audit):
        page.register(context)
    nicegui.add_exception_handler(404, not_found)
    ui.add_head_html('<link rel="stylesheet" href="/assets/style.css">', shared=True)
    run.thread_pool = ThreadPoolExecutor(THREADS)
    nicegui.config.quasar_config["brand"] = {"primary": "#0b5cad"}
    nicegui.config.socket_io_js_transports = ["websocket"]
    ui.run_with(
        app,
        title="Riada",
        favicon=ICON,
        dark=None,
        language="en-US",
        binding_refresh_interval=None,
        message_history_length=100,
        tailwind=False,
        show_welcome_message=False,
    )
    app.add_middleware(
        AuthMiddleware, sessions=context.sessions, host=context.host, audit=context.audit
    )
