"""Keeps the history of runs and the logs of tasks and of the DAG processor within their limits.

housekeeping.py follow    for as long as the container runs; beside the scheduler, whose container
                          writes both
housekeeping.py now       once

HISTORY_DAYS       the age of runs, XComs and events that are deleted from the metadatabase
LOG_DAYS           the age of logs that it deletes
LOG_MIB            the size of all logs; above it, it deletes the oldest
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

LOGS_S, HISTORY_S = 600.0, 86_400.0
# After the start, when the scheduler is busy; and after an attempt that failed.
FIRST_S, RETRY_S = 600.0, 3_600.0
DAY_S = 86_400


class LogFile(NamedTuple):
    """`changed`: epoch seconds; `size`: bytes."""

    path: Path
    changed: float
    size: int


def log_files(folder: Path) -> list[LogFile]:
    """All files below the folder; links are left out."""
    files = []
    for path in folder.rglob("*"):
        try:
            if path.is_file() and not path.is_symlink():
                stat = path.stat()
                files.append(LogFile(path, stat.st_mtime, stat.st_size))
        except FileNotFoundError:  # deleted meanwhile
            continue
    return files


def expired(files: Iterable[LogFile], now: float, days: float, largest: int) -> list[LogFile]:
    """The files that have not changed for `days`, and of the others the oldest, until those that
    are left take at most `largest` bytes. The newest file is never deleted: a task may write it."""
    newest_first = sorted(files, key=lambda file: file.changed, reverse=True)
    chosen, size = [], 0
    for place, file in enumerate(newest_first):
        size += file.size
        if now - file.changed > days * DAY_S or (place and size > largest):
            chosen.append(file)
    return chosen


def clean_logs(folder: Path) -> None:
    """Deletes expired logs, broken links, and folders that are empty for a day. Raises OSError."""
    days, largest = float(os.environ["LOG_DAYS"]), int(os.environ["LOG_MIB"]) << 20
    now = time.time()
    chosen = expired(log_files(folder), now, days, largest)
    for file in chosen:
        file.path.unlink(missing_ok=True)
    # Folders after what they hold.
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_symlink() and not path.exists():
            path.unlink(missing_ok=True)
        elif path.is_dir() and not path.is_symlink() and now - path.stat().st_mtime > DAY_S:
            try:
                path.rmdir()
            except OSError:  # it holds something
                continue
    if chosen:
        size = sum(file.size for file in chosen) >> 20
        report(f"deleted {len(chosen)} logs, {size} MiB")


def clean_history() -> bool:
    """Deletes old records by Airflow's own command, in a process of its own, which needs 200 MiB.
    Returns whether it succeeded; the command's last lines are in the log if it did not."""
    days = timedelta(days=float(os.environ["HISTORY_DAYS"]))
    before = (datetime.now(timezone.utc) - days).isoformat(timespec="seconds")
    command = ["airflow", "db", "clean", "--clean-before-timestamp", before, "--skip-archive"]
    done = subprocess.run(
        [*command, "--yes", "--batch-size", "1000", "--error-on-cleanup-failure"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        report(f"airflow db clean failed: {' / '.join(done.stdout.splitlines()[-5:])}")
        return False
    report(f"the metadatabase has no run from before {before}")
    return True


def follow(folder: Path) -> None:
    """Never returns. Raises nothing: it tries again."""
    history = time.monotonic() + FIRST_S
    while True:
        try:
            clean_logs(folder)
        except OSError as error:
            report(f"logs are not cleaned: {error}")
        if time.monotonic() >= history:
            history = time.monotonic() + (HISTORY_S if clean_history() else RETRY_S)
        time.sleep(LOGS_S)


def report(message: str) -> None:
    print(f"housekeeping: {message}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("follow", "now"))
    folder = Path(os.environ["AIRFLOW__LOGGING__BASE_LOG_FOLDER"])
    if parser.parse_args().command == "follow":
        follow(folder)
    clean_logs(folder)
    return 0 if clean_history() else 1


if __name__ == "__main__":
    sys.exit(main())
