"""Prints facts of the contract for programs in other languages.

python -m contract largest-request   # 10485760
python -m contract                   # every fact, as NAME VALUE
"""

from __future__ import annotations

import argparse

from contract.kafka import retention, schemas, topics
from contract.kafka.capture import CONNECTOR, REST_USER, SLOT
from contract.stores.postgres.publication import PUBLICATION

FACTS: dict[str, str] = {
    "capture-topic": topics.CAPTURE.name,
    "largest-message": str(topics.LARGEST_MESSAGE),
    "largest-request": str(topics.LARGEST_REQUEST),
    "largest-batch": str(topics.LARGEST_BATCH),
    "segment-ms": str(retention.milliseconds(retention.SEGMENT)),
    "compatibility": schemas.COMPATIBILITY,
    "connector": CONNECTOR,
    "connect-user": REST_USER,
    "slot": SLOT,
    "publication": PUBLICATION,
}


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m contract", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("fact", nargs="?", choices=FACTS)
    fact = parser.parse_args(argv).fact
    print(FACTS[fact] if fact else "\n".join(f"{name} {value}" for name, value in FACTS.items()))


if __name__ == "__main__":
    main()
