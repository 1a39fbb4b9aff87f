"""The page that Prometheus reads, with a secret of its own: it opens nothing else."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response
from prometheus_client import CollectorRegistry, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from control_center.clients.clients import Clients
from control_center.config import SettingsError
from control_center.health.monitor import HealthMonitor
from control_center.metrics.collector import PipelineCollector
from control_center.web.api.security import bearer

SECRET = "control-center-metrics"


def router(clients: Clients, monitor: HealthMonitor) -> APIRouter:
    """GET /metrics; every question runs the probes, and takes their 5 s at most."""
    disable_created_metrics()
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(PipelineCollector(clients, monitor, registry))
    api = APIRouter()

    @api.get("/metrics")
    def get_metrics(request: Request) -> Response:
        try:
            allowed = bearer(clients.settings.secret(SECRET))
        except SettingsError as error:
            raise HTTPException(503, str(error)) from error
        allowed(request)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return api
