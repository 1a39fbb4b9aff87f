"""The switch that shows personal data. Only operators can use it, and each use is logged."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui

from control_center.web.errors import ForbiddenError, UnauthenticatedError
from control_center.web.ui.components import ErrorBanner, with_error_banner
from control_center.web.ui.session import PageSession

LABEL = "Show personal data"


class UnmaskSwitch:
    """The switch is off on every new page. It awaits `changed` after each change."""

    def __init__(
        self, session: PageSession, banner: ErrorBanner, changed: Callable[[], Awaitable[None]]
    ) -> None:
        self._session, self._changed = session, changed
        self._switch = ui.switch(LABEL, on_change=with_error_banner(banner, self._switched))
        self._switch.props["aria-label"] = LABEL
        self._switch.set_enabled(session.reader().operates)

    def allows(self, target: str) -> bool:
        """May `target` of the chosen table be shown unmasked? A yes is logged."""
        if not self._switch.value:
            return False
        target = f"{self._session.table.name} {target}"
        principal = self._session.operator("unmask", target)
        self._session.context.audit.write(principal, "unmask", target)
        return True

    async def _switched(self, *_: Any) -> None:
        if self._switch.value:
            try:
                self._session.operator("unmask")
            except (ForbiddenError, UnauthenticatedError):
                self._switch.set_value(False)
                raise
        await self._changed()
