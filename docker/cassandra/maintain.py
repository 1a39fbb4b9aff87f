"""Takes this node's steps towards the wanted replication, and ends when none is left (steps.py).
The steps are more replicas, their repair, and the removal of rows that other nodes hold now.

It may be killed at any moment and run again: a step is recorded in people.cassandra_nodes when it
is complete, and each step can be repeated.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from cassandra import DriverException
from cassandra.cluster import NoHostAvailable, Session
from cql import cause, connect, secret
from join import FACTOR
from ring import Known, NotReadyError, read, silence, write
from steps import Clean, Done, Raise, Register, Repair, Ring, Step, Wait, next_step

from contract.stores.cassandra.keyspace import KEYSPACE, alter
from contract.stores.cassandra.roles import ADMIN, ADMIN_SECRET

JOINED = Path("/var/lib/cassandra/joined")
# The content of JOINED until this node has written its first row.
NEW = "new\n"
REPAIRED = (KEYSPACE, "system_auth")
_PAUSE_S, _AFTER_FAILURE_S, _REPORT_S = 5, 30, 60


class ToolError(Exception):
    """nodetool did not succeed."""


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    logging.getLogger("cassandra").setLevel(logging.CRITICAL)
    reported, since = "", 0.0
    while True:
        pause_s = _PAUSE_S
        try:
            session = connect(ADMIN, secret(ADMIN_SECRET), timeout_s=60)
            try:
                known = read(session)
                step = next_step(ring(known))
                if isinstance(step, Done):
                    return
                take(step, session, known)
            finally:
                session.cluster.shutdown()
            message = step.reason if isinstance(step, Wait) else ""
        except (DriverException, NoHostAvailable, NotReadyError, ToolError) as error:
            message, pause_s = f"failed, and tries again: {cause(error)}", _AFTER_FAILURE_S
        if message and (message != reported or time.monotonic() - since >= _REPORT_S):
            reported, since = message, time.monotonic()
            say(message)
        if message:
            time.sleep(pause_s)


def ring(known: Known) -> Ring:
    host = os.environ["ADVERTISED_HOST"]
    return Ring(
        host=host,
        host_id=known.host_id,
        is_leader=os.environ["CASSANDRA_SEEDS"].split(",")[0] == host,
        is_new=JOINED.read_text() == NEW,
        joined_with=int(FACTOR.read_text()) if FACTOR.exists() else 0,
        members={host_id: silence(address) for host_id, address in known.members.items()},
        factor=known.factor,
        wanted=int(os.environ["REPLICATION_FACTOR"]),
        nodes=known.nodes,
    )


def take(step: Step, session: Session, known: Known) -> None:
    """Raises ToolError and errors of the driver."""
    if isinstance(step, Raise):
        say(f"replication of keyspace {KEYSPACE} rises from {known.factor} to {step.factor}")
        session.execute(alter(KEYSPACE, step.factor), timeout=60)
    elif isinstance(step, Repair):
        ranges = () if step.every_range else ("-pr",)
        for keyspace in REPAIRED:
            nodetool("repair", "-full", *ranges, keyspace)
        write(session, step.node, known)
    elif isinstance(step, Clean):
        nodetool("cleanup", KEYSPACE)
        write(session, step.node, known)
    elif isinstance(step, Register):
        write(session, step.node, known)
        JOINED.write_text("")


def nodetool(*arguments: str) -> None:
    """Runs nodetool, and logs its progress at most every 5 s. Raises ToolError."""
    command, began, reported = " ".join(arguments), time.monotonic(), 0.0
    say(f"nodetool {command} begins")
    with subprocess.Popen(
        ["nodetool", *arguments], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        line = ""
        for line in process.stdout or ():
            progress = re.search(r"progress: [0-9]+%", line)
            if progress and time.monotonic() - reported >= _PAUSE_S:
                reported = time.monotonic()
                say(f"nodetool {command}: {progress[0]}")
    if process.returncode:
        raise ToolError(f"nodetool {command}: {line.strip() or process.returncode}")
    say(f"nodetool {command} is done after {time.monotonic() - began:.0f} s")


def say(message: str) -> None:
    print(f"maintain: {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
