"""The answer for paths of the API that do not exist: the pages' application would answer HTML."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException

router = APIRouter()
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
NAME = "unknown path"


@router.api_route("/{path:path}", methods=METHODS, name=NAME)
def unknown(request: Request) -> None:
    """405 if the path exists for another method, else 404."""
    exists = any(
        route.methods and route.name != NAME and route.path_regex.match(request.url.path)
        for route in iter_route_contexts(request.app.routes)
    )
    raise HTTPException(405 if exists else 404)
