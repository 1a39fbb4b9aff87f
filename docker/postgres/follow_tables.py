"""Applies the tables of the deployed release that this PostgreSQL has, as the superuser over the
local socket.
Each table has its own transaction, so that one that fails does not stop another.

The result is in riada.tables. Without --follow it applies every table once, also those that are
applied already, and fails if one fails.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from contract.stores.postgres import delivery, rejects
from contract.stores.postgres.roles import DATABASE
from contract.stream.deployed import deployed, streaming_release
from contract.table.file import TableFileError
from contract.table.table import Table

POLL_S = 1.0
RETRY_S, LAST_RETRY_S = 5.0, 60.0  # the first and the longest pause after a table failed
VERIFY_S = 10.0
EXPIRE_S = 3600.0
# Owners of tables may make functions in schema public, which would run as the superuser:
# https://wiki.postgresql.org/wiki/A_Guide_to_CVE-2018-1058
SEARCH_PATH = "SET search_path = pg_catalog, pg_temp;\n"
KNOWN = "SELECT coalesce(json_object_agg(name, hash), '{}') FROM riada.tables"


class PostgresError(Exception):
    """PostgreSQL refused a statement, or does not answer. The text is the cause and the remedy."""


def execute(sql: str) -> str:
    """Runs SQL; returns the rows as text. Warnings go to stderr. Raises PostgresError."""
    command = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]
    command += ["--set", "ON_ERROR_STOP=1", "--set", "SHOW_CONTEXT=never", "--dbname", DATABASE]
    done = subprocess.run(command, input=SEARCH_PATH + sql, text=True, capture_output=True)
    if done.returncode:
        raise PostgresError(cause(done.stderr))
    if done.stderr:
        print(done.stderr, end="", file=sys.stderr, flush=True)
    return done.stdout


def cause(stderr: str) -> str:
    """psql:<stdin>:3: ERROR:  why⏎ HINT:  what to do → why. what to do"""
    _, error, text = stderr.partition("ERROR:")
    lines = (text if error else stderr).strip().splitlines()
    parts = [lines[0].strip() if lines else "psql failed"]
    parts += [line.removeprefix("HINT:").strip() for line in lines if line.startswith("HINT:")]
    return ". ".join(parts)


@dataclass
class Applier:
    """`artifacts`: the volume with the releases."""

    artifacts: Path
    release: str = ""
    _tables: Mapping[str, Table] = field(default_factory=dict)
    _failed: dict[str, str] = field(default_factory=dict)

    def load(self) -> bool:
        """Reads the deployed release if it is another one. True if there is one. Raises OSError and
        TableFileError."""
        if streaming_release(self.artifacts) != self.release:
            newest = deployed(self.artifacts)
            tables = newest.tables.items()
            self._tables = {name: table for name, table in tables if not table.database}
            self.release = newest.release
        return bool(self.release)

    def apply(self, again: bool = False) -> list[str]:
        """Brings every table to its file; `again`: those that are as their files already, too.
        Returns the names of the tables that failed."""
        known: dict[str, str] = json.loads(execute(KNOWN))
        failed = []
        for name, table in self._tables.items():
            if again or known.get(name) != delivery.digest(table):
                failed += [] if self._run(name, delivery.deliver(table), "is applied") else [name]
        for name in known.keys() - self._tables.keys():
            done = self._run(name, delivery.withdraw(name), "is no longer delivered")
            failed += [] if done else [name]
        return failed

    def _run(self, name: str, sql: str, effect: str) -> bool:
        try:
            execute(sql)
        except PostgresError as error:
            execute(delivery.failed(name, str(error)))
            if self._failed.get(name) != str(error):
                report(f"table {name}: {error}")
            self._failed[name] = str(error)
            return False
        self._failed.pop(name, None)
        report(f"table {name} {effect}")
        return True


def follow(applier: Applier) -> None:
    """Never returns. Raises nothing: it tries again."""
    release, problem = "", ""
    retry, pause, verify, expire = 0.0, RETRY_S, 0.0, 0.0
    while True:
        try:
            loaded, now = applier.load(), time.monotonic()
            is_another = applier.release != release
            if loaded and (is_another or now >= retry):
                # A script that waits for a lock makes others wait behind it.
                pause = RETRY_S if is_another else min(2 * pause, LAST_RETRY_S)
                failed = applier.apply()
                retry = time.monotonic() + pause if failed else float("inf")
                release = applier.release
            if now >= verify:
                execute("SELECT riada.verify()")
                verify = now + VERIFY_S
            if now >= expire:
                execute(rejects.EXPIRE)
                expire = now + EXPIRE_S
            problem = ""
        except (OSError, TableFileError, PostgresError) as error:
            retry = 0.0
            if str(error) != problem:
                report(f"waits: {error}")
            problem = str(error)
        time.sleep(POLL_S)


def report(message: str) -> None:
    print(f"tables: {message}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="apply-tables", description=__doc__)
    parser.add_argument("--follow", action="store_true")
    arguments = parser.parse_args()
    applier = Applier(Path(os.environ["ARTIFACTS"]))
    if arguments.follow:
        follow(applier)
    try:
        if not applier.load():
            report("nothing is deployed yet")
            return 0
        return 1 if applier.apply(again=True) else 0
    except (OSError, TableFileError, PostgresError) as error:
        print(f"apply-tables: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
