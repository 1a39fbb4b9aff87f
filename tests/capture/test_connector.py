"""The connector's configuration for the tables of an epoch."""

from __future__ import annotations

import re

from capture.clients.connector import SNAPSHOT, configuration
from capture.clients.server import own
from capture.clients.source import Identity
from contract.kafka.topics import EVENTS
from tests.capture.in_memory import SETTINGS

OWN = own(SETTINGS)
IDENTITY = Identity("7001", "00000001")
RELATIONS = ["public.users", "public.a,b", "public.größe (x)"]


def test_the_snapshot_reads_exactly_the_tables_of_the_epoch() -> None:
    """Java and Python read these expressions alike, but for the braces of \\x{e4}."""
    patterns = configuration(SETTINGS, OWN, 1, IDENTITY, RELATIONS)[SNAPSHOT].split(",")
    in_python = [re.sub(r"\\x\{(\w+)\}", r"\\u\1", p).replace("\\u", "\\u00") for p in patterns]
    assert [
        [bool(re.fullmatch(pattern, relation)) for relation in [*RELATIONS, "publicxusers"]]
        for pattern in in_python
    ] == [[True, False, False, False], [False, True, False, False], [False, False, True, False]]


def test_an_epoch_without_tables_reads_none() -> None:
    """Debezium takes an empty list for all tables."""
    assert configuration(SETTINGS, OWN, 1, IDENTITY, [])[SNAPSHOT] == "none"


def test_a_new_table_changes_no_other_setting() -> None:
    first, second = (
        configuration(SETTINGS, OWN, 1, IDENTITY, some) for some in (RELATIONS, ["a.b"])
    )
    assert {name for name in first if first[name] != second[name]} == {SNAPSHOT}


def test_a_topic_that_connect_makes_is_like_those_of_the_manager() -> None:
    made = configuration(SETTINGS, OWN, 1, IDENTITY, RELATIONS)
    prefix = "topic.creation.default."
    settings = {name.removeprefix(prefix): made[name] for name in made if name.startswith(prefix)}
    assert settings == {"partitions": "4", "replication.factor": "3", **EVENTS}
