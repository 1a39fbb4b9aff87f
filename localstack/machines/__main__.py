"""Runs a machine for each instance of LocalStack, as long as LocalStack lists the instance.

It compares them every two seconds. Machines that must end are ended first, so that no volume is in
two machines at once. The engine knows which machines run, so a restarted runner continues. With
`clear` it removes all machines and their disks, and needs no LocalStack.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from machines import metadata, names
from machines.account import Account
from machines.container import Containers
from machines.disks import Disks
from machines.uml import UserModeLinux

POLL_S = 2
# Touched after each complete comparison; the container's health check reads its age.
COMPARED = Path("/run/compared")
# Name of the image, without riada/ → class of its machines.
KINDS = {"machine": Containers, "uml": UserModeLinux}


def reconcile(account: Account, machines: Containers, disks: Disks) -> None:
    """Bring the machines to what LocalStack lists."""
    instances = account.instances()
    with ThreadPoolExecutor() as pool:
        list(pool.map(machines.remove, machines.refresh() - instances.keys()))
        halted = [instance.name for instance in instances.values() if instance.state != "running"]
        list(pool.map(machines.stop, halted))
    volumes = account.volumes()
    disks.keep(volumes)
    machines.keep_network(account.vpcs())
    names.records = account.records()
    metadata.instances = {instance.address: instance for instance in instances.values()}
    security_groups = account.groups()
    for instance in instances.values():
        if instance.state == "running":
            machines.run(instance, account.domain)
            machines.apply_groups(instance, instances.values(), security_groups)
            for volume in volumes.values():
                if volume.instance == instance.name:
                    machines.attach(instance.name, volume, disks)


def main() -> None:
    kind = KINDS[os.environ.get("KIND", "machine")]
    machines, disks = kind(os.environ["LOCALSTACK"], os.environ.get("MACHINE", "")), Disks()
    if sys.argv[1:] == ["clear"]:
        machines.clear()
        disks.keep({})
        return
    account = Account()
    metadata.serve(account)
    names.serve()
    last = ""
    while True:
        try:
            reconcile(account, machines, disks)
            COMPARED.touch()
        except Exception:
            error = traceback.format_exc()
            if error != last:
                print(error, flush=True)
            last = error
        time.sleep(POLL_S)


if __name__ == "__main__":
    main()
