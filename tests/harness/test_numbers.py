"""Parsers of the engines' tools, and: every number has its engine."""

from __future__ import annotations

import re

import pytest

from tests.harness.in_memory_engines import InMemoryEngines
from tests.harness.numbers import parsers
from tests.harness.numbers.catalogue import NUMBERS, Number, lsn, unclassified
from tests.harness.numbers.columns import columns, titles
from tests.harness.numbers.shown import Shown, differences, numbers
from tests.harness.numbers.summaries import SUMMARIES, unexplained

# Printed by kcat 1.7.1.
KCAT_OFFSETS = "t [1] offset 0\nt [2] offset 2\n"
KCAT_METADATA = (
    '{"originating_broker":{"id":1,"name":"127.0.0.1:46379/1"},"query":{"topic":"t"},'
    '"controllerid":0,"brokers":[{"id":1,"name":"127.0.0.1:46379"}],"topics":[{"topic":"t",'
    '"partitions":[{"partition":0,"leader":1,"replicas":[{"id":1}],"isrs":[{"id":1}]}]},'
    '{"topic":"__consumer_offsets","partitions":[]}]}'
)
# Written by hand, as the manuals of nodetool, ZooKeeper and promtool show the output; not recorded.
HISTOGRAMS = """people/users histograms
Percentile      Read Latency     Write Latency          SSTables    Partition Size        Cell Count
                    (micros)          (micros)                             (bytes)
50%                    24.60             14.24              0.00               310                 5
99%                  1258.93            776.05              3.00              4768                14
Min                     0.00              2.30              0.00                43                 0
Max                545791.00          17436.92              2.00           9223372                90
"""
NO_WRITES = """people/batches histograms
Percentile      Read Latency     Write Latency          SSTables    Partition Size        Cell Count
                    (micros)          (micros)                             (bytes)
99%                   785.94               NaN              0.00              9887                24
"""
STATS = """Total number of tables: 47
----------------
Keyspace: people
\tRead Count: 5
\tWrite Count: 12
\tWrite Latency: 0.0405 ms.
\tPending Flushes: 0
\t\tTable: batches
\t\tSSTable count: 1
\t\tSpace used (live): 5110
\t\tSpace used (total): 5120
\t\tLocal write count: 7
\t\tLocal write latency: NaN ms

\t\tTable: users
\t\tSpace used (total): 2097152
\t\tLocal write count: 1234

----------------
"""
MNTR = """zk_version\t3.9.3-c26634f34490bb0ea7a09cc51e05ede3b4e320ee, built on 2024-10-17 23:21 UTC
zk_server_state\tstandalone
zk_avg_latency\t0.5714
zk_max_latency\t13
zk_min_latency\t0
zk_num_alive_connections\t2
zk_outstanding_requests\t0
zk_znode_count\t151
"""
STATUS = """Datacenter: dc1
===============
Status=Up/Down
|/ State=Normal/Leaving/Joining/Moving
--  Address     Load        Tokens  Owns (effective)  Host ID                               Rack
UN  172.18.0.5  215.21 KiB  16      100.0%            6ab09bec-e68e-48d9-a5f8-97e6fb4c9b47  rack1
DN  172.18.0.6  215.21 KiB  16      100.0%            6ab09bec-e68e-48d9-a5f8-97e6fb4c9b48  rack1
"""
SEGMENTS = """10485 /var/lib/kafka/log/riada.public.users-0/00000000000000000000.log
20 /var/lib/kafka/log/riada.public.users-3/00000000000000000007.log
0 /var/lib/kafka/log/riada.public.users.dead-letter-0/00000000000000000000.log
"""
INSTANT = """{} => 0.9833333333333334 @[1764200000.123]
up{instance="a", job="b"} => 1 @[1764200000.123]
"""


def test_every_column_of_the_pages_is_classified() -> None:
    assert unclassified(columns()) == []


def test_a_new_column_is_reported() -> None:
    known = {name: dict(fields) for name, fields in columns().items()}
    known["stages/kafka/brokers"]["load"] = "Load"
    assert unclassified(known) == ["stages/kafka/brokers/load"]
    del known["home/TABLES"]["waiting"]
    assert unclassified(known) == ["home/TABLES/waiting", "stages/kafka/brokers/load"]


