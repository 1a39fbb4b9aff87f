"""Brings roles, keyspace and Riada's own tables up to date when the first seed starts; other nodes
only wait. The streaming job makes the other tables; maintain.py raises the replication of rows.

Runs beside Cassandra on every start. It may be killed at any moment and run again, because every
step is idempotent. It tries until it succeeds, and logs the cause every few seconds.
"""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import socket
import sys
import time

from cassandra import AuthenticationFailed, DriverException
from cassandra.cluster import NoHostAvailable, Session
from cql import cause, connect, secret
from maintain import JOINED, NEW
from ring import SYSTEM_KEYSPACES, replication

from contract.stores.cassandra import batches, nodes
from contract.stores.cassandra.keyspace import KEYSPACE, alter, create
from contract.stores.cassandra.roles import ADMIN, ADMIN_SECRET, Role

DEFAULT = ("cassandra", "cassandra")


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    logging.getLogger("cassandra").setLevel(logging.CRITICAL)
    began = time.monotonic()
    _wait_for_port()
    if not JOINED.exists():
        JOINED.write_text(NEW)
    if os.environ["CASSANDRA_SEEDS"].split(",")[0] != os.environ["ADVERTISED_HOST"]:
        return
    while True:
        try:
            _apply(_admin())
            break
        except (
            DriverException,
            NoHostAvailable,
        ) as error:  # neither message contains the statement
            _say(f"cannot apply roles and keyspace yet: {cause(error)}")
            time.sleep(2)
    _say(f"roles and keyspace are up to date after {time.monotonic() - began:.0f} s")


def _wait_for_port() -> None:
    while True:
        try:
            socket.create_connection((socket.gethostname(), 9042), timeout=1).close()
            return
        except OSError:
            time.sleep(0.3)


def _admin() -> Session:
    """A session as ADMIN. On the first start the default superuser creates that role and is
    locked."""
    try:
        return connect(ADMIN, secret(ADMIN_SECRET))
    except NoHostAvailable as error:
        if not _refused(error):
            raise
    try:
        default = connect(*DEFAULT)
    except NoHostAvailable as error:
        if _refused(error):
            _say(
                "Cassandra accepts neither the secret cassandra-admin nor the first password: "
                "another installation wrote this volume. Restore its secrets, or remove the volume"
            )
        raise
    default.execute(
        f"CREATE ROLE IF NOT EXISTS {ADMIN} WITH SUPERUSER = true AND LOGIN = true "
        f"AND PASSWORD = '{secret(ADMIN_SECRET)}'"
    )
    default.cluster.shutdown()
    return connect(ADMIN, secret(ADMIN_SECRET))


def _apply(session: Session) -> None:
    factor = int(os.environ["REPLICATION_FACTOR"])
    session.execute(
        f"ALTER ROLE cassandra WITH PASSWORD = '{secrets.token_urlsafe(32)}' "
        "AND LOGIN = false AND SUPERUSER = false"
    )
    # At once, before more nodes join: any replica can authenticate a role, so none may be empty.
    for keyspace in SYSTEM_KEYSPACES:
        if replication(session, keyspace) < factor:
            session.execute(alter(keyspace, factor))
    for statement in (create(factor), batches.CREATE, batches.ADD, nodes.CREATE):
        session.execute(statement, timeout=60)
    for role in Role:
        session.execute(f"CREATE ROLE IF NOT EXISTS {role.value}")
        session.execute(f"GRANT SELECT ON KEYSPACE {KEYSPACE} TO {role.value}")
    for permission in ("MODIFY", "CREATE", "ALTER"):
        session.execute(f"GRANT {permission} ON KEYSPACE {KEYSPACE} TO {Role.SPARK.value}")
    session.execute(f"GRANT SELECT ON KEYSPACE system_views TO {Role.OBSERVER.value}")
    # Last: Cassandra remembers what a role that acts may do, for permissions_validity. A GRANT does
    # not end that.
    for role in Role:
        session.execute(
            f"ALTER ROLE {role.value} WITH LOGIN = true AND PASSWORD = '{secret(role.secret)}'"
        )
    session.cluster.shutdown()


def _refused(error: NoHostAvailable) -> bool:
    return any(isinstance(each, AuthenticationFailed) for each in error.errors.values())


def _say(message: str) -> None:
    print(f"initialise: {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
