"""python -m capture prepare     makes topics and files; run it before the worker starts
python -m capture run         manages the connectors for as long as the container runs
python -m capture new-epoch [DATABASE]   has every row captured again, from a new snapshot
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial

from capture.clients.connect import ConnectClient
from capture.clients.kafka import KafkaLog
from capture.clients.postgres import PostgresClient
from capture.clients.replication import KafkaAssigner, Replication
from capture.clients.server import write_certificate
from capture.clients.source import UnavailableError
from capture.clients.topics import make_topics
from capture.databases.follower import Follower
from capture.databases.others import ROUND_S, Others
from capture.deployed_release import DeployedRelease
from capture.manager import TopicsMissingError
from capture.settings import Settings
from contract.kafka.capture import EpochRequest, State

# At this exit code docker/connect/entrypoint.sh ends the worker.
EXIT_TOPICS_MISSING = 3


def main() -> int:
    parser = argparse.ArgumentParser(prog="capture", description=__doc__)
    parser.add_argument("command", choices=["prepare", "run", "new-epoch"])
    parser.add_argument("database", nargs="?", default="", help="a folder of tables/")
    arguments = parser.parse_args()
    command, settings = arguments.command, Settings.load()
    if command == "prepare":
        try:
            prepare(settings)
        except UnavailableError as error:
            report(f"waits: {error}")
            return 1
    elif command == "new-epoch":
        new_epoch(settings, arguments.database)
    else:
        try:
            run(settings)
        except TopicsMissingError as error:
            report(f"Kafka: topics {error} were deleted; the worker restarts and makes them")
            return EXIT_TOPICS_MISSING
    return 0


def prepare(settings: Settings) -> None:
    """Raises UnavailableError."""
    release = DeployedRelease(settings.artifacts, report)()
    make_topics(settings, release.tables.values())
    for database in release.databases.values():
        write_certificate(settings, database)


def run(settings: Settings) -> None:
    """Repeats the round of each manager for ever, also after a round that failed. Raises
    TopicsMissingError."""
    own = follower(settings, "", report)
    release = DeployedRelease(settings.artifacts, lambda _: None)

    def follow(name: str, report: Callable[[str], None]) -> Callable[[], tuple[bool, bool]]:
        other = follower(settings, name, report)
        return lambda: (other.step(), other.has_ended)

    others = Others(follow, lambda: release().databases, lambda: captured_before(settings), report)
    factor = settings.replication_factor
    replication = Replication(KafkaAssigner(settings), factor, time.monotonic, report)
    while True:
        if own.step():
            settings.alive.touch()
        others.start()
        replication.step()
        time.sleep(ROUND_S)


def follower(settings: Settings, name: str, report: Callable[[str], None]) -> Follower:
    """The follower of a database, with its own clients."""
    log, connect = KafkaLog(settings, name), ConnectClient(settings, name)
    return Follower(settings, name, log, connect, partial(PostgresClient, settings), report)


def captured_before(settings: Settings) -> set[str]:
    """The databases that have a connector, or a record that is not ended. Raises
    UnavailableError."""
    records = KafkaLog(settings).others().items()
    names = {name for name, record in records if record.state is not State.ENDED}
    return names | {*ConnectClient(settings).others()}


def new_epoch(settings: Settings, database: str) -> None:
    """Requests a new epoch, and returns once the manager has begun it."""
    log = KafkaLog(settings, database)
    captured = log.newest()
    if captured is None:
        report("the first epoch has not begun yet: no new one is needed")
        return
    log.request(EpochRequest(captured.epoch, "an operator requested it"))
    while (newest := log.newest()) is None or newest.epoch == captured.epoch:
        time.sleep(1)
    report(f"epoch {newest.epoch} begins")


def report(message: str) -> None:
    print(f"capture: {message}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
