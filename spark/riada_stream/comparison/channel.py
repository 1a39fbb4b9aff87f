"""The topic of comparisons, through the Kafka client that Spark brings."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass

from pyspark.sql import SparkSession

from contract.jobs.spark_comparison import (
    ANSWERS,
    CONTROL,
    TOPIC,
    Answer,
    ComparisonRequest,
    RecordKind,
)
from riada_stream.runtime.jvm import JavaObject, java_map
from riada_stream.settings import Settings
from riada_stream.source.position import new_consumer

log = logging.getLogger(__name__)

POLL_MS = 100
ASKED = {RecordKind.REQUEST.value, RecordKind.CANCEL.value}

KINDS = {answer: kind for kind, answer in ANSWERS.items()}


@dataclass(frozen=True)
class Asked:
    """A request; `wanted` is False when it is cancelled."""

    request: ComparisonRequest
    wanted: bool


class KafkaChannel:
    """A channel for one thread. After an error of Kafka, which every method raises, it connects
    again."""

    def __init__(self, spark: SparkSession, settings: Settings) -> None:
        self._jvm: JavaObject = spark._jvm
        self._settings = settings
        self._consumer: JavaObject | None = None
        self._producer: JavaObject | None = None

    def poll(self) -> list[Asked]:
        """The requests since the last call; the first one after it connected sees later requests
        only."""
        try:
            return self._poll()
        except Exception:
            self.close()
            raise

    def send(self, answer: Answer) -> None:
        try:
            if self._producer is None:
                self._producer = _new_producer(self._jvm, self._settings)
            value = json.dumps(answer.to_json())
            record = self._jvm.org.apache.kafka.clients.producer.ProducerRecord(
                TOPIC, CONTROL, KINDS[type(answer)].value, value
            )
            self._producer.send(record).get()
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        clients = (self._consumer, self._producer)
        self._consumer = self._producer = None
        for client in clients:
            if client is not None:
                client.close(self._jvm.java.time.Duration.ofSeconds(1))

    def _poll(self) -> list[Asked]:
        partition = self._jvm.org.apache.kafka.common.TopicPartition(TOPIC, CONTROL)
        if self._consumer is None:
            self._consumer = new_consumer(self._jvm, self._settings)
            partitions = self._jvm.java.util.List.of(partition)
            self._consumer.assign(partitions)
            self._consumer.seekToEnd(partitions)
        polled = self._consumer.poll(self._jvm.java.time.Duration.ofMillis(POLL_MS))
        records = polled.records(partition)
        requests = (_asked(record) for record in records if record.key() in ASKED)
        return [asked for asked in requests if asked is not None]


def _asked(record: JavaObject) -> Asked | None:
    try:
        request = ComparisonRequest.from_json(json.loads(record.value()))
    except (ValueError, TypeError, KeyError) as error:
        log.warning("topic %s, offset %s: not a request (%r)", TOPIC, record.offset(), error)
        return None
    return Asked(request, record.key() == RecordKind.REQUEST.value)


def _new_producer(jvm: JavaObject, settings: Settings) -> JavaObject:
    serializer = "org.apache.kafka.common.serialization.StringSerializer"
    settings_of_client = {
        "bootstrap.servers": settings.kafka_bootstrap,
        "key.serializer": serializer,
        "value.serializer": serializer,
        "delivery.timeout.ms": "20000",
        "request.timeout.ms": "10000",
        "max.block.ms": "10000",
    }
    return jvm.org.apache.kafka.clients.producer.KafkaProducer(java_map(jvm, settings_of_client))
