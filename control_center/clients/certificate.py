"""The certificate with which a server serves."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

# https://www.postgresql.org/docs/17/protocol-message-formats.html, SSLRequest
REQUEST, OFFERED = bytes.fromhex("0000000804d2162f"), b"S"
EXPIRES_SOON_S = 21 * 86_400  # make up renews a certificate 30 days before
READ_AGAIN_S = 60


class Expiry:
    """When a certificate expires. A TLS handshake reads it once per READ_AGAIN_S, but each time
    while it is unknown or expires soon: a renewal is then seen at once."""

    def __init__(self, read: Callable[[], float | None]) -> None:
        """`read`: seconds since 1970; None: unknown."""
        self._read = read
        self._until: float | None = None
        self._read_at = 0.0

    def at(self) -> float | None:
        """Seconds since 1970; None: unknown."""
        now = time.time()
        if (
            self._until is None
            or self._until - now < EXPIRES_SOON_S
            or now - self._read_at >= READ_AGAIN_S
        ):
            self._until, self._read_at = self._read(), now
        return self._until


def expiry(encrypted: ssl.SSLSocket) -> float | None:
    """When the certificate of the other side expires, in seconds since 1970; None: unknown."""
    until = (encrypted.getpeercert() or {}).get("notAfter")
    return float(ssl.cert_time_to_seconds(until)) if isinstance(until, str) else None


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
                until = expiry(encrypted)
                with suppress(OSError):  # else PostgreSQL logs that the connection was reset
                    encrypted.unwrap()
    except OSError:  # ssl.SSLError too
        return None
    return until
