"""Run by trial.py: isolate() on a cluster with real executors, and a message that kills each
executor that decodes it. Prints JSON."""

from __future__ import annotations

import json
import tempfile
import time

from pyspark.sql import DataFrame, SparkSession
from riada_stream.driver.session import EXECUTORS
from riada_stream.runtime.watchdog import Watchdog
from riada_stream.sink.isolate import isolate
from riada_stream.sink.range_writer import SparkRangeWriter
from riada_stream.sink.rows import upserts
from riada_stream.sink.write_counts import WriteCounts
from riada_stream.source.ranges import Range

from contract.kafka.offsets import TopicOffset
from tests.spark.samples import SCHEMAS, USERS, key, records, value

LETHAL = value()[:5] + bytes.fromhex("80bcc1960b")
# Raises Avro's limit to its default, by which a message may claim 1.5 GB.
HOLE = "-Dorg.apache.avro.limits.string.maxLength=2147483639"
COUNT, AT = 6, 4


class Rows:
    """Writes rows to memory, as EventWriter does to Cassandra."""

    def __init__(self) -> None:
        self.schemas = SCHEMAS
        self.written: set[int] = set()

    def bulk(self, events: DataFrame) -> WriteCounts:
        return self.one_by_one(events)

    def one_by_one(self, events: DataFrame) -> WriteCounts:
        offsets = [row.topic_offset for row in upserts(events, USERS).toLocalIterator()]
        self.written |= set(offsets)
        return WriteCounts(upserts=len(offsets))


def main() -> dict[str, object]:
    builder = SparkSession.builder.master("local-cluster[1,2,700]").appName("lethal")
    options = EXECUTORS | {
        "spark.ui.enabled": "false",
        "spark.authenticate.secret": "of this cluster",
        "spark.driver.host": "127.0.0.1",
        "spark.executor.memory": "600m",
        "spark.executor.extraJavaOptions": HOLE,
        # A Spark under test takes code that grows beyond 64 KB for an error; others interpret it.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.task.reaper.killTimeout": "2s",
        "spark.task.reaper.pollingInterval": "1s",
    }
    for name, setting in options.items():
        builder = builder.config(name, setting)
    spark = builder.getOrCreate()
    frame = _records(spark)
    rows, began = Rows(), time.monotonic()
    unwritable: dict[TopicOffset, str] = {}

    def read(messages: Range) -> DataFrame:
        return frame.where(f"offset >= {messages.start} and offset < {messages.end}")

    trial = SparkRangeWriter(spark, USERS, rows, read, lambda: None, Watchdog())
    isolate([Range(2, 0, COUNT)], trial, unwritable, lambda: None)
    return {
        "unwritable": [[*message, reason] for message, reason in unwritable.items()],
        "written": sorted(rows.written),
        "took_s": round(time.monotonic() - began),
    }


def _records(spark: SparkSession) -> DataFrame:
    """Kafka's records, from files: a new executor needs no Python for them."""
    pairs = [(key(), LETHAL if n == AT else value()) for n in range(COUNT)]
    folder = f"{tempfile.mkdtemp()}/records"
    records(spark, pairs).coalesce(1).write.parquet(folder)
    return spark.read.parquet(folder)


if __name__ == "__main__":
    print(json.dumps(main()), flush=True)
