"""Errors as HTTP answers: every answer with a status of 400 or above has the same JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fastapi.responses import JSONResponse

from contract.errors import ComponentError, ErrorAnswer, ErrorCode
from control_center.config import COMPONENT

STATUS: Mapping[ErrorCode, int] = MappingProxyType(
    {
        ErrorCode.UNREACHABLE: 503,
        ErrorCode.INVALID: 422,
        ErrorCode.NOT_FOUND: 404,
        ErrorCode.UNAUTHENTICATED: 401,
        ErrorCode.FORBIDDEN: 403,
        ErrorCode.BUSY: 409,
        ErrorCode.UNDECODABLE: 422,
        ErrorCode.FAILED: 500,
    }
)


class UnauthenticatedError(ComponentError):
    """The request has no session and no valid token."""

    code = ErrorCode.UNAUTHENTICATED


class ForbiddenError(ComponentError):
    """The caller may not do this."""

    code = ErrorCode.FORBIDDEN


def error_response(error: ComponentError, status: int | None = None) -> JSONResponse:
    """The answer; its status is that of the error's code, unless `status` is given."""
    challenge = {"WWW-Authenticate": "Bearer"} if error.code is ErrorCode.UNAUTHENTICATED else None
    return JSONResponse(ErrorAnswer.of(error).to_json(), status or STATUS[error.code], challenge)


def error_text(error: ComponentError) -> str:
    """The error as a page shows it, without the name of the page's own component."""
    own = error.component == COMPONENT
    text = error.cause[:1].upper() + error.cause[1:] if own else str(error)
    return f"{text}. {error.remedy}".strip()
