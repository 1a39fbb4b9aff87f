"""The topics that the job needs, through the Kafka client that Spark brings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from py4j.java_gateway import JVMView
from pyspark.sql import SparkSession

from contract.kafka.topics import DEAD_LETTERS
from riada_stream.runtime.log import log, one_line
from riada_stream.settings import DEAD_LETTER_TOPIC, TOPIC, Settings

T = TypeVar("T")
TIMEOUT_MS = 10_000


def missing(spark: SparkSession, settings: Settings) -> str | None:
    """Why TOPIC cannot be read yet (Connect makes it with the first event); None when it can.
    Then the dead-letter topic is there too."""
    try:
        names = ask(spark, settings, _names)
        if TOPIC not in names:
            return "it does not exist yet"
        if DEAD_LETTER_TOPIC not in names:
            ask(spark, settings, _create_dead_letter_topic)
    except Exception as error:
        return one_line(error)
    return None


def ask(spark: SparkSession, settings: Settings, question: Callable[[Any, JVMView], T]) -> T:
    """`question(admin, jvm)`, with an admin client of Kafka's."""
    jvm = spark._jvm
    properties = jvm.java.util.HashMap()
    properties.put("bootstrap.servers", settings.kafka_bootstrap)
    properties.put("request.timeout.ms", str(TIMEOUT_MS))
    properties.put("default.api.timeout.ms", str(TIMEOUT_MS))
    admin = jvm.org.apache.kafka.clients.admin.Admin.create(properties)
    try:
        return question(admin, jvm)
    finally:
        admin.close()


def _names(admin, _jvm: JVMView) -> set[str]:
    return set(admin.listTopics().names().get())


def _create_dead_letter_topic(admin, jvm: JVMView) -> None:
    default = jvm.java.util.Optional.empty()
    topic = jvm.org.apache.kafka.clients.admin.NewTopic(DEAD_LETTER_TOPIC, default, default)
    topic.configs(jvm.java.util.HashMap(DEAD_LETTERS.settings))
    admin.createTopics(jvm.java.util.List.of(topic)).all().get()
    log(f"created topic {DEAD_LETTER_TOPIC}")
