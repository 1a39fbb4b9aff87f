"""Bring the platform up, from whatever is there: ends when the first person is in Cassandra.

Stages: set up this machine, images, containers, DAGs, first person. Each finds out what is
missing, so the command may be stopped anywhere and run again, and a further run recreates nothing.
"""

from __future__ import annotations

import argparse
import sys

from cli.clients import first_person
from cli.commands import urls
from cli.host import docker, output
from cli.host.output import Fault, progress, stage
from cli.host.process import stream
from cli.installations import checks, preserved, services, setup
from cli.installations.local import Installation
from cli.runners import runner


def bring_up(here: Installation) -> dict:
    """All stages; returns the first person's way."""
    with stage("1/5 this machine"):
        setup.ensure()
        preserved.check(here)
        here.keep()
        _check_ports(here)
    with stage("2/5 images"):
        stream(["docker/build.sh"], remedy="the log above tells; then make up again")
    with stage("3/5 containers"):
        runner.choose(here).apply()
    try:
        with stage("4/5 DAGs and Spark job"):
            deploy = [sys.executable, "-m", "cli", "deploy-dags"]
            stream(deploy, remedy="the lines above tell; then make up again")
        with stage("5/5 first person"):
            return first_person.follow(here)
    except Fault:
        _show_unhealthy(here)
        raise


def _check_ports(here: Installation) -> None:
    """Nothing is created yet: a port that another program has is better told now."""
    taken = [check for check in checks.ports(here) if check.state == "fail"]
    if taken:
        told = "; ".join(f"{check.name} ({check.measured})" for check in taken)
        raise Fault(f"not free: {told}", taken[0].remedy)


def _show_unhealthy(here: Installation) -> None:
    for container in services.unhealthy(here):
        progress(f"{container} is not healthy; its last lines:\n{docker.tail(container)}")


def main() -> None:
    argparse.ArgumentParser(prog="make up", description=__doc__).parse_args()
    here = Installation.current()
    way = bring_up(here)
    output.emit(way, f"\n{first_person.describe(way)}\n\n{urls.text(here)}")
