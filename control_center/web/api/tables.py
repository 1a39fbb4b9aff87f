"""The deployed tables, the plan of a release, and the file of a new table. All of them only
read."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from contract.jobs.describe import DescribeRequest, DescribeResult
from contract.jobs.plan import Plan
from contract.jobs.tables import TableEntry, TableList
from control_center.tables import service
from control_center.web.api.dependencies import Context, Operator

router = APIRouter()
LONGEST_NAME = 161  # database/schema.relation


class PlanArguments(BaseModel):
    """The fields of contract.jobs.plan.PlanRequest."""

    model_config = ConfigDict(extra="forbid")
    files: dict[str, str] = Field(max_length=1000)
    remove: list[str] = Field(default_factory=list, max_length=1000)


class DescribeArguments(BaseModel):
    """The fields of contract.jobs.describe.DescribeRequest."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    url: str | None = Field(None, max_length=4000, pattern=r"^https?://[^\s/]\S*$")
    files: dict[str, str] = Field(default_factory=dict, max_length=1000)


@router.get("/tables")
def get_tables(context: Context) -> TableList:
    return TableList(tuple(TableEntry.of(table) for table in context.clients.tables().values()))


@router.post("/tables/plan", name="plan")
def post_plan(arguments: PlanArguments, principal: Operator, context: Context) -> Plan:
    return service.plan_of(context.clients, arguments.files, arguments.remove)


@router.post("/tables/describe", name="describe table")
def post_describe(
    arguments: DescribeArguments, principal: Operator, context: Context
) -> DescribeResult:
    request = DescribeRequest(arguments.name, arguments.url, arguments.files)
    return service.describe(context.clients, request)
