"""The application: its routers, their authentication, and its error handlers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI

from contract.health.page_host import SECRET
from control_center.web import error_handlers
from control_center.web.api import (
    alerts,
    audit,
    connector,
    databases,
    dead_letters,
    jobs,
    messages,
    metrics,
    queries,
    rows,
    schemas,
    stages,
    status,
    tables,
    unknown,
)
from control_center.web.api.dependencies import reader
from control_center.web.auth.bearer_token import BearerToken
from control_center.web.context import AppContext

NOUNS = (
    status,
    stages,
    rows,
    queries,
    messages,
    schemas,
    dead_letters,
    connector,
    jobs,
    tables,
    databases,
    alerts,
    audit,
)


def build(context: AppContext, token: str) -> FastAPI:
    """The application without pages; `token` is the bearer token of its API. Raises SettingsError
    for an empty token."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        context.jobs.stop()

    app = FastAPI(
        title="Riada Control Center",
        openapi_url=None,  # this closes /docs too: both would be open to everybody
        lifespan=lifespan,
    )
    app.state.context, app.state.token = context, BearerToken(token, SECRET)
    closed = APIRouter(prefix="/api", dependencies=[Depends(reader)])
    for noun in (*NOUNS, unknown):
        closed.include_router(noun.router)
    app.include_router(status.open_router, prefix="/api")
    app.include_router(closed)
    app.include_router(metrics.router(context))
    error_handlers.install(app, context.audit)
    return app