def test_the_columns_are_read_from_the_pages() -> None:
    assert columns()["stages/cassandra/tables"]["p99_ms"] == "Write p99 ms"
    assert columns()["alerts/Alerts"]["since"] == "Since"
    assert columns()["home/columns"]["took"] == "Took"
    assert titles()["postgres"] == "Replication slot"
    for number in NUMBERS:
        assert set(number.labels) <= columns()[number.table].keys()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234", [(1234, 0.5)]),
        ("1.5 MiB", [(1.5 * 2**20, 0.05 * 2**20)]),
        ("812 B", [(812, 0.5)]),
        ("1 of 2", [(1, 0.5), (2, 0.5)]),
        ("0/0.5714/13", [(0, 0.5), (0.5714, 0.00005), (13, 0.5)]),
        ("0.125", [(0.125, 0.0005)]),
        ("2026-11-25 23:11:21 UTC (3 min ago)", [(1795648281, 1)]),
        ("2026-11-25 23:11:21.314 UTC (now)", [(1795648281.314, 0.001)]),
        ("\N{EN DASH}", []),
    ],
)
def test_numbers_of_a_cell(text: str, expected: list[tuple[float, float]]) -> None:
    read = [(number.value, number.rounding) for number in numbers(text)]
    assert [value for pair in read for value in pair] == pytest.approx(
        [value for pair in expected for value in pair]
    )


def test_a_number_a_thousand_times_too_small_differs() -> None:
    shown = {"people.users": numbers("0.001")}
    engine = {"people.users": (0.77,)}
    assert differences(shown, engine, engine, 0, 0.2)
    assert differences({"people.users": numbers("1")}, engine, engine, 0, 0.2) == []


def test_a_whole_number_agrees_with_itself_only() -> None:
    assert differences({"a": numbers("1,234")}, {"a": (1234,)}, {"a": (1234,)}, 0, 0) == []
    assert differences({"a": numbers("1,234")}, {"a": (1235,)}, {"a": (1235,)}, 0, 0)
    assert differences({"a": numbers("1,234")}, {"a": (1230,)}, {"a": (1240,)}, 0, 0) == []


def test_a_number_that_no_engine_has_differs() -> None:
    assert differences({"gone": numbers("5")}, {}, {}, 0, 0)
    assert differences({"a": numbers("5")}, {"a": ()}, {"a": ()}, 0, 0)
    assert differences({"a": ()}, {"a": ()}, {"a": ()}, 0, 0) == []


def test_lsn() -> None:
    assert parsers.lsn("0/16B3748") == 0x16B3748
    assert parsers.lsn("1/0") == 1 << 32
    assert lsn("0/10") == (Shown(16, 0),)


def test_kcat() -> None:
    assert parsers.kcat_offsets(KCAT_OFFSETS) == {("t", 1): 0, ("t", 2): 2}
    assert parsers.kcat_topics(KCAT_METADATA) == {"t": [(0, 1, (1,), (1,))]}
    assert parsers.kcat_brokers(KCAT_METADATA) == [1]


def test_nodetool() -> None:
    assert parsers.tablehistograms(HISTOGRAMS, "Write Latency", "99%") == 776.05
    assert parsers.tablehistograms(HISTOGRAMS, "Read Latency", "50%") == 24.60
    assert parsers.tablehistograms(NO_WRITES, "Write Latency", "99%") is None
    stats = parsers.tablestats(STATS)
    assert stats["people.users"] == {"Space used (total)": 2097152, "Local write count": 1234}
    assert stats["people.batches"]["Local write count"] == 7
    assert parsers.nodetool_status(STATUS) == ["172.18.0.5"]


