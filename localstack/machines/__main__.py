"""Makes LocalStack's instances real: one machine for each, as long as LocalStack lists it.

Looks every two seconds. What must end ends first, so that no volume is in two machines at once.
What runs is read from the engine, so that a runner that is started again goes on where it was.
With `clear` it removes all machines and their disks instead, without a LocalStack to ask.
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

LOOK_S = 2
LOOKED = Path("/run/looked")
"""Written after each look that came to its end: by its age the container's health is told."""
KINDS = {"machine": Containers, "uml": UserModeLinux}
"""By the name of their image, without riada/."""


def tick(account: Account, machines: Containers, disks: Disks) -> None:
    instances = account.instances()
    with ThreadPoolExecutor() as pool:
        list(pool.map(machines.remove, machines.look() - instances.keys()))
        halted = [one.name for one in instances.values() if one.state != "running"]
        list(pool.map(machines.stop, halted))
    volumes = account.volumes()
    disks.keep(volumes)
    machines.keep_network(account.vpcs())
    names.records = account.records()
    metadata.instances = {one.address: one for one in instances.values()}
    security_groups = account.groups()
    for one in instances.values():
        if one.state == "running":
            machines.run(one, account.domain)
            machines.guard(one, instances.values(), security_groups)
            for volume in volumes.values():
                if volume.instance == one.name:
                    machines.attach(one.name, volume, disks)


def main() -> None:
    kind = KINDS[os.environ.get("KIND", "machine")]
    machines, disks = kind(os.environ["LOCALSTACK"], os.environ.get("MACHINE", "")), Disks()
    if sys.argv[1:] == ["clear"]:
        machines.clear()
        return disks.keep({})
    account = Account()
    metadata.serve(account)
    names.serve()
    said = ""
    while True:
        try:
            tick(account, machines, disks)
            LOOKED.touch()
        except Exception:
            if said != (said := traceback.format_exc()):
                print(said, flush=True)
        time.sleep(LOOK_S)


if __name__ == "__main__":
    main()
