"""python -m capture prepare     makes topics; to be run before the worker starts
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
from capture.manager import Manager, TopicsMissingError
from capture.settings import Settings

ROUND_S = 5.0
EXIT_TOPICS_MISSING = 3
"""docker/connect/entrypoint.sh then ends the worker."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="capture", description=__doc__)
    parser.add_argument("command", choices=["prepare", "run", "new-epoch"])
    command = parser.parse_args().command
    settings = Settings.load()
    if command == "prepare":
        make_topics(settings)
    elif command == "new-epoch":
        new_epoch(settings)
    else:
        try:
            run(settings)
        except TopicsMissingError as error:
            report(f"topics {error} were deleted: the worker starts again, which makes them")
            return EXIT_TOPICS_MISSING
    return 0


def run(settings: Settings) -> None:
    """Rounds for ever; a round that something keeps from its end is repeated. Raises
    TopicsMissingError."""
    manager = Manager(
        postgres=PostgresClient(settings),
        connect=ConnectClient(settings),
        log=KafkaLog(settings),
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
    """Returns once the manager has begun it."""
    log = KafkaLog(settings)
    captured = log.newest()
    if captured is None:
        report("the first epoch has not begun yet")
        return
    log.request(captured.epoch, "an operator asked for it")
    while (newest := log.newest()) is None or newest.epoch == captured.epoch:
        time.sleep(1)
    report(f"epoch {newest.epoch} begins")


def report(message: str) -> None:
    print(f"capture: {message}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
