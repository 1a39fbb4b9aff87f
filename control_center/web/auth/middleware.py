"""The first check of every request: its origin and its session."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contract.errors import ComponentError
from control_center.config import COMPONENT
from control_center.web.auth.audit import LONGEST_DETAIL, Audit, logged_path
from control_center.web.auth.audit_line import Outcome
from control_center.web.auth.own_host import OwnHost
from control_center.web.auth.roles import Principal
from control_center.web.auth.sessions import COOKIE, TICKET, Sessions
from control_center.web.errors import ForbiddenError, UnauthenticatedError, error_response

SAFE = ("GET", "HEAD", "OPTIONS")
OPEN = ("/api/health", "/login", TICKET, "/favicon.ico", "/assets/style.css")
AGAIN = '<!doctype html><meta http-equiv="refresh" content="0"><title>Riada</title>'
WEBSOCKET = "/_nicegui_ws/"

# 'unsafe-eval': Vue compiles the pages' templates in the browser. Pages load from this host only.
POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class AuthMiddleware:
    """Sets scope["principal"] to the session's owner or None. The API checks the bearer token of a
    request that has one: no browser sends a token by itself."""

    def __init__(self, app: ASGIApp, sessions: Sessions, host: OwnHost, audit: Audit) -> None:
        self._app, self._sessions, self._host, self._audit = app, sessions, host, audit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers, path = Headers(scope=scope), scope["path"]
        scope["principal"] = principal = self._principal(headers)
        token = "authorization" in headers and _is_api(path)
        if not token and (cause := _foreign(scope, headers)):
            target = f"{scope.get('method', 'websocket')} {logged_path(path)}"
            origin = headers.get("origin", "")[:LONGEST_DETAIL]
            self._audit.write(
                principal, "request", target, Outcome.REFUSED, cause=cause, origin=origin
            )
            error = ForbiddenError(COMPONENT, f"the request is refused: {cause}")
            await _refuse(scope, receive, send, error)
        elif principal is None and not token and path not in OPEN:
            await self._login_first(scope, receive, send, headers)
        else:
            await self._app(scope, receive, _with_headers(send, path))

    def _principal(self, headers: Headers) -> Principal | None:
        """The session's owner. A cookie of a host name that others share is no session: they have
        it too."""
        if self._host.is_shared(headers.get("host", "")):
            return None
        return self._sessions.read(cookie_parser(headers.get("cookie", "")).get(COOKIE))

    async def _login_first(
        self, scope: Scope, receive: Receive, send: Send, headers: Headers
    ) -> None:
        path = scope["path"]
        if scope.get("method") == "GET" and "text/html" in headers.get("accept", ""):
            query = scope.get("query_string", b"").decode("latin-1")
            page = f"{path}?{query}" if query else path
            answer: Response = RedirectResponse(f"/login?to={quote(page, safe='/')}", 303)
            # A browser sends no SameSite=Strict cookie with a link of another site, but with the
            # next request, which is of this page.
            if headers.get("sec-fetch-site") == "cross-site" and not self._host.is_shared(
                headers.get("host", "")
            ):
                answer = HTMLResponse(AGAIN)
            await answer(scope, receive, _with_headers(send, path))
            return
        target = f"{scope.get('method', 'websocket')} {logged_path(path)}"
        self._audit.write(None, "request", target, Outcome.REFUSED, cause="no user is logged in")
        remedy = (
            "Log in at /login, or send 'Authorization: Bearer <token>' with the secret "
            "control-center-token."
        )
        error = UnauthenticatedError(COMPONENT, "no user is logged in", remedy)
        await _refuse(scope, receive, send, error)


def _foreign(scope: Scope, headers: Headers) -> str | None:
    """Why this request may come from another site's page, or None if it comes from our page."""
    path, method = scope["path"], scope.get("method", "GET")
    websocket = scope["type"] == "websocket"
    if path.startswith(WEBSOCKET) and not websocket:
        return "the path serves websockets only"
    if websocket or method not in SAFE:
        origin = headers.get("origin")
        if origin is None:
            return "it names no origin"
        if urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
            return "it comes from another origin"
    site = headers.get("sec-fetch-site", "same-origin")
    if _is_api(path) and site not in ("same-origin", "none"):
        return "it comes from another origin"
    return None


def _is_api(path: str) -> bool:
    return path.startswith("/api/") or path == "/metrics"


async def _refuse(scope: Scope, receive: Receive, send: Send, error: ComponentError) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4403, "reason": error.cause[:100]})
        return
    answer = error_response(error)
    await answer(scope, receive, _with_headers(send, scope["path"]))


def _with_headers(send: Send, path: str) -> Send:
    async def sends(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            if not path.startswith(("/_nicegui/", "/assets/")):
                headers["Cache-Control"] = "no-store"
        await send(message)

    return sends
