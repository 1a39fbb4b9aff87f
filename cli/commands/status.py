"""Ask every component for its state, and say in one sentence whether data is arriving.

The exit code is 0 if it is arriving, otherwise 1. JSON=1 prints the Control Center's answer
unchanged.
"""

from __future__ import annotations

from cli.clients import control_center
from cli.host import output
from cli.host.options import NoOptions
from cli.installations import target
from contract.health.diagnosis import with_component
from contract.health.report import HealthReport
from contract.health.result import ProbeResult
from contract.health.state import ProbeState

SUMMARY = "Ask every component for its state"
Options = NoOptions


def run(options: NoOptions) -> int:
    answer = control_center.ask(target.current(), "GET", "/api/status", timeout_s=15)
    report = control_center.decoded(HealthReport.from_json, answer)
    output.emit(answer, text(report))
    return 0 if report.ok else 1


def text(report: HealthReport) -> str:
    """A row for each probe, with the component to act on unless it is ok; then the sentence."""
    rows = [(probe.state.value, probe.name, _finding(probe)) for probe in report.probes]
    return f"{output.table(rows, ('state', 'probe', 'finding'))}\n\n{report.sentence}"


def _finding(probe: ProbeResult) -> str:
    if probe.state is ProbeState.OK:
        return probe.summary
    return with_component(probe.component, probe.summary)
