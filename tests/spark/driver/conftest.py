"""The driver in memory, for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from riada_stream.driver import stream
from riada_stream.sink import cassandra_table
from riada_stream.source import topics
from riada_stream.source.position import CapturePosition
from riada_stream.source.registry import Registry

from tests.spark.driver.in_memory_driver import Driver


@pytest.fixture
def driver(spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Driver:
    driver = Driver(spark, tmp_path)
    monkeypatch.setattr(topics, "not_ready_cause", lambda *_: None)
    monkeypatch.setattr(topics, "read_state", lambda *_: driver.topic)
    monkeypatch.setattr(topics, "read_id", lambda *_: driver.topic.identity.topic_id)
    monkeypatch.setattr(cassandra_table, "ensure", lambda *_: driver.stored_table)
    monkeypatch.setattr(CapturePosition, "refresh", lambda *_: None)
    monkeypatch.setattr(Registry, "fetch_subjects", lambda *_: None)
    monkeypatch.setattr(stream, "TOPIC_POLL_INTERVAL_S", 0)
    monkeypatch.setattr(stream, "ARRIVAL_POLL_INTERVAL_S", 0)
    return driver
