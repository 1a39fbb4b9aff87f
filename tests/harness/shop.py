"""Database shop: the PostgreSQL of the setting DATABASES, which somebody else runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from contract.kafka.capture import connector
from contract.stores.postgres.server import secret
from tests.harness.external_postgres import ExternalPostgres, external_postgres
from tests.harness.platform import Platform
from tests.harness.settings import SHOP
from tests.harness.wait import eventually
from tests.harness.work_copy import WorkCopy

NAME = "shop"
MAJOR = 17  # another one than the platform's
SLOT = f"riada_{NAME}"
FILE = 'ca = "ca.pem"\n'


@contextmanager
def shop(platform: Platform, *aliases: str, major: int = MAJOR) -> Iterator[ExternalPostgres]:
    """The server, on the platform's network, for the duration of the block. `aliases`: other names
    that its certificate has."""
    project = platform.installation.project
    container = f"{project}-test-{SHOP}"
    with external_postgres(major, project, container, (SHOP, *aliases), NAME) as server:
        platform.servers[NAME] = server
        try:
            yield server
        finally:
            del platform.servers[NAME]


def password(platform: Platform) -> str:
    """What the installation's secret has: the database's user needs it."""
    return platform.installation.secret(secret(NAME))


def check(copy: WorkCopy) -> dict[str, Any]:
    """What make doctor finds about the server."""
    done = copy.command("doctor", JSON="1")
    answer: dict[str, Any] = json.loads(done.stdout)
    databases: dict[str, Any] = answer["databases"]
    result: dict[str, Any] = databases[NAME]
    return result


def run_statements(platform: Platform, copy: WorkCopy) -> str:
    """Run exactly what make doctor prints, as the server's administrator, and return it. Afterwards
    nothing is missing."""
    statements = str(check(copy)["statements"])
    assert statements
    platform.servers[NAME].execute_file(statements, password(platform))
    after = check(copy)
    assert (after["problems"], after["statements"]) == ([], ""), after
    return statements


def await_ended(platform: Platform) -> None:
    """Wait until capture has left the server: nothing there keeps WAL."""

    def ended() -> bool:
        slots = platform.servers[NAME].execute("SELECT slot_name FROM pg_replication_slots")
        connectors = platform.connect("GET", "/connectors")
        assert (slots, connector(NAME) in connectors) == ("", False), (slots, connectors)
        return True

    eventually(ended, f"slot {SLOT} and connector {connector(NAME)} are gone", 120)
