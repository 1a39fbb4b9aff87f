"""Is the platform up, and do all probes pass?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from contract.errors import NotFoundError
from control_center.config import COMPONENT
from control_center.health.probes import PROBES
from control_center.web.api.dependencies import Context

open_router = APIRouter()
router = APIRouter()


@dataclass(frozen=True)
class Health:
    """The answer of a running Control Center."""

    ok: bool = True


@open_router.get("/health")
def get_health() -> Health:
    """Needs no token: the container's health check asks for it."""
    return Health()


# FastAPI serializes a dataclass by its annotated type, so it would drop the fields that each
# probe's details add to ProbeDetails. to_json keeps them.


@router.get("/status")
def get_status(context: Context) -> dict[str, Any]:
    """contract.health.report.HealthReport. Runs all probes, which takes up to 5 s."""
    return context.monitor.refresh().report.to_json()


@router.get("/probes/{name}")
def get_probe(name: str, context: Context) -> dict[str, Any]:
    """contract.health.result.ProbeResult."""
    if name not in PROBES:
        raise NotFoundError(COMPONENT, f"unknown probe {name}", f"Probes: {', '.join(PROBES)}.")
    return context.monitor.runner.run(name)[0].to_json()
