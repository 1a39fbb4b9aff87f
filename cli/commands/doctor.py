"""Measure this machine against what the platform needs; change nothing. Exit 1 if a check fails."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from cli.host import output
from cli.installations import checks
from cli.installations.local import Installation


def main() -> int:
    argparse.ArgumentParser(prog="make doctor", description=__doc__).parse_args()
    found = list(checks.everything(Installation.current()))
    failed = sum(check.state == "fail" for check in found)
    warned = sum(check.state == "warn" for check in found)
    rows = [(c.state, c.name, c.measured, c.required, c.remedy) for c in found]
    text = output.table(rows, ("", "check", "measured", "required", "remedy"))
    text += f"\n{len(found) - failed - warned} passed, {warned} warnings, {failed} failed"
    checked = [asdict(check) for check in found]
    output.emit({"ok": not failed, "failed": failed, "warned": warned, "checks": checked}, text)
    return 1 if failed else 0
