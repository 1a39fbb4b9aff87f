"""The page that Prometheus reads, with its own token, which gives access to nothing else."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from contract.errors import UnreachableError
from control_center.config import COMPONENT, SettingsError
from control_center.metrics.collector import PipelineCollector
from control_center.web.auth.bearer_token import BearerToken
from control_center.web.context import AppContext

SECRET = "control-center-metrics"


def router(context: AppContext) -> APIRouter:
    """GET /metrics. Runs the probes, which takes up to 5 s."""
    disable_created_metrics()
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(PipelineCollector(context.clients, context.monitor, registry))
    routes = APIRouter()

    @routes.get("/metrics")
    def get_metrics(request: Request) -> Response:
        try:
            token = BearerToken(context.clients.settings.secret(SECRET), SECRET)
        except SettingsError as error:
            raise UnreachableError(COMPONENT, error.cause, error.remedy) from error
        token.check(request.headers.get("authorization", ""))
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return routes
