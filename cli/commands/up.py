"""Start the platform from any state, and follow the first row to Cassandra.

Stages: set up this machine, images, containers, DAGs and tables, first row. Each stage does only
what is missing, so the command may be stopped at any point and run again. Another run of the
same release changes nothing.
"""

from __future__ import annotations

import sys

from cli.commands import urls
from cli.deploy import first_row
from cli.host import docker, output
from cli.host.errors import CliError
from cli.host.machine import setup
from cli.host.machine.check import CheckState
from cli.host.machine.ports import check_ports
from cli.host.options import NoOptions
from cli.host.output import progress, stage
from cli.host.process import stream
from cli.installations import data_nodes, encryption, preserved, services, versions
from cli.installations.local import Installation
from cli.runners import rolling
from cli.runners.choose import choose
from cli.runners.encryption import require
from cli.runners.engine import DockerEngine
from contract.stream.trace import RowTrace

SUMMARY = "Set up the machine, start the platform, and follow the first row to Cassandra"
Options = NoOptions
_REMEDY = "see the lines above; then make up again"


def run(options: NoOptions) -> int:
    installation = Installation.current()
    installation.validate()
    trace = bring_up(installation)
    row = first_row.describe(trace) if trace else first_row.NO_SOURCE
    output.emit(trace.to_json() if trace else {}, f"\n{row}\n\n{urls.text(installation)}")
    return 0


def bring_up(installation: Installation) -> RowTrace | None:
    """All stages; returns the first row's trace, None if no table has a source."""
    with stage("1/5 this machine"):
        setup.ensure()
        preserved.check(installation)
        data_nodes.check(installation)
        versions.check(installation)
        _check_ports(installation)
    with stage("2/5 images"):
        stream(["docker/build.sh"], remedy=_REMEDY)
    with stage("3/5 containers"):
        encryption.renew(installation)
        runner, engine = choose(installation), DockerEngine(installation)
        runner.plan()
        installation.save()  # not before, since later commands would read a refused setting too
        with versions.recorded(installation):
            rolling.apply(runner, engine)
    try:
        with stage("4/5 tables, DAGs and Spark job"):
            stream([sys.executable, "-m", "cli", "deploy-dags"], remedy=_REMEDY)
            # The streaming job of an earlier release may connect in clear text until now.
            require(encryption.upgraded(installation), engine)
        with stage("5/5 first row"):
            return first_row.follow(installation)
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
