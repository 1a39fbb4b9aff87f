"""Prints how a node with an empty disk starts: its seeds with commas between them, and the address
of the member whose place it takes, or nothing.

Returns once that is certain, and logs every 5 s for what it waits. In the meantime it answers on
the storage port, by TLS, that its disk is empty: the first node of a new ring waits for these
answers, because its own disk could have been lost while another node holds the ring's data.
"""

from __future__ import annotations

import argparse
import logging
import os
import socket
import ssl
import sys
import threading
import time
from pathlib import Path

import joining
from cassandra import ConsistencyLevel, DriverException
from cassandra.cluster import NoHostAvailable, Session
from cql import SECRETS, cause, connect, secret
from ring import CQL_PORT, STORAGE_PORT, Known, NotReadyError, read, silence

from contract.stores.cassandra.nodes import unrepaired
from contract.stores.cassandra.roles import ADMIN, ADMIN_SECRET
from contract.stores.cassandra.tls import NAME, context
from contract.stores.tls import CA

EMPTY = b"empty\n"
CERTIFICATE = Path("/dev/shm/tls-cassandra.pem")  # of this node, with its key (encryption)
# The number of replicas of each row that this node gets when it joins; maintain.py reads it.
FACTOR = Path("/var/lib/cassandra/factor-at-join")
# An operator ran joining.COMMAND in this container.
FORCED = Path("/var/lib/cassandra", joining.COMMAND)
_ROUND_S, _REPORT_S = 1, 5


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    logging.getLogger("cassandra").setLevel(logging.CRITICAL)
    host, before = os.environ["ADVERTISED_HOST"], os.environ.get("WAIT_FOR", "").partition(":")[0]
    seeds = os.environ["CASSANDRA_SEEDS"].split(",")
    project = os.environ.get("PROJECT", joining.PROJECT)
    others = [name for name in dict.fromkeys([*seeds, before]) if name not in ("", host)]
    answer_empty()
    reported = -float(_REPORT_S)
    while True:
        answers = {name: ask(name, host) for name in others}
        decision = joining.decide(host, before, answers, FORCED.exists(), project)
        if isinstance(decision, joining.Start):
            break
        if time.monotonic() - reported >= _REPORT_S:
            reported = time.monotonic()
            say(f"the disk of {host} is empty; it waits: {decision.reason}")
        time.sleep(_ROUND_S)
    if decision.replace:
        say(f"the disk of {host} is empty; it takes the place of the member {decision.replace}")
    FACTOR.write_text(f"{decision.factor}\n")
    print(",".join(decision.seeds), decision.replace)


def ask(name: str, host: str) -> joining.Answer:
    """What the node `name` knows about `host`."""
    if silence(name, CQL_PORT):
        return joining.Empty() if is_empty(name) else joining.Silent()
    try:
        session = connect(ADMIN, secret(ADMIN_SECRET), host=name)
    except (DriverException, NoHostAvailable, OSError):
        return joining.Silent()  # it has just started, and its roles are missing
    try:
        return asked(session, host)
    except NotReadyError:
        return joining.Silent()
    except (DriverException, NoHostAvailable) as error:
        say(f"{name} does not know its nodes: {cause(error)}")
        return joining.Silent()
    finally:
        session.cluster.shutdown()


def asked(session: Session, host: str) -> joining.Member | joining.Minority:
    """Raises NotReadyError and errors of the driver."""
    try:
        known = read(session)
    except (DriverException, NoHostAvailable):
        known = read(session, ConsistencyLevel.LOCAL_ONE)
        if not (silent := not_serving(known)):
            raise
        return joining.Minority(replaced(known, host), silent)
    behind = unrepaired(known.nodes.values(), known.members, known.factor)
    return joining.Member(replaced(known, host), tuple(behind), known.factor)


def replaced(known: Known, host: str) -> str:
    """The address of the member that this host was, "" if it was none."""
    before = known.nodes.get(host)
    return known.members.get(before.host_id, "") if before else ""


def not_serving(known: Known) -> tuple[str, ...]:
    names = {node.host_id: node.host for node in known.nodes.values()}
    silent = [each for each, address in known.members.items() if silence(address)]
    return tuple(sorted(names.get(each, known.members[each]) for each in silent))


def is_empty(name: str) -> bool:
    """Whether the node waits in this program, too."""
    try:
        with (
            socket.create_connection((name, STORAGE_PORT), timeout=3) as connection,
            context(SECRETS / CA).wrap_socket(connection, server_hostname=NAME) as encrypted,
        ):
            return encrypted.recv(len(EMPTY)) == EMPTY
    except OSError:
        return False


def answer_empty() -> None:
    """Answers until this process ends."""
    server = socket.create_server((socket.gethostbyname(socket.gethostname()), STORAGE_PORT))
    own = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    own.load_cert_chain(CERTIFICATE)

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
                connection.settimeout(3)
                with connection, own.wrap_socket(connection, server_side=True) as encrypted:
                    encrypted.sendall(EMPTY)
            except OSError:
                continue

    threading.Thread(target=serve, daemon=True).start()


def say(message: str) -> None:
    print(f"join: {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
