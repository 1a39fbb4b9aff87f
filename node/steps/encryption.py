"""Clients of PostgreSQL encrypt only once the server does: so a release that begins with it changes
the server's node first, and the others wait."""

from __future__ import annotations

import socket
from pathlib import Path

from node.steps.compose_file import environments, parse

HOST, PORT = "POSTGRES_HOST", 5432
CA = "ca"
TIMEOUT_S = 5
# https://www.postgresql.org/docs/17/protocol-message-formats.html, SSLRequest
REQUEST, OFFERED = bytes.fromhex("0000000804d2162f"), b"S"


def lacking(text: str, secrets: Path) -> str:
    """Why the node with this compose file must not change yet; "" if it may, also while the server
    does not answer."""
    if CA not in parse(text, secrets).secrets:
        return ""
    for host in sorted({each.get(HOST, "") for each in environments(text).values()} - {""}):
        try:
            with socket.create_connection((host, PORT), timeout=TIMEOUT_S) as connection:
                connection.sendall(REQUEST)
                answer = connection.recv(1)
        except OSError:
            continue
        if answer != OFFERED:
            return f"waits to change until PostgreSQL at {host} offers TLS"
    return ""
