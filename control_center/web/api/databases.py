"""The check of the databases that files describe. It only reads."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from contract.jobs.databases import CheckResult
from control_center.health.databases.check import check
from control_center.health.databases.server import PostgresServer
from control_center.web.api.dependencies import Context, Operator

router = APIRouter()


class CheckArguments(BaseModel):
    """The fields of contract.jobs.databases.CheckRequest."""

    model_config = ConfigDict(extra="forbid")
    files: dict[str, str] = Field(max_length=1000)


@router.post("/databases/check", name="check databases")
def post_check(arguments: CheckArguments, principal: Operator, context: Context) -> CheckResult:
    settings = context.clients.settings
    return check(arguments.files, PostgresServer(settings), settings.databases)
