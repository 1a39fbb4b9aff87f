"""What the streams of all tables share."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from pyspark.sql import SparkSession

from riada_stream.driver.newer_driver import NewerDriver
from riada_stream.driver.parking import Parking
from riada_stream.driver.status import StatusReporter
from riada_stream.settings import Settings
from riada_stream.sink.cassandra_connection import CassandraConnection, SharedConnection
from riada_stream.sink.cores import Cores
from riada_stream.source.arrivals import Arrivals, KafkaEnds
from riada_stream.source.position import CapturePositions


@dataclass(frozen=True)
class Shared:
    """`release` returns the release in effect."""

    spark: SparkSession
    settings: Settings
    release: Callable[[], str]
    status: StatusReporter
    connection: SharedConnection
    positions: CapturePositions
    arrivals: Arrivals
    cores: Cores
    parking: Parking
    newer_driver: NewerDriver
    exit_process: Callable[[int], NoReturn] = os._exit

    @classmethod
    def of(
        cls,
        spark: SparkSession,
        settings: Settings,
        release: Callable[[], str],
        status: StatusReporter,
    ) -> Shared:
        return cls(
            spark,
            settings,
            release,
            status,
            SharedConnection(lambda: CassandraConnection(settings)),
            CapturePositions(spark, settings),
            Arrivals(KafkaEnds(spark, settings)),
            Cores(settings.executor_cores),
            Parking(),
            NewerDriver(settings.checkpoint, settings.driver_id),
        )
