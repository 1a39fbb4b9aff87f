"""The alerts of Prometheus' rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from control_center.web.api.dependencies import Context

router = APIRouter()


@dataclass(frozen=True)
class Alerts:
    """Pending and firing alerts, oldest first."""

    alerts: list[dict[str, Any]]


@router.get("/alerts")
def get_alerts(context: Context) -> Alerts:
    return Alerts([alert.as_json() for alert in context.clients.prometheus.alerts()])
