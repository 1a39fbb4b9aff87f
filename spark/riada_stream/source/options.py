"""The options with which a query reads its topic."""

from __future__ import annotations

from contract.kafka.topics import events
from contract.table.table import Table

# The options for every read, by the query and of a single range.
SOURCE = {
    "failOnDataLoss": "true",
    # An executor's read waits at the end of a partition for messages that a later batch will ask
    # for.
    "kafka.fetch.max.wait.ms": "10",
    "kafka.max.partition.fetch.bytes": "4194304",
    # When Kafka does not answer for this long, the query fails and driver/attempts.py retries it.
    "kafkaConsumer.pollTimeoutMs": "20000",
    "kafka.request.timeout.ms": "15000",
    "kafka.default.api.timeout.ms": "15000",
    "includeHeaders": "true",  # dead letters keep them
}


def stream(table: Table) -> dict[str, str]:
    """The options of the table's query."""
    return SOURCE | {"subscribe": events(table).name, "startingOffsets": "earliest"}