def test_other_tools() -> None:
    assert parsers.mntr(MNTR)["zk_avg_latency"] == 0.5714
    assert parsers.mntr(MNTR)["zk_znode_count"] == 151
    assert parsers.file_sizes(SEGMENTS) == {
        "riada.public.users": 10505,
        "riada.public.users.dead-letter": 0,
    }
    assert parsers.promtool_instant(INSTANT)[""] == pytest.approx(0.98333333)
    assert parsers.psql_rows("people\t5\nother\t\n") == [["people", "5"], ["other", ""]]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("stages/postgres/slot/retained", {"people": (2097152,)}),
        ("stages/postgres/slot/confirmed_flush_lsn", {"people": (0x16B3748,)}),
        ("stages/kafka/brokers/leads", {"1": (1,)}),
        ("stages/zookeeper/nodes/latency", {"zookeeper-1": (0, 0.5, 9)}),
        ("stages/spark/lag/waiting", {"users 0": (2,)}),
        ("stages/spark/batches/rows_per_s", {"7": (10,)}),
        ("stages/spark/workers/cores", {"spark-worker-1": (2, 4)}),
        ("stages/cassandra/nodes/version", {"172.18.0.5": (5.0, 6)}),
        ("stages/cassandra/tables/mebibytes", {"people.users": (3,)}),
        ("stages/cassandra/tables/p99_ms", {"people.users": (pytest.approx(0.77605),)}),
        ("stages/airflow/runs/ended_at", {"ingest_users run 1": (1764200000.5,)}),
        ("home/TABLES/committed", {"users": (42,)}),
        ("home/TABLES/in_cassandra", {"users": (41,)}),
        ("messages/COLUMNS/bytes", {"0 44": (9,)}),
        ("messages/COLUMNS/schema_id", {"0 44": (6,)}),
        ("schemas/Versions/id", {"1": (6,)}),
    ],
)
def test_an_engine_answers(column: str, expected: dict[str, object]) -> None:
    [number] = [number for number in NUMBERS if number.column == column]
    assert number.engine(InMemoryEngines()) == expected


@pytest.mark.parametrize("number", NUMBERS, ids=[number.column for number in NUMBERS])
def test_every_engine_has_rows(number: Number) -> None:
    assert number.engine(InMemoryEngines())


@pytest.mark.parametrize(
    ("probe", "sentence", "expected"),
    [
        ("postgres", "holds about 1,040 rows in 1 table", (40, 1)),
        ("zookeeper", "1 of 1 nodes serve", (1, 1)),
        ("kafka", "1 of 1 brokers", (1, 1)),
        ("schema-registry", "holds the schemas of 1 table, BACKWARD", (1,)),
        ("slot", "has a reader, 2.0 MiB of WAL retained", (2,)),
        ("capture", "epoch 1 since 2026-11-27T05:43:00+00:00", (1,)),
        ("topic", "4 partitions of 1 table end after 45 messages", (1, 1, 45)),
        ("spark", "master ALIVE, 1 of 1 workers", (1, 1)),
        ("cassandra", "1 of 1 nodes serve 1 table", (1, 1, 1)),
        ("prometheus", "reads 12 targets", (2,)),
    ],
)
def test_a_sentence_s_numbers_have_an_engine(
    probe: str, sentence: str, expected: tuple[float, ...]
) -> None:
    [summary] = [summary for summary in SUMMARIES if summary.probe == probe]
    match = re.search(summary.pattern, sentence)
    assert match
    assert summary.engine(InMemoryEngines()) == {"": expected}
    assert len(match.groups()) == len(expected)
    assert unexplained(probe, sentence) == ""


def test_a_number_that_no_pattern_explains_is_reported() -> None:
    assert unexplained("kafka", "1 of 1 brokers, 7 partitions")
    assert unexplained("lag", "all rows delivered, 1,234 ms behind") == ""
    assert unexplained("verification", "verified through 14:03:20") == ""
    assert unexplained("verification", "verifies users for the first time, 40% read") == ""
    assert unexplained("airflow", "runs release 1a2b3c4d5e6f") == ""
    backup = "can go back to any time since 2026-11-13 10:00 UTC, the newest backup is 3 h old, "
    assert unexplained("backup", f"{backup}a restore was tested 4 d ago") == ""
    assert unexplained("driver", "one driver runs riada-stream-1a2b3c with 1 table") == ""
