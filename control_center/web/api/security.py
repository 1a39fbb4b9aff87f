"""Who asks: the holder of the bearer token, or somebody who is logged in on the page."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable

from fastapi import HTTPException, Request

from control_center.config import COMPONENT, SettingsError
from control_center.web.auth.audit import Audit
from control_center.web.auth.roles import Principal, Role

TOKEN = Principal("token", Role.OPERATOR)


def bearer(token: str) -> Callable[[Request], None]:
    """A dependency that lets only holders of the token pass."""
    if not token:
        raise SettingsError(COMPONENT, "control-center-token is empty", "Write a secret into it.")

    def check(request: Request) -> None:
        match = re.fullmatch(r"[Bb]earer +(\S+)", request.headers.get("authorization", ""))
        if match is None or not hmac.compare_digest(match[1].encode(), token.encode()):
            raise HTTPException(
                401,
                "send 'Authorization: Bearer <token>' with the secret control-center-token",
                {"WWW-Authenticate": "Bearer"},
            )

    return check


class AuthDependencies:
    """Dependencies of endpoints. The gate has put a session's owner into scope["who"]; a request
    that names a token is its holder's or nobody's."""

    def __init__(self, token: str, audit: Audit) -> None:
        self._check, self._audit = bearer(token), audit

    def reader(self, request: Request) -> Principal:
        """Anybody who is known."""
        principal: Principal | None = request.scope.get("who")
        if principal is not None and "authorization" not in request.headers:
            return principal
        try:
            self._check(request)
        except HTTPException:
            self._refused(None, request, "no token that fits")
            raise
        return TOKEN

    def operator(self, request: Request) -> Principal:
        """Who may act."""
        principal = self.reader(request)
        if not principal.operates:
            self._refused(principal, request, "wants the operator's role")
            raise HTTPException(403, "only an operator may do this")
        return principal

    def _refused(self, principal: Principal | None, request: Request, cause: str) -> None:
        target = f"{request.method} {request.url.path}"
        self._audit.write(principal, "request", target, "refused", cause=cause)
