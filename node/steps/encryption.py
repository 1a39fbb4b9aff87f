"""Clients of PostgreSQL and Cassandra encrypt always: so a release that begins with it changes the
servers' nodes first, and the others wait."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from pathlib import Path

from node.steps.compose_file import environments, parse

# Variables of clients → the port of these hosts.
POSTGRES, CASSANDRA = "POSTGRES_HOST", "CASSANDRA_HOSTS"
PORTS = {POSTGRES: 5432, CASSANDRA: 9042}
CA = "ca"
TIMEOUT_S = 5
# https://www.postgresql.org/docs/17/protocol-message-formats.html, SSLRequest
REQUEST, OFFERED = bytes.fromhex("0000000804d2162f"), b"S"


def lacking(text: str, secrets: Path) -> str:
    """Why the node with this compose file must not change yet; "" if it may, also while a server
    does not answer."""
    if CA not in parse(text, secrets).secrets:
        return ""
    variables = list(environments(text).values())
    for name, offers in (POSTGRES, _postgres_offers), (CASSANDRA, _offers):
        texts = {each.get(name, "") for each in variables}
        for host in sorted({host for text in texts for host in text.split(",")} - {""}):
            if not _offered(host.partition(":")[0], PORTS[name], offers):
                return f"waits to change until {host} offers TLS"
    return ""


def _offered(host: str, port: int, offers: Callable[[socket.socket], bool]) -> bool:
    """False only if the server answers and does not offer TLS."""
    try:
        connection = socket.create_connection((host, port), timeout=TIMEOUT_S)
    except OSError:
        return True
    with connection:
        try:
            return offers(connection)
        except TimeoutError:
            return True
        except OSError:  # it has closed the connection
            return False


def _postgres_offers(connection: socket.socket) -> bool:
    connection.sendall(REQUEST)
    return connection.recv(1) == OFFERED


def _offers(connection: socket.socket) -> bool:
    """Whose certificate it is does not matter here."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.wrap_socket(connection).close()
    return True
