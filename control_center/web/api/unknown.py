"""The answer for paths of the API that do not exist: the pages' application would answer HTML."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.routing import Match

router = APIRouter()
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@router.api_route("/{path:path}", methods=METHODS, include_in_schema=False)
def unknown(request: Request) -> None:
    """405 if the path exists for another method, else 404."""
    exists = any(route.matches(request.scope)[0] is Match.PARTIAL for route in request.app.routes)
    raise HTTPException(405 if exists else 404)
