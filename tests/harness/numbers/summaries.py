"""The numbers in the sentences of the probes that are ok, on Home."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.harness.numbers import engines, parsers
from tests.harness.numbers.engines import EVENTS, MIB, Engines, Values
from tests.harness.tables import USERS


@dataclass(frozen=True)
class Summary:
    """`pattern`: with a group for each number. `engine`: the numbers in that order, under ""."""

    probe: str
    pattern: str
    engine: Callable[[Engines], Values]
    absolute: float = 0


def _postgres(at: Engines) -> Values:
    query = (
        "SELECT '', coalesce(sum(n_live_tup), 0), count(*) FROM pg_stat_user_tables"
        f" WHERE schemaname = '{USERS.schema}' AND relname = '{USERS.relation}'"
    )
    return engines.labelled(engines.sql(at, query))


def _topic(at: Engines) -> Values:
    ends = engines.ends(at, EVENTS)
    return {"": (float(len(ends)), 1.0, float(sum(ends.values())))}


def _slot(at: Engines) -> Values:
    ((size,),) = engines.slot(engines.SLOT_RETAINED)(at).values()
    return {"": (size / MIB,)}


def _brokers(at: Engines) -> Values:
    count = float(len(engines.brokers(at)))
    return {"": (count, count)}


def _zookeeper(at: Engines) -> Values:
    count = float(len(engines.zookeeper("zk_znode_count")(at)))
    return {"": (count, count)}


def _workers(at: Engines) -> Values:
    workers = at.http("spark-master", "/json/")["workers"]
    alive = sum(worker["state"] == "ALIVE" for worker in workers)
    return {"": (float(alive), float(len(workers)))}


def _cassandra(at: Engines) -> Values:
    nodes = float(len(parsers.nodetool_status(at.run("cassandra-1", "nodetool", "status"))))
    tables = engines.tablestats("Local write count")(at)
    return {"": (nodes, nodes, float(f"people.{USERS.name}" in tables))}


def _epoch(at: Engines) -> Values:
    return engines.labelled(engines.sql(at, "SELECT '', epoch FROM riada.capture"))


def _subjects(at: Engines) -> Values:
    subjects = at.http("schema-registry", "/apis/ccompat/v7/subjects")
    return {"": (float(f"{EVENTS}-value" in subjects),)}


SUMMARIES = (
    Summary("postgres", r"about ([\d,]+) rows in (\d+) tables?", _postgres),
    Summary("zookeeper", r"(\d+) of (\d+) nodes serve", _zookeeper),
    Summary("kafka", r"(\d+) of (\d+) brokers", _brokers),
    Summary("schema-registry", r"the schemas of (\d+) tables?", _subjects),
    Summary("slot", r"([\d.,]+) MiB of WAL retained", _slot),
    Summary("capture", r"epoch (\d+) since", _epoch),
    Summary("topic", r"(\d+) partitions of (\d+) tables? end after ([\d,]+) messages", _topic),
    Summary("spark", r"(\d+) of (\d+) workers", _workers),
    Summary("cassandra", r"(\d+) of (\d+) nodes serve (\d+) tables?", _cassandra),
    Summary("prometheus", r"reads (\d+) targets", engines.targets),
)
# Digits in sentences that are no measurement: names of releases, moments, ages, and own counts of
# the Control Center since its start, which unit tests check.
NAMES = (
    r"\d{4}-\d\d-\d\dT[\d:]+\+00:00",
    r"(?<=release )\w+",
    r"riada-stream\S*",
    r"(?<=runs )\S+",
    r"[\d,]+ rows were rejected",
    r"with \d+ tables?",
    r"[\d,]+ ms behind",
    r"all rows of \d+ tables delivered",
    r"[\d,]+ rows(?: of \w+)? are on their way, the oldest for [\d.]+ s.*",
    r"https?://\S+",
    r"verified through (\d{4}-\d\d-\d\d )?[\d:]+",
    r"for the first time, \d+% read(; also \d+ tables?)?",
    r"can go back to any time since .* old, (a restore was tested .* ago|.* is due)",
)


def unexplained(probe: str, sentence: str) -> str:
    """What is left of a sentence that has digits which neither SUMMARIES nor NAMES explain."""
    text = sentence
    for summary in SUMMARIES:
        if summary.probe == probe:
            text = re.sub(summary.pattern, "", text)
    for name in NAMES:
        text = re.sub(name, "", text)
    return text if re.search(r"\d", text) else ""
