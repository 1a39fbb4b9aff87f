"""Show a service's log, or the last lines of every service."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

from cli.host import docker, output
from cli.host.errors import CliError
from cli.host.options import flag, integer, text
from cli.installations import services
from cli.installations.local import Installation

SUMMARY = "Show a service's log: make logs S=connect (FOLLOW=1 keeps printing)"
PRINTS_JSON = False


@dataclass(frozen=True)
class Options:
    service: str = text(
        "", "a service, e.g. connect, kafka-1; all services by default", "S", positional=True
    )
    follow: bool = flag("keep printing as the log grows")
    lines: int = integer(
        200, "number of old lines to print first, -1 for all", minimum=-1, variable="LINES_SHOWN"
    )


def run(options: Options) -> int:
    containers = services.containers(Installation.current())
    if not options.service:
        for service, container in containers.items():
            print(f"── {service}\n{docker.tail(container, 5)}")
        output.show(
            f"for one service: make logs S={next(iter(containers))} (FOLLOW=1 keeps printing)"
        )
        return 0
    names = (options.service, f"{options.service}-1")
    matching = [container for service, container in containers.items() if service in names]
    if not matching:
        remedy = f"services: {' '.join(containers)}"
        raise CliError(f"this installation has no service {options.service}", remedy)
    command = [docker.docker(), "logs", "--tail", str(options.lines), matching[0]]
    return subprocess.run([*command, "--follow"] if options.follow else command).returncode
