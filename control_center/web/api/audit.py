"""The audit log: completed and refused actions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query

from control_center.web.api.dependencies import Context
from control_center.web.auth.audit_line import AuditLine

router = APIRouter()


@dataclass(frozen=True)
class AuditLog:
    """The newest lines, newest first."""

    audit: list[AuditLine]


@router.get("/audit")
def get_audit(context: Context, limit: Annotated[int, Query(ge=1, le=500)] = 100) -> AuditLog:
    return AuditLog(context.audit.newest(limit))
