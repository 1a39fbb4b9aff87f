"""From what a question may raise to an HTTP status."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from fastapi import HTTPException

from contract.errors import UnreachableError
from control_center.web.auth.audit import Audit
from control_center.web.auth.roles import Principal

T = TypeVar("T")


def answer(ask: Callable[[], T]) -> T:
    """503 when an engine does not answer, 404 when there is no such thing."""
    try:
        return ask()
    except UnreachableError as error:
        raise HTTPException(503, str(error)) from error
    except LookupError as error:
        raise HTTPException(404, str(error)) from error


def fit(audit: Audit, principal: Principal, action: str, ask: Callable[[], T]) -> T:
    """As `answer`; 422, and a line in the audit log, for what is refused as unfit."""
    try:
        return answer(ask)
    except ValueError as error:
        audit.write(principal, action, "", "refused", cause=str(error)[:80])
        raise HTTPException(422, str(error)) from error
