"""The epoch for which all stores of a table were last equal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from control_center.pipeline import verified
from tests.control_center.in_memory_clients import InMemoryClients
from tests.control_center.sample_tables import USERS


def test_a_complete_pass_counts_from_its_beginning(tmp_path: Path) -> None:
    clients = InMemoryClients(tmp_path)
    verified.confirm(clients, USERS, 2, 1000.0)
    assert verified.read(clients, USERS) == 2
    assert verified.at(clients, USERS) == datetime.fromtimestamp(1000, UTC)
    verified.confirm(clients, USERS, 3, 2000.0)
    assert verified.at(clients, USERS) == datetime.fromtimestamp(2000, UTC)


def test_an_older_pass_replaces_no_newer_comparison(tmp_path: Path) -> None:
    clients = InMemoryClients(tmp_path)
    verified.write(clients, USERS, 3)
    at = verified.at(clients, USERS)
    verified.confirm(clients, USERS, 3, 1000.0)
    verified.confirm(clients, USERS, 2, 9e9)
    assert (verified.read(clients, USERS), verified.at(clients, USERS)) == (3, at)
