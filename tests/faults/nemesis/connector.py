"""Connect is restarted and killed while rows are loaded in bulk.

Debezium 3.1.3 to 3.6.1, unchanged, lost rows that share an LSN, rows of open transactions and rows
whose keys change: issues 1554, 76 and 2549 of https://github.com/debezium/dbz.
"""

from __future__ import annotations

import io
import os
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from cli.host.errors import CliError
from contract.kafka.capture import CONNECTOR
from tests.faults.nemesis.fault import Fault, Services
from tests.harness.platform import Platform
from tests.harness.settings import LONG
from tests.harness.tables import USERS

# Comparisons of later tests read these events too; docs/development.md has the larger run.
COPIED = int(os.environ.get("RESTART_ROWS") or (40_000 if LONG else 10_000))
CHANGED_KEYS = COPIED // 4
OPEN = COPIED // 20  # rows of each of the two transactions that are open across restarts
RESTARTS = 10 if LONG else 4  # and as many kills
COLUMNS = ", ".join(USERS.names[1:])


@dataclass(frozen=True)
class ConnectorRestarted(Fault):
    target: str = "restarts"
    family: ClassVar[str] = "connector"
    not_proven: ClassVar[str] = "loads of millions of rows in one transaction"
    quick_targets: ClassVar[frozenset[str]] = frozenset({"restarts"})

    @property
    def effect(self) -> str:
        return f"restarts and kills Connect {RESTARTS} times each during COPY and long transactions"

    def inject(self, platform: Platform) -> None:
        platform.await_run(platform.ingest(10))
        before = platform.count()
        with _restarts(platform) as done:
            _copy(platform, COPIED)
            with platform.postgres() as first, platform.postgres() as second:
                for _ in range(OPEN // 500):
                    _insert(first, 500)
                    _insert(second, 500)
                second.commit()
                first.commit()
            platform.sql(
                "UPDATE public.users SET id = gen_random_uuid()"
                f" WHERE id IN (SELECT id FROM public.users LIMIT {CHANGED_KEYS})"
            )
            assert done.wait(600), "the restarts ended"
        assert platform.count() >= before + COPIED + 2 * OPEN // 500 * 500

    def heal(self, platform: Platform) -> None:
        """Nothing lasts."""

    def after(self, platform: Platform) -> None:
        platform.assert_equal_everywhere()


@contextmanager
def _restarts(platform: Platform) -> Iterator[threading.Event]:
    """Restart the connector and kill the worker in turn, a few seconds apart."""
    done, stop = threading.Event(), threading.Event()

    def act() -> None:
        for action in ["restart", "kill"] * RESTARTS:
            if stop.wait(random.uniform(3, 5)):
                return
            try:
                if action == "kill":
                    platform.kill("connect", "ConnectDistributed")
                    platform.await_healthy()
                else:
                    path = f"/connectors/{CONNECTOR}/restart?includeTasks=true"
                    platform.connect("POST", path)
            except (CliError, AssertionError) as error:
                print(f"{action}: {error}", flush=True)
        done.set()

    thread = threading.Thread(target=act)
    thread.start()
    try:
        yield done
    finally:
        stop.set()
        thread.join()


def _copy(platform: Platform, rows: int) -> None:
    """Write rows by one COPY: PostgreSQL logs the rows of a page as one record with one LSN."""
    with platform.postgres() as connection, connection, connection.cursor() as cursor:
        text = io.StringIO()
        source = (
            f"SELECT gen_random_uuid(), {COLUMNS} FROM public.users, generate_series(1, {rows})"
        )
        cursor.copy_expert(f"COPY ({source} LIMIT {rows}) TO STDOUT", text)
        text.seek(0)
        cursor.copy_expert(f"COPY public.users (id, {COLUMNS}) FROM STDIN", text)


def _insert(connection: Any, rows: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO public.users (id, {COLUMNS}) SELECT gen_random_uuid(), {COLUMNS}"
            f" FROM public.users LIMIT {rows}"
        )


def faults(services: Services) -> Iterator[Fault]:
    yield ConnectorRestarted()
