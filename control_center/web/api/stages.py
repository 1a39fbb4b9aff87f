"""The details of one stage of the pipeline."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from contract.errors import NotFoundError
from control_center.config import COMPONENT
from control_center.health.stages import STAGES
from control_center.web.api.dependencies import Context

router = APIRouter()


@router.get("/stages/{name}")
def get_stage(name: str, context: Context, table: str | None = None) -> dict[str, Any]:
    """`table`: whose batches the stage spark shows; by default the first one."""
    if name not in STAGES:
        raise NotFoundError(COMPONENT, f"unknown stage {name}", f"Stages: {', '.join(STAGES)}.")
    chosen = None if table is None else context.clients.table(table)
    return STAGES[name](context.clients, chosen).to_json()
