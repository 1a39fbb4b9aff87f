"""The switch that shows people's data: an operator's, and each use is logged."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request
from nicegui import ui

from control_center.web.auth.roles import RefusedError
from control_center.web.context import Desk
from control_center.web.ui.components import Trouble, guarded

LABEL = "Show people's data"


class Unmask:
    """Off on every new page. `changed` is awaited when it was switched."""

    def __init__(
        self,
        desk: Desk,
        request: Request,
        trouble: Trouble,
        changed: Callable[[], Awaitable[None]],
    ) -> None:
        self._desk, self._request, self._changed = desk, request, changed
        self._switch = ui.switch(LABEL, on_change=guarded(trouble, self._switched))
        self._switch.props["aria-label"] = LABEL
        self._switch.set_enabled(desk.reader(request).operates)

    def allows(self, target: str) -> bool:
        """Is `target` to be shown unmasked? Then that is logged."""
        if not self._switch.value:
            return False
        who = self._desk.operator(self._request, "unmask", target)
        self._desk.audit.write(who, "unmask", target)
        return True

    async def _switched(self, *_: Any) -> None:
        if self._switch.value:
            try:
                self._desk.operator(self._request, "unmask")
            except RefusedError:
                self._switch.set_value(False)
                raise
        await self._changed()
