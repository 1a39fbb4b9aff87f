"""Ask every component for its state, and say in one sentence whether people's data is arriving.

Exit code 0 when it is, 1 when it is not. JSON=1 prints the Control Center's answer unchanged.
"""

from __future__ import annotations

from typing import Any

from cli.clients import control_center
from cli.host import output
from cli.host.options import NoOptions
from cli.installations import target

SUMMARY = "Ask every component how it is"
Options = NoOptions


def run(options: NoOptions) -> int:
    status = control_center.ask(target.current(), "GET", "/api/status", timeout_s=15)
    output.emit(status, text(status))
    return 0 if status["ok"] else 1


def text(status: dict[str, Any]) -> str:
    """A row for each probe, then the sentence."""
    rows = [(probe["state"], probe["name"], probe["summary"]) for probe in status["probes"]]
    return f"{output.table(rows, ('state', 'probe', 'finding'))}\n\n{status['sentence']}"
