"""The probes of the Control Center that fail."""

from __future__ import annotations

from collections.abc import Mapping

from cli.clients import control_center
from cli.host.errors import CliError
from cli.installations.local import Installation
from contract.health.report import HealthReport
from contract.health.state import ProbeState

_TIMEOUT_S = 15


def failing(installation: Installation) -> Mapping[str, str] | None:
    """Name → finding of each probe with which rows do not arrive; None if the Control Center does
    not answer, or in another form than this checkout reads."""
    try:
        answer = control_center.ask(installation, "GET", "/api/status", timeout_s=_TIMEOUT_S)
        report = control_center.decoded(HealthReport.from_json, answer)
    except CliError:
        return None
    return {probe.name: probe.summary for probe in report.probes if probe.state is ProbeState.FAIL}
