"""test_checkpoint.py runs this in Spark's image: the job's session, generation and query.

There is no Cassandra. It prints one JSON object per line. For each batch {"batch": 3, "at": 17.2,
"begin": {"0": 12}, "end": {"0": 20}, "rows": [[0, 12], …]}, with `at` in seconds and rows as
[partition, offset]; {"over": true} when it ends because a newer driver runs.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime, timezone

from pyspark.sql import DataFrame
from riada_stream.checkpoint import generation, offsets
from riada_stream.driver.newer_driver import NewerDriver
from riada_stream.driver.query import Query, QuerySettings
from riada_stream.driver.session import create_session
from riada_stream.runtime.watchdog import Watchdog
from riada_stream.settings import load_settings
from riada_stream.source.schemas import Schemas

from contract.stores.cassandra.batches import BatchRecord
from contract.table.column import Column
from contract.table.kinds.uuid import Uuid
from contract.table.table import Table

TABLE = Table("users", (Column("id", Uuid()),), ("id",))

settings = load_settings(sys.argv[1:])
spark = create_session(settings)
newer_driver = NewerDriver(settings.checkpoint, settings.driver_id)
own = generation.begin(settings.checkpoint / TABLE.name, newer_driver.own_claim())


def say(**what: object) -> None:
    print(json.dumps(what), flush=True)


def write(records: DataFrame, batch_id: int) -> BatchRecord:
    begin, end = offsets.batch_span(own, batch_id)
    rows = records.select("partition", "offset").collect()
    say(batch=batch_id, at=time.monotonic(), begin=begin, end=end, rows=rows)
    now = datetime.now(timezone.utc)
    return BatchRecord(batch_id, now, now, begin, end, len(rows), 0, 0, settings.release, "driver")


query = Query(QuerySettings(spark, settings, TABLE, Schemas({}), own), write, Watchdog())
while query.is_running(1):
    if newer_driver.has_begun():
        query.stop()
        say(over=True)
        break
