"""One row of a table: the path of the newest version through the stages, and all versions."""

from __future__ import annotations

from fastapi import APIRouter

from contract.stream.trace import RowTrace, RowVersions
from control_center.pipeline import trace, versions
from control_center.web import inputs
from control_center.web.api.dependencies import Context, TableOfPath
from control_center.web.inputs import RowKey

router = APIRouter(prefix="/tables/{table}")

# A key may hold slashes, so it is the rest of the path.


@router.get("/rows/{key:path}", name="find row")
def get_row(key: RowKey, table: TableOfPath, context: Context) -> RowTrace:
    """The path of the row with this key, or with this value in an indexed column."""
    return trace.trace_row(context.clients, table, key)


@router.get("/versions/{key:path}", name="find versions")
def get_versions(key: RowKey, table: TableOfPath) -> RowVersions:
    """Takes seconds, because it reads the topic. Personal values are masked for every caller."""
    return versions.versions(table, inputs.exact_key(table, key), None)
