"""Compare this machine with the platform's requirements; change nothing. Exit 1 if a check
fails.

While the platform runs, it also checks each PostgreSQL that a folder of tables/ describes, and
prints the statements that are missing there. With TARGET=aws it checks these alone.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from cli.clients import databases
from cli.deploy.release import table_files
from cli.host import output
from cli.host.machine.check import CheckState
from cli.host.machine.checks import all_checks
from cli.host.options import NoOptions
from cli.host.paths import ROOT
from cli.installations import target
from cli.installations.aws import AwsInstallation
from cli.installations.local import Installation

SUMMARY = "Compare this machine and the databases of tables/ with the requirements; change nothing"
Options = NoOptions


def run(options: NoOptions) -> int:
    installation = target.current()
    ok = True
    report: dict[str, Any] = {}
    text: list[str] = []
    if not isinstance(installation, AwsInstallation):
        ok, report, text = machine(installation)
    files = table_files(ROOT)
    if any("/" in path for path in files):
        result = databases.check(installation, files)
        if result is None:
            text.append("databases: not checked, because the platform does not run")
        else:
            ok = ok and result.ok
            report |= result.to_json()
            text.append(databases.text(result))
    output.emit({"ok": ok, **report}, "\n\n".join(text))
    return 0 if ok else 1


def machine(installation: Installation) -> tuple[bool, dict[str, Any], list[str]]:
    """Does this machine meet the requirements? With the checks as JSON and as text."""
    installation.validate()
    checks = list(all_checks(installation.project, installation.published_ports()))
    failed = sum(check.state is CheckState.FAIL for check in checks)
    warned = sum(check.state is CheckState.WARN for check in checks)
    rows = [(c.state.value, c.name, c.measured, c.required, c.remedy) for c in checks]
    text = output.table(rows, ("", "check", "measured", "required", "remedy"))
    text += f"\n{len(checks) - failed - warned} passed, {warned} warnings, {failed} failed"
    records = [asdict(check) for check in checks]
    return not failed, {"failed": failed, "warned": warned, "checks": records}, [text]
