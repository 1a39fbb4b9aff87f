"""Show a service's log: python3 -m cli logs SERVICE, or every service's last lines."""

from __future__ import annotations

import argparse
import os
import subprocess

from cli.host import docker
from cli.host.output import Fault
from cli.installations import services
from cli.installations.local import Installation


def main() -> int:
    parser = argparse.ArgumentParser(prog="make logs", description=__doc__)
    parser.add_argument("service", nargs="?", help="e.g. connect, kafka-1; all when left out")
    follow = bool(os.environ.get("FOLLOW"))
    parser.add_argument("--follow", "-f", action="store_true", default=follow)
    parser.add_argument("--lines", "-n", type=int, default=int(os.environ.get("LINES_SHOWN", 200)))
    asked = parser.parse_args()
    found = services.containers(Installation.current())
    if asked.service is None:
        for service, container in found.items():
            print(f"── {service}\n{docker.tail(container, 5)}")
        print(f"one service's: make logs S={next(iter(found))} (FOLLOW=1 goes on)")
        return 0
    matching = [name for name in found if name in (asked.service, f"{asked.service}-1")]
    if not matching:
        raise Fault(f"there is no service {asked.service}", f"services: {' '.join(found)}")
    command = [docker.docker(), "logs", "--tail", str(asked.lines), found[matching[0]]]
    return subprocess.run([*command, "--follow"] if asked.follow else command).returncode
