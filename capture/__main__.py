"""python -m capture prepare     makes topics; run it before the worker starts
python -m capture run         manages the connector for as long as the container runs
python -m capture new-epoch   has every row captured again, from a new snapshot
"""

from __future__ import annotations

import argparse
import sys
import time
from functools import partial

from capture.clients.connect import ConnectClient
from capture.clients.kafka import KafkaLog, make_topics
from capture.clients.postgres import PostgresClient, UnavailableError
from capture.connector import configuration
from capture.deployed_tables import DeployedTables
from capture.manager import Manager, TopicsMissingError
from capture.settings import Settings

ROUND_S = 2.0
# At this exit code docker/connect/entrypoint.sh ends the worker.
EXIT_TOPICS_MISSING = 3


def main() -> int:
    parser = argparse.ArgumentParser(prog="capture", description=__doc__)
    parser.add_argument("command", choices=["prepare", "run", "new-epoch"])
    command = parser.parse_args().command
    settings = Settings.load()
    if command == "prepare":
        make_topics(settings, DeployedTables(settings.artifacts, report)().values())
    elif command == "new-epoch":
        new_epoch(settings)
    else:
        try:
            run(settings)
        except TopicsMissingError as error:
            report(f"Kafka: topics {error} were deleted; the worker restarts and makes them")
            return EXIT_TOPICS_MISSING
    return 0


def run(settings: Settings) -> None:
    """Repeats the manager's round for ever, also after a round that failed. Raises
    TopicsMissingError."""
    manager = Manager(
        postgres=PostgresClient(settings),
        connect=ConnectClient(settings),
        log=KafkaLog(settings),
        tables=DeployedTables(settings.artifacts, report),
        configuration=partial(configuration, settings),
        clock=time.monotonic,
        report=report,
    )
    problem = ""
    while True:
        try:
            manager.round()
            settings.alive.touch()
            problem = ""
        except UnavailableError as error:
            if str(error) != problem:
                report(f"waits: {error}")
            problem = str(error)
        time.sleep(ROUND_S)


def new_epoch(settings: Settings) -> None:
    """Requests a new epoch, and returns once the manager has begun it."""
    log = KafkaLog(settings)
    captured = log.newest()
    if captured is None:
        report("the first epoch has not begun yet: no new one is needed")
        return
    log.request(captured.epoch, "an operator requested it")
    while (newest := log.newest()) is None or newest.epoch == captured.epoch:
        time.sleep(1)
    report(f"epoch {newest.epoch} begins")


def report(message: str) -> None:
    print(f"capture: {message}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
