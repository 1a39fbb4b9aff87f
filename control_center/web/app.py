"""The endpoints. Every answer is one JSON object."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field

from contract.jobs.bench import BenchRequest
from contract.jobs.compare import CompareRequest
from contract.jobs.job import JobKind
from contract.jobs.json_record import JsonRecord
from contract.jobs.repair import RepairRequest
from contract.jobs.smoke_test import SmokeTestRequest
from control_center.health.probes import PROBES
from control_center.jobs.runner import BusyError, Job
from control_center.pipeline import countries
from control_center.pipeline.trace import way
from control_center.web.api import explore, metrics
from control_center.web.api.answers import answer
from control_center.web.api.security import AuthDependencies
from control_center.web.auth.roles import Principal
from control_center.web.context import AppContext


class SmokeTest(BaseModel):
    """People are rounded up to whole pages of the source. `patience`: times as long as usual that
    answers and progress are waited for."""

    model_config = ConfigDict(extra="forbid")
    people: int = Field(5000, ge=1, le=500_000)
    seed: str | None = Field(None, pattern=r"^[A-Za-z0-9_-]{1,64}$")
    patience: float = Field(1, ge=1, le=20)


class Bench(BaseModel):
    """`warm_up_rows`, `rows` for the sustained rate, then `latency_s` seconds at 200 rows/s."""

    model_config = ConfigDict(extra="forbid")
    warm_up_rows: int = Field(150_000, ge=0, le=2_000_000)
    rows: int = Field(120_000, ge=1000, le=2_000_000)
    latency_s: int = Field(60, ge=5, le=3600)


class NoArguments(BaseModel):
    model_config = ConfigDict(extra="forbid")


def build(context: AppContext, token: str) -> FastAPI:
    """The application; `token` is what its API's callers send."""
    clients, monitor, jobs, audit = context.clients, context.monitor, context.jobs, context.audit
    callers = AuthDependencies(token, audit)
    operator = Depends(callers.operator)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        jobs.stop()

    app = FastAPI(
        title="Riada Control Center",
        openapi_url=None,  # nor /docs: both would be open
        lifespan=lifespan,
    )
    api = APIRouter(prefix="/api", dependencies=[Depends(callers.reader)])

    @app.get("/api/health")
    def health() -> dict[str, bool]:
        return {"ok": True}

    @api.get("/status")
    def get_status() -> dict[str, Any]:
        return monitor.refresh().report.to_json()

    @api.get("/probes/{name}")
    def get_probe(name: str) -> dict[str, Any]:
        if name not in PROBES:
            raise HTTPException(404, f"there is no probe {name}; probes: {', '.join(PROBES)}")
        return monitor.runner.run(name)[0].to_json()

    @api.get("/person/{key}")
    def get_person(key: str) -> dict[str, Any]:
        return answer(lambda: way(clients, key))

    @api.get("/countries")
    def get_countries() -> dict[str, Any]:
        """Seconds: all people are counted."""
        return {"people": answer(lambda: countries.counts(clients))}

    @api.get("/countries/{country}")
    def get_country(country: str, limit: int = Query(20, ge=1, le=1000)) -> dict[str, Any]:
        people = answer(lambda: countries.count(clients, country))
        if not people:
            raise HTTPException(404, f"nobody is from {country}; GET /api/countries lists them")
        newest = answer(lambda: countries.newest(clients, country, limit))
        return {"country": country, "people": people, "newest": newest}

    def begin(kind: JobKind, request: JsonRecord, principal: Principal) -> Job:
        try:
            return context.start(principal, kind, request)
        except BusyError as error:
            raise HTTPException(409, str(error)) from error

    def start(kind: JobKind, request: JsonRecord, principal: Principal) -> dict[str, str]:
        return {"id": begin(kind, request, principal).id}

    @api.post("/smoke-test", status_code=202)
    def post_smoke_test(arguments: SmokeTest, principal: Principal = operator) -> dict[str, str]:
        return start(JobKind.SMOKE_TEST, SmokeTestRequest(**arguments.model_dump()), principal)

    @api.post("/bench", status_code=202)
    def post_bench(arguments: Bench, principal: Principal = operator) -> dict[str, str]:
        return start(JobKind.BENCH, BenchRequest(**arguments.model_dump()), principal)

    @api.post("/compare", status_code=202)
    def post_compare(arguments: NoArguments, principal: Principal = operator) -> dict[str, str]:
        return start(JobKind.COMPARE, CompareRequest(), principal)

    @api.post("/repair", status_code=202)
    def post_repair(arguments: NoArguments, principal: Principal = operator) -> dict[str, str]:
        return start(JobKind.REPAIR, RepairRequest(), principal)

    @api.get("/compare")
    def get_compare(principal: Principal = operator) -> dict[str, Any]:
        """Compares and answers at the end: seconds to a minute."""
        job = begin(JobKind.COMPARE, CompareRequest(), principal)
        job.join()
        return dict(job.result or {})

    @api.get("/{kind}/{number}")
    def get_job(kind: str, number: str, since: int = 0) -> dict[str, Any]:
        job = jobs.get(kind, number)
        if job is None:
            raise HTTPException(404, f"there is no {kind} {number} (kept: the last 20, in memory)")
        return job.status(max(0, since)).to_json()

    app.include_router(explore.router(callers, context))
    app.include_router(api)
    app.include_router(metrics.router(clients, monitor))
    return app
