"""Parsers of what the engines' own tools print."""

from __future__ import annotations

import json
import re
from typing import NamedTuple


class Partition(NamedTuple):
    """Ids of brokers."""

    number: int
    leader: int
    replicas: tuple[int, ...]
    in_sync: tuple[int, ...]


def psql_rows(text: str) -> list[list[str]]:
    """Of psql -At -F TAB."""
    return [line.split("\t") for line in text.splitlines() if line]


def lsn(text: str) -> int:
    """0/16B3748 → its number of bytes."""
    high, low = text.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def kcat_offsets(text: str) -> dict[tuple[str, int], int]:
    """Of kcat -Q: "topic [2] offset 5"."""
    matches = re.findall(r"(?m)^(\S+) \[(\d+)\] offset (-?\d+)$", text)
    return {(topic, int(partition)): int(offset) for topic, partition, offset in matches}


def kcat_topics(text: str) -> dict[str, list[Partition]]:
    """Of kcat -L -J; without Kafka's own topics."""
    return {
        topic["topic"]: [
            Partition(
                part["partition"],
                part["leader"],
                tuple(replica["id"] for replica in part["replicas"]),
                tuple(replica["id"] for replica in part["isrs"]),
            )
            for part in topic["partitions"]
        ]
        for topic in json.loads(text)["topics"]
        if not topic["topic"].startswith("__")
    }


def kcat_brokers(text: str) -> list[int]:
    """Of kcat -L -J."""
    return sorted(broker["id"] for broker in json.loads(text)["brokers"])


def mntr(text: str) -> dict[str, float]:
    """Of ZooKeeper's command mntr, the numbers."""
    pairs = re.findall(r"(?m)^(zk_\w+)\t(-?\d+(?:\.\d+)?)$", text)
    return {name: float(value) for name, value in pairs}


def tablestats(text: str) -> dict[str, dict[str, float]]:
    """Of nodetool tablestats: "people.users" → name → number."""
    tables: dict[str, dict[str, float]] = {}
    keyspace, table = "", ""
    for line in text.splitlines():
        name, _, value = (part.strip() for part in line.partition(":"))
        if name == "Keyspace":
            keyspace, table = value, ""
        elif name in ("Table", "Table (index)"):
            table = f"{keyspace}.{value}"
            tables[table] = {}
        elif table and re.fullmatch(r"-?\d+(\.\d+)?", value):
            tables[table][name] = float(value)
    return tables


def tablehistograms(text: str, column: str, row: str) -> float | None:
    """Of nodetool tablehistograms: such as Write Latency, 99%; None without a sample."""
    lines = [re.split(r"\s{2,}", line.strip()) for line in text.splitlines() if line.strip()]
    header = next(line for line in lines if line[0] == "Percentile")
    values = next(line for line in lines if line[0] == row)
    value = float(values[header.index(column)])
    return None if value != value else value


def nodetool_status(text: str) -> list[str]:
    """Of nodetool status: the addresses of the nodes that are up and normal."""
    return re.findall(r"(?m)^UN\s+(\S+)", text)


def file_sizes(text: str) -> dict[str, int]:
    """Of find -printf '%s %p\\n' in Kafka's log folder: topic → bytes of its segments."""
    sizes: dict[str, int] = {}
    for size, topic in re.findall(r"(?m)^(\d+) \S*/([^/]+)-\d+/\d+\.log$", text):
        sizes[topic] = sizes.get(topic, 0) + int(size)
    return sizes


def promtool_instant(text: str) -> dict[str, float]:
    """Of promtool query instant: the labels, "" without any → value."""
    matches = re.findall(r"(?m)^(\S*?)(\{.*\})? => (\S+) @\[", text)
    return {labels.strip("{}"): float(value) for _, labels, value in matches}
