"""Ends the capture of a database that the release no longer has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from capture.clients.connect import Connect
from capture.clients.log import Log
from capture.clients.postgres import Postgres
from capture.clients.server import Server, of_connector
from capture.clients.source import UnavailableError
from capture.manager import now_iso
from contract.kafka.capture import State


def end(log: Log, connect: Connect, postgres: Callable[[Server], Postgres]) -> bool:
    """Stops the connector, drops its slot, which would keep WAL, and deletes it. False if there was
    nothing to do. Until the slot is gone the connector stays, stopped: its configuration has the
    address. An interruption does no harm. Raises UnavailableError with the remedy."""
    captured = log.newest()
    is_new = captured is not None and captured.state is not State.ENDED
    if captured is not None and is_new:  # first: if the database comes back, an epoch begins
        log.publish(replace(captured, state=State.ENDED, at=now_iso()))
    present = connect.configuration()
    if present is None:
        return is_new
    server = of_connector(present)
    connect.stop()
    connect.delete_offsets()
    try:
        postgres(server).drop_slot()
    except UnavailableError as error:
        raise UnavailableError(
            f"slot {server.slot} on {server.host}:{server.port} keeps WAL and cannot be dropped: "
            f"{error}. A superuser can: SELECT pg_drop_replication_slot('{server.slot}')"
        ) from error
    connect.delete()
    return True
