"""How the topic is read."""

from __future__ import annotations

from riada_stream.settings import TOPIC

SOURCE = {
    "failOnDataLoss": "true",
    # An executor's read waits at the end of a partition for what a later batch will ask for.
    "kafka.fetch.max.wait.ms": "10",
    "kafka.max.partition.fetch.bytes": "4194304",
    # So long does Kafka's silence last before the query fails and job.py tries again.
    "kafkaConsumer.pollTimeoutMs": "20000",
    "kafka.request.timeout.ms": "15000",
    "kafka.default.api.timeout.ms": "15000",
    "includeHeaders": "true",  # dead letters keep them
}
"""In batches and in single ranges."""

STREAM = SOURCE | {"subscribe": TOPIC, "startingOffsets": "earliest"}
