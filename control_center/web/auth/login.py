"""GET and POST /login, GET /login/ticket, POST /logout: a plain form that needs no script.

The cookie is of the pages' own host name. Who logs in at another name of this machine, such as
127.0.0.1, is led to the pages with a ticket.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from control_center.web import theme
from control_center.web.auth import credentials
from control_center.web.auth.audit import Audit
from control_center.web.auth.audit_line import Outcome
from control_center.web.auth.rate_limit import LoginRateLimit
from control_center.web.auth.roles import Principal, Role
from control_center.web.auth.sessions import COOKIE, LASTS_S, TICKET, Sessions
from control_center.web.context import AppContext

FOLDER = Path(__file__).parent
PAGE = Template((FOLDER / "login.html").read_text(encoding="utf-8"))
LEAD = Template((FOLDER / "lead.html").read_text(encoding="utf-8"))
# The target of a login is a page of this host, never //another-host.
OWN_PAGE = re.compile(r"/(?!/)[a-z/-]*(\?[\x21-\x7e]{0,8192})?")
ENDED = "The session has ended. Log in again."


def router(passwords: Mapping[Role, str], context: AppContext) -> APIRouter:
    """The four routes."""
    routes = APIRouter()
    sessions, host, audit = context.sessions, context.host, context.audit
    rate_limit = LoginRateLimit({role.value: password for role, password in passwords.items()})

    @routes.get("/login")
    def form(request: Request, to: str = "/", ended: bool = False) -> Response:
        if request.scope.get("principal") is not None:
            return RedirectResponse(_own_page(to), 303)
        return _page(request, to, ENDED if ended else "")

    @routes.post("/login")
    def login(
        request: Request,
        name: str = Form(max_length=64),
        password: str = Form(max_length=256),
        to: str = Form("/"),
    ) -> Response:
        known = Principal(name, Role(name)) if name in {role.value for role in Role} else None
        role = credentials.check(passwords, name, password)
        if (wait := rate_limit.wait_s(name, right=role is not None)) > 0:
            audit.write(known, "login", "", Outcome.REFUSED, cause="too many failed logins")
            refusal = f"Too many failed logins. Try again in {wait:.0f} s."
            answer = _page(request, to, refusal, 429)
            answer.headers["Retry-After"] = f"{wait:.0f}"
            return answer
        if role is None:
            rate_limit.failed(name)
            audit.write(known, "login", "", Outcome.REFUSED, cause="wrong name or password")
            return _page(request, to, "Name or password is wrong.", 401)
        rate_limit.succeeded(name)
        audit.write(Principal(name, role), "login")
        named = request.headers.get("host", "")
        if host.is_shared(named):
            asked = urlencode({"ticket": sessions.ticket(role), "to": _own_page(to)})
            return _lead(f"{host.url(named)}{TICKET}?{asked}", host.url(named))
        return _with_session(RedirectResponse(_own_page(to), 303), sessions, role)

    @routes.get(TICKET)
    def redeem(request: Request, ticket: str = "", to: str = "/") -> Response:
        shared = host.is_shared(request.headers.get("host", ""))
        role = None if shared else sessions.redeem(ticket)
        if role is None:
            return RedirectResponse(f"/login?{urlencode({'to': _own_page(to)})}", 303)
        # A redirect would still be of the other host name, and the browser would send no cookie.
        return _with_session(_lead(_own_page(to)), sessions, role)

    @routes.post("/logout")
    def logout(request: Request) -> Response:
        principal: Principal | None = request.scope.get("principal")
        if principal is not None:
            _end(sessions, audit, principal)
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    return routes


def _with_session(answer: Response, sessions: Sessions, role: Role) -> Response:
    # The cookie is not Secure, because on one machine this is http on the loopback (invariant 6).
    cookie = sessions.begin(role)
    answer.set_cookie(COOKIE, cookie, max_age=LASTS_S, httponly=True, samesite="strict")
    return answer


def _lead(to: str, pages: str = "") -> HTMLResponse:
    """A page that leads to another address. `pages`: that of the pages, which the browser remembers
    for links to this host name."""
    return HTMLResponse(LEAD.substitute(to=escape(to), pages=escape(pages)))


def _end(sessions: Sessions, audit: Audit, principal: Principal) -> None:
    try:
        sessions.end(principal.session)
    except OSError as error:  # it is ended until this process restarts
        audit.write(principal, "logout", "", Outcome.FAILED, cause=str(error.strerror))
    else:
        audit.write(principal, "logout")


def _own_page(to: str) -> str:
    """The path and query of a page of this host; Home for anything else, and for the login."""
    return to if OWN_PAGE.fullmatch(to) and not to.startswith("/login") else "/"


def _page(request: Request, to: str, error: str = "", status: int = 200) -> HTMLResponse:
    alert = f'<p role="alert" class="fault">{escape(error)}</p>' if error else ""
    values = {"to": escape(_own_page(to)), "fault": alert, "theme": theme.body_class(request)}
    return HTMLResponse(PAGE.substitute(values), status)
