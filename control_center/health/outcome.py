"""Shortcuts to make the results of one probe."""

from __future__ import annotations

from dataclasses import dataclass

from contract.errors import ComponentError, first_line
from contract.health.details.base import NodeStatus, ProbeDetails
from contract.health.result import ProbeResult
from contract.health.state import ProbeState


@dataclass(frozen=True)
class Outcome:
    """Makes the results of the probe `name`. `component` is the service to act on, unless a result
    names another one. `asked`: the service that the probe asks, and so the cause when the probe
    does not end; `component` by default."""

    name: str
    component: str
    asked: str = ""

    def ok(
        self, summary: str, details: ProbeDetails | None = None, component: str = ""
    ) -> ProbeResult:
        return self._result(ProbeState.OK, summary, details, component)

    def warn(
        self, summary: str, details: ProbeDetails | None = None, component: str = ""
    ) -> ProbeResult:
        return self._result(ProbeState.WARN, summary, details, component)

    def fail(
        self, summary: str, details: ProbeDetails | None = None, component: str = ""
    ) -> ProbeResult:
        return self._result(ProbeState.FAIL, summary, details, component)

    def error(self, error: ComponentError, details: ProbeDetails | None = None) -> ProbeResult:
        """A failure of the error's component, with the first line of the error."""
        return self.fail(first_line(error), details, error.component)

    def first_down(
        self, nodes: tuple[NodeStatus, ...], details: ProbeDetails
    ) -> ProbeResult | None:
        """A failure that names the first node that does not serve; None if all serve."""
        for node in nodes:
            if not node.serves:
                return self.fail(f"{node.node}: {node.answer}", details, node.node)
        return None

    def _result(
        self, state: ProbeState, summary: str, details: ProbeDetails | None, component: str
    ) -> ProbeResult:
        return ProbeResult(self.name, state, summary, component or self.component, details)
