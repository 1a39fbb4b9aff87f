"""One small request to one node over TCP; a live process answers it in milliseconds.

An open port proves nothing: the kernel accepts connections for a process that is stopped.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from contract.errors import UnreachableError, first_line
from contract.health.component import component_of
from contract.stores.cassandra.tls import NAME, context
from control_center.clients.certificate import expiry

T = TypeVar("T")


def ask(
    address: str,
    request: bytes,
    timeout_s: float = 3.0,
    encrypt: Callable[[socket.socket], socket.socket] = lambda plain: plain,
) -> bytes:
    """The first part of the answer of "host:port" to `request`; raises UnreachableError. `encrypt`
    may raise OSError."""
    host, port = address.rsplit(":", 1)

    def unreachable(cause: str) -> UnreachableError:
        return UnreachableError(component_of(address), cause)

    try:
        with (
            socket.create_connection((host, int(port)), timeout_s) as plain,
            encrypt(plain) as connection,
        ):
            connection.settimeout(timeout_s)
            connection.sendall(request)
            answer = connection.recv(4096)
    except socket.gaierror as error:
        raise unreachable("is not on the network (its name does not resolve)") from error
    except TimeoutError as error:
        raise unreachable(f"does not answer within {timeout_s:g} s") from error
    except ConnectionRefusedError as error:
        raise unreachable("refuses connections") from error
    except OSError as error:
        raise unreachable(f"cannot be reached ({error.strerror or error})") from error
    if not answer:
        raise unreachable("closed the connection without an answer")
    return answer


def kafka_alive(address: str) -> None:
    """ApiVersions v0 (https://kafka.apache.org/protocol#The_Messages_ApiVersions)."""
    body = struct.pack(">hhih", 18, 0, 1, -1)
    ask(address, struct.pack(">i", len(body)) + body)


def cassandra_alive(address: str, ca: Path) -> float | None:
    """An OPTIONS frame of the native protocol, v4: needs no login. Returns when the certificate of
    the node expires, in seconds since 1970."""
    until: float | None = None

    def encrypt(plain: socket.socket) -> socket.socket:
        nonlocal until
        encrypted = context(ca).wrap_socket(plain, server_hostname=NAME)
        until = expiry(encrypted)
        return encrypted

    ask(address, struct.pack(">BBhBi", 4, 0, 0, 5, 0), encrypt=encrypt)
    return until


def zookeeper_mode(address: str) -> str:
    """`srvr`: "standalone", "leader" or "follower"; raises UnreachableError without a quorum."""
    answer = ask(address, b"srvr").decode(errors="replace")
    for line in answer.splitlines():
        if line.startswith("Mode: "):
            return line.removeprefix("Mode: ")
    raise UnreachableError(component_of(address), f"answers: {first_line(answer) or 'nothing'}")


def ask_all(
    addresses: Sequence[str], question: Callable[[str], T]
) -> dict[str, T | UnreachableError]:
    """Sends the request to all nodes at once: address → answer or error."""

    def answer(address: str) -> T | UnreachableError:
        try:
            return question(address)
        except UnreachableError as error:
            return error

    with ThreadPoolExecutor(max_workers=len(addresses)) as pool:
        return dict(zip(addresses, pool.map(answer, addresses), strict=True))
