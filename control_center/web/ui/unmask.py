"""The switch that shows people's data: an operator's, and each use is logged."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request
from nicegui import ui

from control_center.web.auth.roles import RefusedError
from control_center.web.context import AppContext
from control_center.web.ui.components import ErrorBanner, with_error_banner

LABEL = "Show people's data"


class Unmask:
    """Off on every new page. `changed` is awaited when it was switched."""

    def __init__(
        self,
        context: AppContext,
        request: Request,
        banner: ErrorBanner,
        changed: Callable[[], Awaitable[None]],
    ) -> None:
        self._context, self._request, self._changed = context, request, changed
        self._switch = ui.switch(LABEL, on_change=with_error_banner(banner, self._switched))
        self._switch.props["aria-label"] = LABEL
        self._switch.set_enabled(context.reader(request).operates)

    def allows(self, target: str) -> bool:
        """Is `target` to be shown unmasked? Then that is logged."""
        if not self._switch.value:
            return False
        principal = self._context.operator(self._request, "unmask", target)
        self._context.audit.write(principal, "unmask", target)
        return True

    async def _switched(self, *_: Any) -> None:
        if self._switch.value:
            try:
                self._context.operator(self._request, "unmask")
            except RefusedError:
                self._switch.set_value(False)
                raise
        await self._changed()
