"""The restart of Kafka Connect's connector."""

from __future__ import annotations

from fastapi import APIRouter

from control_center.health.stages.connect import Restart
from control_center.web.api.dependencies import Context, Operator
from control_center.web.context import RESTART

router = APIRouter()


@router.post("/connector/restart", name=RESTART)
def post_restart(principal: Operator, context: Context) -> Restart:
    """Restarts the connector. The answer comes when connector and task run again, or after 30 s."""
    return context.restart_connector(principal)
