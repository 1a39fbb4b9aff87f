"""The checks of `make doctor`, which change nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cli.host.machine import engine, tools
from cli.host.machine.check import Check, CheckState
from cli.host.machine.ports import PublishedPort, check_ports


def all_checks(project: str, published: Sequence[PublishedPort]) -> Iterator[Check]:
    system = tools.check_system()
    yield system
    if system.state is CheckState.FAIL:  # the other checks measure Linux
        return
    yield tools.check_python()
    yield from tools.check_tools()
    yield tools.check_line_endings()
    yield tools.check_terraform()
    yield engine.check_engine()
    yield tools.check_compose()
    yield engine.check_memory(project)
    yield engine.check_disk()
    yield from check_ports(project, published)
