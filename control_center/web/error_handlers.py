"""Exception handlers, installed once. They turn exceptions of every route into error answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from contract.errors import ComponentError, ErrorCode, InvalidInputError
from control_center.config import COMPONENT
from control_center.web.auth.audit import LONGEST_DETAIL, Audit, logged_path
from control_center.web.auth.audit_line import Outcome
from control_center.web.errors import STATUS, error_response


def install(app: FastAPI, audit: Audit) -> None:
    """Writes invalid arguments to the audit log, with the route's name as the action."""

    def component_error(request: Request, error: ComponentError) -> JSONResponse:
        if error.code is ErrorCode.INVALID:
            principal = getattr(request.state, "principal", None)
            action = getattr(request.scope.get("route"), "name", "request")
            cause = error.cause[:LONGEST_DETAIL]
            table = getattr(request.state, "table", "")
            audit.write(principal, action, table, Outcome.INVALID, cause=cause)
        return error_response(error)

    def validation_error(request: Request, error: RequestValidationError) -> JSONResponse:
        return component_error(request, InvalidInputError(COMPONENT, _cause(error)))

    handlers: dict[type[Exception], Callable[[Request, Any], JSONResponse]] = {
        ComponentError: component_error,
        RequestValidationError: validation_error,
        HTTPException: _http_exception,
        Exception: _unexpected,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def _cause(error: RequestValidationError) -> str:
    """ "rows: Input should be greater than or equal to 1; …", without the values."""
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'][1:])) or fault['loc'][0]}: {fault['msg']}"
        for fault in error.errors()
    )


def _http_exception(request: Request, error: HTTPException) -> JSONResponse:
    """Handles the framework's errors: an unknown route, or a wrong method."""
    code = next((code for code, status in STATUS.items() if status == error.status_code), None)
    cause = f"{request.method} {logged_path(request.url.path)}: {error.detail}"
    answer = ComponentError(COMPONENT, cause)
    answer.code = code or (ErrorCode.INVALID if error.status_code < 500 else ErrorCode.FAILED)
    response = error_response(answer, error.status_code)
    response.headers.update(error.headers or {})
    return response


def _unexpected(_: Request, error: Exception) -> JSONResponse:
    """The server logs the exception with its trace."""
    return error_response(
        ComponentError(COMPONENT, type(error).__name__, "See make logs S=control-center.")
    )
