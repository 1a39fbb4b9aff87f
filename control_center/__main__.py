"""Serves API and pages: python -m control_center."""

from __future__ import annotations

import sys

import uvicorn
from fastapi import FastAPI

from control_center.clients.clients import Clients
from control_center.config import Settings, SettingsError
from control_center.jobs.verification.supervisor import Supervisor
from control_center.web.app import build
from control_center.web.auth import credentials
from control_center.web.context import AppContext
from control_center.web.ui.mount import mount


def application(clients: Clients) -> FastAPI:
    """API and pages over these clients."""
    settings = clients.settings
    token, passwords = settings.secret("control-center-token"), credentials.load(settings)
    context = AppContext.of(clients, [token, *passwords.values()])
    app = build(context, token)
    mount(app, context, passwords)
    return app


def main() -> None:
    try:
        settings = Settings.load()
        served = application(Clients(settings))
    except SettingsError as error:
        sys.exit(f"{error}. {error.remedy}")
    supervisor = Supervisor() if settings.verification_percent else None
    if supervisor is not None:
        supervisor.start()
    try:
        uvicorn.run(
            served,
            host=settings.host,
            port=settings.port,
            access_log=False,
            log_level="warning",
            timeout_graceful_shutdown=5,
        )
    finally:
        if supervisor is not None:
            supervisor.stop()


if __name__ == "__main__":
    main()
