"""The named queries of a table's file, which read Cassandra."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from control_center.pipeline import queries
from control_center.web import inputs
from control_center.web.api.dependencies import Context, TableOfPath

router = APIRouter(prefix="/tables/{table}")

# FastAPI serializes a dataclass by its annotated type; to_json keeps the values of a row.


@router.get("/queries/{name}", name="run query")
def get_query(name: str, table: TableOfPath, request: Request, context: Context) -> dict[str, Any]:
    """The query with the values of its parameters, which are the parameters of the URL. Personal
    values are masked for every caller."""
    parameters = inputs.query_parameters(request.query_params.multi_items())
    return queries.run(context.clients, table, name, parameters).to_json()
