"""The certificate with which PostgreSQL serves."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from pathlib import Path

# https://www.postgresql.org/docs/17/protocol-message-formats.html, SSLRequest
REQUEST, OFFERED = bytes.fromhex("0000000804d2162f"), b"S"


def expires_at(host: str, port: int, ca: Path, timeout_s: float) -> float | None:
    """Seconds since 1970; None if the server does not show a certificate of this authority for
    this host."""
    try:
        context = ssl.create_default_context(cafile=str(ca))
        with socket.create_connection((host, port), timeout_s) as connection:
            connection.sendall(REQUEST)
            if connection.recv(1) != OFFERED:
                return None
            with context.wrap_socket(connection, server_hostname=host) as encrypted:
                certificate = encrypted.getpeercert() or {}
                with suppress(OSError):  # else PostgreSQL logs that the connection was reset
                    encrypted.unwrap()
    except OSError:  # ssl.SSLError too
        return None
    until = certificate.get("notAfter")
    return float(ssl.cert_time_to_seconds(until)) if isinstance(until, str) else None
