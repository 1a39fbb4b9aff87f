"""The options with which the query reads the topic."""

from __future__ import annotations

from riada_stream.settings import TOPIC

# The options for every read, by the query and of a single range.
SOURCE = {
    "failOnDataLoss": "true",
    # An executor's read waits at the end of a partition for messages that a later batch will ask
    # for.
    "kafka.fetch.max.wait.ms": "10",
    "kafka.max.partition.fetch.bytes": "4194304",
    # When Kafka does not answer for this long, the query fails and driver/job.py retries it.
    "kafkaConsumer.pollTimeoutMs": "20000",
    "kafka.request.timeout.ms": "15000",
    "kafka.default.api.timeout.ms": "15000",
    "includeHeaders": "true",  # dead letters keep them
}

STREAM = SOURCE | {"subscribe": TOPIC, "startingOffsets": "earliest"}
