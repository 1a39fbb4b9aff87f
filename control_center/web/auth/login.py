"""GET and POST /login, POST /logout: a plain form that needs no script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from control_center.web.auth import credentials
from control_center.web.auth.audit import Audit
from control_center.web.auth.rate_limit import Throttle
from control_center.web.auth.roles import Principal, Role
from control_center.web.auth.sessions import COOKIE, LASTS_S, Sessions

PAGE = Template((Path(__file__).parent / "login.html").read_text(encoding="utf-8"))
OWN = re.compile(r"/[a-z/-]*")
"""Where a login may lead: a path of ours, never `//elsewhere`."""


def router(passwords: Mapping[Role, str], sessions: Sessions, audit: Audit) -> APIRouter:
    """The three routes."""
    found = APIRouter()
    throttle = Throttle({role.value for role in Role})

    @found.get("/login")
    def form(to: str = "/") -> HTMLResponse:
        return _page(_own(to))

    @found.post("/login")
    def login(
        name: str = Form(max_length=64), password: str = Form(max_length=256), to: str = Form("/")
    ) -> Response:
        known = Principal(name, Role(name)) if name in {role.value for role in Role} else None
        if (wait := throttle.wait_s(name)) > 0:
            audit.write(known, "login", "", "refused", cause="too many failed logins")
            answer = _page(_own(to), f"Too many failed logins. Try again in {wait:.0f} s.", 429)
            answer.headers["Retry-After"] = f"{wait:.0f}"
            return answer
        role = credentials.check(passwords, name, password)
        if role is None:
            throttle.failed(name)
            audit.write(known, "login", "", "refused", cause="wrong name or password")
            return _page(_own(to), "Name or password is wrong.", 401)
        throttle.succeeded(name)
        audit.write(Principal(name, role), "login")
        welcome = RedirectResponse(_own(to), 303)
        # Not Secure: on one machine this is http on the loopback (invariant 6).
        welcome.set_cookie(
            COOKIE, sessions.begin(role), max_age=LASTS_S, httponly=True, samesite="strict"
        )
        return welcome

    @found.post("/logout")
    def logout(request: Request) -> Response:
        principal: Principal | None = request.scope.get("who")
        if principal is not None:
            sessions.end(principal.session)
            audit.write(principal, "logout")
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    return found


def _own(path: str) -> str:
    return path if OWN.fullmatch(path) and not path.startswith("//") else "/"


def _page(to: str, fault: str = "", status: int = 200) -> HTMLResponse:
    alert = f'<p role="alert" class="fault">{escape(fault)}</p>' if fault else ""
    return HTMLResponse(PAGE.substitute(to=escape(to), fault=alert), status)
