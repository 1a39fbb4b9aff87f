"""The connector of Kafka Connect."""

from __future__ import annotations

from fastapi import APIRouter

from control_center.health.stages.connect import Restart
from control_center.web.api.dependencies import Context, Operator
from control_center.web.context import RESTART

router = APIRouter()


@router.post("/connector/restart", name=RESTART)
def post_restart(principal: Operator, context: Context) -> Restart:
    """Answers when connector and task run again, after 30 s at the latest."""
    return context.restart_connector(principal)
