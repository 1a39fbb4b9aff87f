"""Serves API and pages: python -m control_center."""

from __future__ import annotations

import os

import uvicorn
from fastapi import FastAPI

from control_center.clients.clients import Clients
from control_center.web.app import build
from control_center.web.auth import credentials
from control_center.web.context import AppContext
from control_center.web.ui.serve import serve


def application(clients: Clients) -> FastAPI:
    """API and pages over these engines."""
    settings = clients.settings
    token, passwords = settings.secret("control-center-token"), credentials.load(settings)
    context = AppContext.of(clients, [token, *passwords.values()])
    app = build(context, token)
    serve(app, context, passwords)
    return app


def main() -> None:
    uvicorn.run(
        application(Clients()),
        host=os.environ.get("HOST", "0.0.0.0"),
        port=int(os.environ.get("PORT", "9021")),
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
