"""Start the platform from any state, and follow the first person to Cassandra.

Stages: set up this machine, images, containers, DAGs, first person. Each stage does only what is
missing, so the command may be stopped at any point and run again. A further run recreates nothing.
"""

from __future__ import annotations

import sys

from cli.commands import urls
from cli.deploy import first_person
from cli.host import docker, output
from cli.host.errors import CliError
from cli.host.machine import setup
from cli.host.machine.check import CheckState
from cli.host.machine.ports import check_ports
from cli.host.options import NoOptions
from cli.host.output import progress, stage
from cli.host.process import stream
from cli.installations import preserved, services
from cli.installations.local import Installation
from cli.runners.choose import choose
from contract.stream.trace import PersonTrace

SUMMARY = "Set up the machine, start the platform, and follow the first person to Cassandra"
Options = NoOptions
_REMEDY = "see the lines above; then make up again"


def run(options: NoOptions) -> int:
    installation = Installation.current()
    trace = bring_up(installation)
    text = f"\n{first_person.describe(trace)}\n\n{urls.text(installation)}"
    output.emit(trace.to_json(), text)
    return 0


def bring_up(installation: Installation) -> PersonTrace:
    """All stages; returns the first person's trace."""
    with stage("1/5 this machine"):
        setup.ensure()
        preserved.check(installation)
        installation.save()
        _check_ports(installation)
    with stage("2/5 images"):
        stream(["docker/build.sh"], remedy=_REMEDY)
    with stage("3/5 containers"):
        choose(installation).apply()
    try:
        with stage("4/5 DAGs and Spark job"):
            stream([sys.executable, "-m", "cli", "deploy-dags"], remedy=_REMEDY)
        with stage("5/5 first person"):
            return first_person.follow(installation)
    except CliError:
        _show_unhealthy(installation)
        raise


def _check_ports(installation: Installation) -> None:
    """Report a port that another program uses, before anything is created."""
    checks = check_ports(installation.project, installation.published_ports())
    taken = [check for check in checks if check.state is CheckState.FAIL]
    if taken:
        names = "; ".join(f"{check.name} ({check.measured})" for check in taken)
        raise CliError(f"ports are in use: {names}", taken[0].remedy)


def _show_unhealthy(installation: Installation) -> None:
    for container in services.unhealthy(installation):
        progress(f"{container} is not healthy; its last lines:\n{docker.tail(container)}")
