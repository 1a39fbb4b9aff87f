"""The workload in a process of its own: what a test starts, pauses and asks."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from cli.host.paths import ROOT
from contract.stores.postgres import table as postgres
from contract.stores.postgres.roles import DATABASE
from tests.harness.equality import in_cassandra
from tests.harness.platform import Platform
from tests.harness.superuser import execute
from tests.harness.wait import eventually
from tests.harness.workload.model import Model
from tests.harness.workload.status import Status
from tests.harness.workload.table import SCHEMA, table

ROLE = "application"
# Longer than any fault keeps PostgreSQL away.
PAUSE_LIMIT_S = 240
EMPTY_LIMIT_S = 300


class Workload:
    """`status`: the newest one. `paused()`: no row changes within it."""

    def __init__(self, platform: Platform, seed: str, rate: float) -> None:
        self.seed, self.rate = seed, rate
        self._model = Model(seed)
        installation = platform.installation
        variables = {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(installation.ports["postgres"]),
            "PGDATABASE": DATABASE,
            "PGUSER": ROLE,
            "PGPASSWORD": installation.secret(f"postgres-{ROLE}"),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.harness.workload", seed, str(rate)],
            cwd=ROOT,
            env={**os.environ, **variables},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.status = Status()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def pause(self) -> Status:
        """Return once no step is under way."""
        self._command("pause")
        eventually(lambda: self.status.paused, "the workload pauses", PAUSE_LIMIT_S, 0.1)
        return self.status

    def resume(self) -> None:
        self._command("run")
        eventually(lambda: not self.status.paused, "the workload goes on", PAUSE_LIMIT_S, 0.1)

    def add_column(self) -> None:
        """Give the added column values from now on: the database has it."""
        self._command("add")
        eventually(lambda: self.status.added_from is not None, "the column is used", PAUSE_LIMIT_S)
        self._model.added_from = self.status.added_from

    def expected(self) -> Model:
        """The model after the steps that are done. Call it while the workload is paused."""
        assert self.status.paused, "the rows change"
        self._model.advance(self.status.steps)
        return self._model

    def end(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(60)
        self._reader.join(10)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(60)

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self.status = Status.from_json(line)

    def _command(self, command: str) -> None:
        assert self._process.poll() is None, f"the workload ended: {self._process.returncode}"
        assert self._process.stdin
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()


@contextmanager
def workload(platform: Platform, seed: str, rate: float) -> Iterator[Workload]:
    """Begin the workload. Its table must exist; rows of an earlier one are deleted everywhere."""
    execute(platform, SCHEMA)
    platform.sql(f"DELETE FROM {postgres.qualified(table())}", role=ROLE)
    eventually(
        lambda: not in_cassandra(platform, table()), "earlier rows are deleted", EMPTY_LIMIT_S
    )
    process = Workload(platform, seed, rate)
    try:
        yield process
    finally:
        process.end()
