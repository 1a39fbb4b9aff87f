"""Compare this machine with the platform's requirements; change nothing. Exit 1 if a check
fails."""

from __future__ import annotations

from dataclasses import asdict

from cli.host import output
from cli.host.machine.check import CheckState
from cli.host.machine.checks import all_checks
from cli.host.options import NoOptions
from cli.installations.local import Installation

SUMMARY = "Compare this machine with the platform's requirements; change nothing"
Options = NoOptions


def run(options: NoOptions) -> int:
    installation = Installation.current()
    installation.validate()
    checks = list(all_checks(installation.project, installation.published_ports()))
    failed = sum(check.state is CheckState.FAIL for check in checks)
    warned = sum(check.state is CheckState.WARN for check in checks)
    rows = [(c.state.value, c.name, c.measured, c.required, c.remedy) for c in checks]
    text = output.table(rows, ("", "check", "measured", "required", "remedy"))
    text += f"\n{len(checks) - failed - warned} passed, {warned} warnings, {failed} failed"
    records = [asdict(check) for check in checks]
    output.emit({"ok": not failed, "failed": failed, "warned": warned, "checks": records}, text)
    return 1 if failed else 0
