"""backup configure        writes pgBackRest's configuration
backup prepare          makes the place of this server in the repository
backup restore          before the server starts: carries out the requested restore
backup await            after it has started: waits until its recovery has ended
backup retry-to-end LOG after its recovery failed: ends with 0 if the next start recovers further
backup is-older-copy    ends with 0 if the archive is ahead of this server, and with 3 if it is not
backup follow           takes backups and tests restores by the schedule
backup run              takes a backup now
backup request          requests a restore, which the next start of the container carries out
backup restored ID      prints how the restore with this id ended
backup test             restores the newest backup into a folder of its own and checks it
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

from backup.clients.pgbackrest import PgBackRest
from backup.clients.server import Server
from backup.clients.state import Files, Restored
from backup.clients.take_backup import take
from backup.errors import BackupError
from backup.follow import Follower
from backup.restore import carry_out, moment, trial
from backup.restore.request import Wanted, request
from backup.settings import Settings, configuration

COMMANDS = (
    *("configure", "prepare", "restore", "await", "retry-to-end", "is-older-copy", "follow"),
    *("run", "request", "restored", "test"),
)


NO = 3  # exit code of is-older-copy; 1 is an error


def main() -> int:
    """1 after an error; `restore` also ends with 0 if nothing is to be restored."""
    parser = argparse.ArgumentParser(
        prog="backup",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument(
        "subject", nargs="?", default="", help="ID of a request, or LOG: path of a server's log"
    )
    parser.add_argument("--kind", choices=("full", "diff", "incr"), default="incr")
    parser.add_argument("--time", default="", help=moment.EXAMPLE)
    parser.add_argument("--timeline", type=int, default=0)
    parser.add_argument("--discard", action="store_true")
    arguments = parser.parse_args()
    settings = Settings.load(os.environ)
    try:
        _run(arguments, settings)
    except BackupError as error:
        print(f"backup: {error.cause}", file=sys.stderr)
        if error.remedy:
            print(f"remedy: {error.remedy}", file=sys.stderr)
        return 1
    return 0


def _run(arguments: argparse.Namespace, settings: Settings) -> None:
    pgbackrest, files = PgBackRest(), Files(settings.volume)
    match arguments.command:
        case "configure":
            settings.run.mkdir(mode=0o700, exist_ok=True)
            (settings.run / "pgbackrest.conf").write_text(configuration(settings))
        case "prepare":
            pgbackrest.prepare()
        case "restore":
            carry_out.carry_out(settings, pgbackrest, files)
        case "await":
            carry_out.await_server(settings, files)
        case "retry-to-end":
            log = Path(arguments.subject).read_text(errors="replace")
            if not carry_out.is_without_target(log, files):
                raise SystemExit(1)
        case "is-older-copy":
            server = Server(settings.run, "postgres")
            repository = pgbackrest.repository()
            cluster = repository.number(server.identity().system_identifier)
            if not carry_out.is_older_copy(repository, cluster, server.current_wal()):
                raise SystemExit(NO)
            print("backup: this is an older copy of the data: a new timeline begins", flush=True)
        case "follow":
            Follower(settings, pgbackrest, files).run()
        case "run":
            take(arguments.kind, settings, pgbackrest)
        case "request":
            before = moment.parse(arguments.time, time.time()) if arguments.time else None
            made = request(
                Wanted(before, arguments.timeline, arguments.discard), settings, pgbackrest, files
            )
            print(json.dumps(made.to_json()))
        case "restored":
            ended = [each for each in files.state().restored if each.id == arguments.subject]
            print(json.dumps([Restored.to_json(each) for each in ended]))
        case "test":
            print(f"restored up to {trial.test(settings, pgbackrest, files)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
