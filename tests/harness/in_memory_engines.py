"""Engines in memory, for tests without a platform. Their texts are written by hand in the form that
the tools document; only the form of kcat's comes from a run of the tool."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from tests.harness.numbers.engines import DEAD_LETTERS, EVENTS, Message
from tests.harness.tables import USERS

NOW = datetime.now(timezone.utc).replace(tzinfo=None)
LSN = 0x16B3748
PARTITIONS = [{"partition": 0, "leader": 1, "replicas": [{"id": 1}], "isrs": [{"id": 1}]}]
METADATA = json.dumps(
    {
        "brokers": [{"id": 1, "name": "kafka-1:9092"}],
        "topics": [{"topic": name, "partitions": PARTITIONS} for name in (EVENTS, DEAD_LETTERS)],
    }
)
# Part of the command → its output.
PRINTED = {
    "SELECT confirmed_flush_lsn": "0/16B3748\n",
    "pg_replication_slots": "people\t2097152\n",
    "n_live_tup": "\t40\t1\n",
    "n_tup_ins": f"{USERS.name}\t42\n",
    "SELECT count(*)": "40\n",
    "FROM dag_run": "ingest_users\trun 1\t1764200000.5\nstream_tables\trun 2\t\n",
    "FROM dag": "ingest_users\t1764200300\nstream_tables\t\n",
    "riada.capture": "\t1\n",
    "kcat -b localhost:9092 -L -J": METADATA,
    f"{EVENTS}:0:-2": f"{EVENTS} [0] offset 3\n{DEAD_LETTERS} [0] offset 0\n",
    f"{EVENTS}:0:-1": f"{EVENTS} [0] offset 45\n{DEAD_LETTERS} [0] offset 2\n",
    "find /var/lib/kafka/log": f"1000 /var/lib/kafka/log/{EVENTS}-0/00000000000000000000.log\n",
    "mntr": "zk_min_latency\t0\nzk_avg_latency\t0.5\nzk_max_latency\t9\nzk_znode_count\t151\n"
    "zk_num_alive_connections\t2\nzk_outstanding_requests\t0\n",
    "nodetool tablestats": f"Keyspace: people\n\t\tTable: {USERS.name}\n"
    "\t\tSpace used (total): 3145728\n\t\tLocal write count: 44\n",
    "nodetool tablehistograms": "Percentile  Read Latency  Write Latency  SSTables\n"
    "               (micros)       (micros)\n99%             1258.93         776.05      3.00\n",
    "nodetool version": "ReleaseVersion: 5.0.6\n",
    "nodetool status": "UN  172.18.0.5  215.21 KiB  16  100.0%  6ab09bec  rack1\n",
    "promtool": "{} => 0.98 @[1764200000.123]\n",
}
ANSWERS: dict[str, Any] = {
    "/json/": {
        "workers": [
            {
                "host": "spark-worker-1",
                "state": "ALIVE",
                "cores": 4,
                "coresused": 2,
                "memory": 2048,
                "memoryused": 1024,
            }
        ]
    },
    f"/apis/ccompat/v7/subjects/{EVENTS}-value/versions": [1],
    f"/apis/ccompat/v7/subjects/{EVENTS}-value/versions/1": {"id": 6},
    "/apis/ccompat/v7/subjects": [f"{EVENTS}-key", f"{EVENTS}-value"],
    "/api/v1/targets?state=active": {"data": {"activeTargets": [{}, {}]}},
}


class BatchRow(NamedTuple):
    batch_id: int
    started_at: datetime
    written_at: datetime
    start_offsets: str = '{"0": 3}'
    end_offsets: str = '{"0": 43}'
    upserts: int = 38
    deletes: int = 0
    dead_letters: int = 2
    release: str = "abc"
    driver_id: str = "driver-1"


class InMemoryEngines:
    """Implements Engines."""

    def run(self, service: str, *command: str) -> str:
        line = " ".join(command)
        return next(text for part, text in PRINTED.items() if part in line)

    def cql(self, query: str) -> list[tuple[Any, ...]]:
        if "count(*)" in query:
            return [(40,)]
        return [BatchRow(7, NOW - timedelta(seconds=4), NOW)]

    def http(self, kind: str, path: str) -> Any:
        return ANSWERS[path]

    def messages(self, topic: str) -> Iterable[Message]:
        return [Message(0, 44, 1764200000500, b"\0\0\0\0\x06body")]
