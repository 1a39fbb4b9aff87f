"""The user of a page, checked for each action, because the session may have ended meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from inspect import isawaitable
from urllib.parse import quote

from fastapi import Request
from nicegui import ui

from contract.errors import NotFoundError
from contract.table.table import Table
from control_center.config import COMPONENT
from control_center.web.auth.audit import LONGEST_DETAIL
from control_center.web.auth.audit_line import Outcome
from control_center.web.auth.roles import Principal
from control_center.web.auth.sessions import COOKIE
from control_center.web.context import AppContext
from control_center.web.errors import ForbiddenError, UnauthenticatedError


@dataclass(frozen=True)
class PageSession:
    """The session of the browser that shows the page. `request` is the request for the page;
    `chosen`: the table that it names, or None."""

    context: AppContext
    request: Request
    chosen: Table | None = None

    @property
    def table(self) -> Table:
        """The chosen table as the newest release has it; raises NotFoundError."""
        if self.chosen is None:
            raise NotFoundError(COMPONENT, "no table is chosen", "Choose one.")
        return self.context.clients.table(self.chosen.name)

    def reader(self) -> Principal:
        """Raises UnauthenticatedError if the session has ended."""
        principal = self.context.sessions.read(self.request.cookies.get(COOKIE))
        if principal is None:
            raise UnauthenticatedError(COMPONENT, "the session has ended", "Log in again.")
        return principal

    def operator(self, action: str, target: str = "") -> Principal:
        """The user, for an action that requires the role operator; raises ForbiddenError, which is
        logged, and UnauthenticatedError."""
        principal = self.reader()
        if not principal.operates:
            self.refuse(principal, action, "requires the role operator", target)
            raise ForbiddenError(COMPONENT, "only an operator may do this")
        return principal

    def every(self, seconds: float, refresh: Callable[[], Awaitable[None] | None]) -> None:
        """Calls `refresh` while the page is open. When the session has ended, the page shows
        nothing more: it leads to the login."""

        async def guarded() -> None:
            try:
                self.reader()
            except UnauthenticatedError:
                to_login(self.request)
                return
            result = refresh()
            if isawaitable(result):
                await result

        ui.timer(seconds, guarded)

    def refuse(self, principal: Principal, action: str, cause: str, target: str = "") -> None:
        """Logs an action that the user may not do."""
        self._log(principal, action, cause, target, Outcome.REFUSED)

    def invalid(self, principal: Principal, action: str, cause: str, target: str = "") -> None:
        """Logs input with an error."""
        self._log(principal, action, cause, target, Outcome.INVALID)

    def _log(
        self, principal: Principal, action: str, cause: str, target: str, outcome: Outcome
    ) -> None:
        cause = cause[:LONGEST_DETAIL]
        self.context.audit.write(principal, action, target, outcome, cause=cause)


def to_login(request: Request) -> None:
    """Leads the browser of an ended session to the login, and from there back to the page."""
    page = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    ui.navigate.to(f"/login?ended=1&to={quote(page, safe='/')}")
