"""The dependencies of routes: the application's context, a caller with the role reader or operator,
and the table in the path."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from contract.table.table import Table
from control_center.config import COMPONENT
from control_center.web.auth.audit import logged_path
from control_center.web.auth.audit_line import Outcome
from control_center.web.auth.bearer_token import BearerToken
from control_center.web.auth.roles import TOKEN_HOLDER, Principal
from control_center.web.context import AppContext
from control_center.web.errors import ForbiddenError, UnauthenticatedError


def app_context(request: Request) -> AppContext:
    context: AppContext = request.app.state.context
    return context


Context = Annotated[AppContext, Depends(app_context)]


def reader(request: Request, context: Context) -> Principal:
    """An authenticated caller of any role. AuthMiddleware has put the session's owner into the
    scope. If a request has a token, only the token counts, not the session."""
    token: BearerToken = request.app.state.token
    principal: Principal | None = request.scope.get("principal")
    if principal is None or "authorization" in request.headers:
        try:
            token.check(request.headers.get("authorization", ""))
        except UnauthenticatedError:
            _log_refusal(context, None, request, "no valid token")
            raise
        principal = TOKEN_HOLDER
    request.state.principal = principal  # the audit log names the caller of wrong arguments
    return principal


Reader = Annotated[Principal, Depends(reader)]


def table_of_path(table: str, request: Request, context: Context, _: Reader) -> Table:
    """The deployed table that the path names; raises NotFoundError."""
    deployed = context.clients.table(table)
    request.state.table = deployed.name  # the audit log names the table of wrong arguments
    return deployed


TableOfPath = Annotated[Table, Depends(table_of_path)]


def operator(request: Request, principal: Reader, context: Context) -> Principal:
    """A caller who may act; a refusal is logged."""
    if not principal.operates:
        _log_refusal(context, principal, request, "requires the role operator")
        raise ForbiddenError(COMPONENT, "only an operator may do this", "Log in as operator.")
    return principal


Operator = Annotated[Principal, Depends(operator)]


def _log_refusal(
    context: AppContext, principal: Principal | None, request: Request, cause: str
) -> None:
    target = f"{request.method} {logged_path(request.url.path)}"
    context.audit.write(principal, "request", target, Outcome.REFUSED, cause=cause)
