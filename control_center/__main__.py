"""Serves API and pages: python -m control_center."""

from __future__ import annotations

import os

import uvicorn
from fastapi import FastAPI

from control_center.access import accounts
from control_center.access.audit import Audit
from control_center.access.sessions import Sessions
from control_center.api.app import build
from control_center.api.jobs import Jobs
from control_center.engines import Engines
from control_center.pages.desk import Desk
from control_center.pages.serve import serve
from control_center.probes.run import Runner
from control_center.resend import Resend
from control_center.watch import Watch


def application(engines: Engines) -> FastAPI:
    """API and pages over these engines."""
    settings = engines.settings
    token, passwords = settings.secret("control-center-token"), accounts.load(settings)
    desk = Desk(
        engines=engines,
        watch=Watch(Runner(engines)),
        jobs=Jobs(),
        sessions=Sessions([token, *passwords.values()]),
        audit=Audit(settings.state / "audit.jsonl"),
        resend=Resend(settings.state / "sent-again.jsonl"),
    )
    app = build(engines, desk.watch, token, desk.jobs, desk.audit, desk.resend)
    serve(app, desk, passwords)
    return app


def main() -> None:
    uvicorn.run(
        application(Engines()),
        host=os.environ.get("HOST", "0.0.0.0"),
        port=int(os.environ.get("PORT", "9021")),
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
