"""Long jobs: an operator starts them, and every caller can follow their progress. The bounds of the
arguments are here, their defaults in contract.jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from contract.errors import InvalidInputError, NotFoundError
from contract.jobs.bench import BenchRequest
from contract.jobs.compare import CompareRequest
from contract.jobs.erase import EraseRequest
from contract.jobs.job import JobKind, JobStatus
from contract.jobs.rebuild import RebuildRequest
from contract.jobs.repair import RepairRequest
from contract.jobs.smoke_test import SmokeTestRequest
from control_center.config import COMPONENT
from control_center.jobs.bench import run
from control_center.web import inputs
from control_center.web.api.dependencies import Context, Operator
from control_center.web.auth.roles import Principal
from control_center.web.context import AppContext, TableRequest
from control_center.web.inputs import RowKey

router = APIRouter()
Since = Annotated[int, Query(ge=0)]


class Arguments(BaseModel):
    """Unknown arguments are refused."""

    model_config = ConfigDict(extra="forbid")


class OfTable(Arguments):
    """`table`: the name of a deployed table."""

    table: str


class SmokeTest(OfTable):
    """Rows are rounded up to complete pages of the source. `patience` multiplies every timeout, for
    slow machines."""

    rows: int = Field(SmokeTestRequest.rows, ge=1, le=500_000)
    seed: str | None = Field(SmokeTestRequest.seed, pattern=r"^[A-Za-z0-9_-]{1,64}$")
    patience: float = Field(SmokeTestRequest.patience, ge=1, le=20)


class Bench(OfTable):
    """`warm_up_rows` are not measured; then `rows` for the sustained rate, then `latency_s` seconds
    at 200 rows/s."""

    warm_up_rows: int = Field(BenchRequest.warm_up_rows, ge=0, le=2_000_000)
    rows: int = Field(BenchRequest.rows, ge=1000, le=2_000_000)
    latency_s: int = Field(BenchRequest.latency_s, ge=5, le=3600)


class Erase(OfTable):
    """`key`: of the row to erase; "" with `again`. It is in no log and no result."""

    key: RowKey | Literal[""] = ""
    again: bool = False


@dataclass(frozen=True)
class StartedJob:
    """Starts a job; GET /api/<kind>/<id> returns its progress."""

    id: str


@router.post("/smoke-test", status_code=202)
def post_smoke_test(arguments: SmokeTest, principal: Operator, context: Context) -> StartedJob:
    return _start(
        context, principal, JobKind.SMOKE_TEST, SmokeTestRequest(**arguments.model_dump())
    )


@router.post("/bench", status_code=202)
def post_bench(arguments: Bench, principal: Operator, context: Context) -> StartedJob:
    request = BenchRequest(**arguments.model_dump())
    run.refuse(context.clients.table(request.table))
    return _start(context, principal, JobKind.BENCH, request)


@router.post("/compare", status_code=202)
def post_compare(arguments: OfTable, principal: Operator, context: Context) -> StartedJob:
    return _start(context, principal, JobKind.COMPARE, CompareRequest(arguments.table))


@router.post("/repair", status_code=202)
def post_repair(arguments: OfTable, principal: Operator, context: Context) -> StartedJob:
    return _start(context, principal, JobKind.REPAIR, RepairRequest(arguments.table))


@router.post("/rebuild", status_code=202)
def post_rebuild(arguments: Arguments, principal: Operator, context: Context) -> StartedJob:
    """A rebuild that is running is followed: a second one would begin again."""
    if running := context.jobs.running(JobKind.REBUILD):
        return StartedJob(running.id)
    return StartedJob(context.start(principal, JobKind.REBUILD, RebuildRequest()).id)


@router.post("/erase", status_code=202)
def post_erase(arguments: Erase, principal: Operator, context: Context) -> StartedJob:
    table = context.clients.table(arguments.table)
    if bool(arguments.key) == arguments.again:
        raise InvalidInputError(COMPONENT, "give either the key of a row, or again: true")
    key = inputs.exact_key(table, arguments.key) if arguments.key else ""
    return _start(context, principal, JobKind.ERASE, EraseRequest(table.name, key, arguments.again))


@router.get("/compare")
def get_newest_comparison(context: Context, table: str | None = None) -> JobStatus:
    """The newest comparison (of this table), which may still be running, or may have ended before
    the Control Center started. Starts none."""
    if table is not None:
        context.clients.table(table)
    job = context.jobs.newest(JobKind.COMPARE, table=table)
    if job is None:
        cause = "no comparison has ended yet"
        raise NotFoundError(COMPONENT, cause, "POST /api/compare starts one.")
    return job


def _getter(kind: JobKind) -> Callable[..., JobStatus]:
    def get_job(job_id: str, context: Context, since: Since = 0) -> JobStatus:
        job = context.jobs.get(kind.value, job_id)
        if job is None:
            cause = f"unknown {kind.value} {job_id}"
            raise NotFoundError(COMPONENT, cause, "The last 20 jobs since the start are kept.")
        return job.status(since)

    return get_job


for _kind in JobKind:
    router.add_api_route(
        f"/{_kind.value}/{{job_id}}", _getter(_kind), name=f"get_{_kind.name.lower()}"
    )


def _start(
    context: AppContext, principal: Principal, kind: JobKind, request: TableRequest
) -> StartedJob:
    context.clients.table(request.table)  # raises NotFoundError
    return StartedJob(context.start(principal, kind, request).id)
