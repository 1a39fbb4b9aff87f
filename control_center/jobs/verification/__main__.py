"""python -m control_center.jobs.verification: the process that verifies. The Control Center starts
it (supervisor.py), and it ends with the Control Center."""

from __future__ import annotations

import os
import time

from control_center.clients.clients import Clients
from control_center.jobs.verification.automatic_repair import AutomaticRepair
from control_center.jobs.verification.budget import Budget
from control_center.jobs.verification.connections import Connections
from control_center.jobs.verification.loop import Loop
from control_center.jobs.verification.platform_sender import PlatformSender
from control_center.jobs.verification.platform_stores import PlatformStores
from control_center.pipeline.verification_file import VerificationFiles

NICE = 10  # whatever else runs in the container comes first


def main() -> None:
    os.nice(NICE)
    clients, parent = Clients(), os.getppid()
    connections = Connections(clients)
    settings = clients.settings
    loop = Loop(
        clients.tables,
        lambda table: PlatformStores(clients, connections, table),
        VerificationFiles(settings.state),
        AutomaticRepair(settings.auto_repair_rows, PlatformSender(clients), time),
        Budget(settings.verification_percent / 100, time),
        time,
    )
    while os.getppid() == parent:
        loop.turn()


if __name__ == "__main__":
    main()
