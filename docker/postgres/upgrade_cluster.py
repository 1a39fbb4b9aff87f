"""upgrade recover   before anything else: completes or discards an upgrade that was interrupted
upgrade run       after the earlier server has stopped cleanly: makes the new data folder
upgrade adapt     when the new server answers on its private socket: extensions, indexes of ICU
upgrade finish    beside the server: collects statistics, then removes the earlier data folder

pg_upgrade copies the data into a folder beside the earlier one and does not change that one. Two
renames then put the new folder in its place. So a kill at any moment leaves the earlier data, which
the next start upgrades again, or the complete new ones. The earlier folder also says that `adapt`
and `finish` are due.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from backup.clients import disk
from backup.clients.server import programs
from backup.clients.state import Files
from backup.errors import BackupError

REPORT_S = 5.0
POLL_S = 0.2
LAST_LINES = 15
# pg_upgrade starts servers on a socket of its own.
ACCESS = "-c hba_file=/etc/riada/pg_hba.conf -c ident_file=/etc/riada/pg_ident.conf"
# A server that has logical slots does not start without it.
SLOTS = "-c wal_level=logical"
# ALTER SYSTEM wrote these lines, or a restore, whose archive is that of the earlier cluster.
SETTINGS = "postgresql.auto.conf"
OF_A_RESTORE = ("recovery_target", "restore_command")
# Debian 13 has another ICU, which may sort texts in another order.
ADAPT = r"""
SET search_path = pg_catalog, pg_temp;
SET client_min_messages = warning;
SET riada.ddl = 'on';
SELECT format('ALTER EXTENSION %I UPDATE', name) FROM pg_available_extensions
WHERE installed_version <> default_version \gexec
SELECT format('REINDEX INDEX %I.%I', nspname, relname)
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind = 'i' AND EXISTS (
    SELECT FROM pg_collation WHERE pg_collation.oid = ANY (indcollation) AND collprovider = 'i'
) \gexec
SELECT format('ALTER COLLATION %I.%I REFRESH VERSION', nspname, collname)
FROM pg_collation JOIN pg_namespace ON pg_namespace.oid = collnamespace
WHERE collversion <> pg_collation_actual_version(pg_collation.oid) \gexec
"""
DATABASES = "SELECT datname FROM pg_database WHERE datallowconn ORDER BY datname"


@dataclass(frozen=True)
class Upgrade:
    """`data`: PostgreSQL's data folder; `run`: a folder that is empty when the container starts;
    `version`: the major version of this image."""

    data: Path
    run: Path
    version: str

    @property
    def earlier(self) -> Path:
        return self.data.with_name(f"{self.data.name}.earlier")

    @property
    def new(self) -> Path:
        return self.data.with_name(f"{self.data.name}.upgraded")

    def recover(self) -> None:
        """The data folder is only renamed when the new one is complete."""
        if self.new.exists() and self.earlier.exists() and not self.data.exists():
            self._put_in_place()
        remove(self.new)

    def make(self) -> None:
        """Raises BackupError; the earlier data are unchanged then."""
        before = (self.data / "PG_VERSION").read_text().strip()
        step = f"the upgrade from PostgreSQL {before} to {self.version}"
        remove(self.earlier)  # of an upgrade before a restore
        size = used(self.data) - used(self.data / "pg_wal")
        room = f"a larger disk; the data of PostgreSQL {before} are unchanged"
        disk.require(step, size, self.data.parent, room)
        report(f"{step} begins: {size / disk.GIB:.2f} GiB")
        checked(step, subprocess.run(["init-cluster", self.new], capture_output=True, text=True))
        empty = used(self.new)
        command = ["pg_upgrade", "--copy", "--username", "postgres", "--socketdir", str(self.run)]
        command += ["--old-bindir", str(programs(self.data)), "--old-datadir", str(self.data)]
        command += ["--new-bindir", str(programs(self.new)), "--new-datadir", str(self.new)]
        command += ["--old-options", f"{ACCESS} {SLOTS}", "--new-options", ACCESS]
        log = self.run / "pg_upgrade.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                command, cwd=self.run, stdout=output, stderr=subprocess.STDOUT, text=True
            )
            reported = time.monotonic()
            while process.poll() is None:
                time.sleep(POLL_S)
                if time.monotonic() - reported >= REPORT_S:
                    copied = max(0, used(self.new) - empty)
                    report(f"{copied / disk.GIB:.2f} of {size / disk.GIB:.2f} GiB are copied")
                    reported = time.monotonic()
        done = subprocess.CompletedProcess(command, process.returncode, log.read_text(), "")
        checked(step, done, self.new / "pg_upgrade_output.d")
        self._keep_settings()
        self._put_in_place()
        report(f"{step} is complete")

    def adapt(self) -> None:
        """An error of one statement leaves the others, and the server starts."""
        if not self.earlier.exists():
            return
        for database in psql("postgres", DATABASES).split():
            psql(database, ADAPT)

    def finish(self) -> None:
        """Raises BackupError."""
        if not self.earlier.exists():
            return
        while subprocess.run(["pg_isready", "--quiet"]).returncode:
            time.sleep(1)
        analyze = ["vacuumdb", "--all", "--analyze-in-stages", "--quiet"]
        done = subprocess.run(analyze, capture_output=True, text=True)
        checked("the collection of the planner's statistics", done)
        remove(self.earlier)
        report("the planner's statistics are collected, and the earlier data are removed")

    def _keep_settings(self) -> None:
        """Those of ALTER SYSTEM that this version has, too."""
        described = subprocess.run(
            [programs(self.new) / "postgres", "--describe-config"],
            capture_output=True,
            text=True,
            check=True,
        )
        known = {line.split("\t")[0] for line in described.stdout.splitlines()}
        kept = []
        for line in (self.data / SETTINGS).read_text().splitlines(keepends=True):
            name = line.split("=")[0].strip()
            if name.startswith(OF_A_RESTORE) or not (name in known or "." in name):
                if line.strip() and not line.startswith("#"):
                    report(f"leaves out the setting {name}")
                continue
            kept.append(line)
        with (self.new / SETTINGS).open("a") as file:
            file.writelines(kept)
            file.flush()
            os.fsync(file.fileno())

    def _put_in_place(self) -> None:
        """Repeatable from between the renames."""
        volume = self.data.parent
        if self.data.exists():
            self.data.rename(self.earlier)
            sync(volume)
        Files(volume).forget_cluster()
        self.new.rename(self.data)
        sync(volume)


def checked(step: str, done: subprocess.CompletedProcess[str], details: Path | None = None) -> None:
    """`details`: the folder of pg_upgrade's reports and of the logs of its servers."""
    if done.returncode == 0:
        return
    lines = ((done.stdout or "") + (done.stderr or "")).strip().splitlines()[-LAST_LINES:]
    files = [*details.rglob("*.txt"), *details.rglob("pg_upgrade_server.log")] if details else []
    for file in files:
        lines += [f"{file.name}:", *file.read_text(errors="replace").splitlines()[-LAST_LINES:]]
    raise BackupError(
        f"{step} fails:\n" + "\n".join(lines),
        "remove the cause in the earlier release, whose data are unchanged",
    )


def psql(database: str, script: str) -> str:
    command = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]
    done = subprocess.run(
        [*command, "--dbname", database], input=script, capture_output=True, text=True
    )
    if done.stderr:
        report(f"database {database}: {done.stderr.strip()}")
    return done.stdout


def used(folder: Path) -> int:
    """Bytes of its files. One may vanish meanwhile."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(root, name).lstat().st_size
            except FileNotFoundError:
                continue
    return total


def remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def report(message: str) -> None:
    print(f"postgres: {message}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="upgrade", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", choices=("recover", "run", "adapt", "finish"))
    step = parser.parse_args().step
    environment = os.environ
    upgrade = Upgrade(
        Path(environment["PGDATA"]), Path(environment["PGHOST"]), environment["PG_MAJOR"]
    )
    steps = {
        "recover": upgrade.recover,
        "run": upgrade.make,
        "adapt": upgrade.adapt,
        "finish": upgrade.finish,
    }
    try:
        steps[step]()
    except BackupError as error:
        print(f"postgres: {error.cause}\nremedy: {error.remedy}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
