"""Finds facts of the contract that a file spells instead of asking contract/ for them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from contract.health.state import ProbeState
from contract.kafka import retention, schemas, topics
from contract.kafka.capture import KEY, SLOT
from contract.kafka.connect import ConnectorState
from contract.stores.postgres import server
from contract.stores.postgres.publication import PUBLICATION
from contract.stream import releases
from contract.stream.application import PREFIX, SparkState
from contract.stream.driver_status import DriverState, TableState

STATES: tuple[type[Enum], ...] = (
    ConnectorState,
    DriverState,
    ProbeState,
    SparkState,
    TableState,
)


@dataclass(frozen=True, order=True)
class Spelling:
    fact: str
    line: int
    text: str


def _any_of(*texts: object) -> str:
    return "|".join(sorted((re.escape(str(text)) for text in texts), key=len, reverse=True))


_DURATIONS = (retention.TOPIC, retention.TOMBSTONE, retention.DEAD_LETTERS, retention.BATCHES)
_UNITS = (retention.milliseconds, retention.seconds)
_NUMBERS = _any_of(
    *(unit(duration) for duration in _DURATIONS for unit in _UNITS),
    retention.milliseconds(retention.SEGMENT),
)
_DAYS = _any_of(*(duration.days for duration in _DURATIONS))
_SETTINGS = _any_of(
    "retention.ms", "segment.ms", "log.roll.ms", "gc_grace_seconds", "default_time_to_live"
)

# Numbers are compared without their underscores.
PATTERNS = {
    "topic": (
        rf"(?:[\"']|topic: ){_any_of(topics.CAPTURE.name)}\b(?![.])"
        rf"|\b{topics.PREFIX}\.(?:[a-z][a-z0-9_]*\.)?public\."
    ),
    "key of a record of capture": rf"[\"']{KEY}\.(?:\{{|[a-z0-9_]+[\"'])",
    "secret of a database": rf"[\"']{server.secret('')}",
    "slot or publication": (
        rf"(?i)\b(?:slot|publication)(?:[\w. ]{{0,20}}?)[\"']?\s*[:=]?\s*[\"']?"
        rf"\b(?:{_any_of(SLOT, PUBLICATION)})\b(?![.])"
    ),
    "retention": rf"{_SETTINGS}|\b(?:{_NUMBERS})\b|timedelta\(days=(?:{_DAYS})\)",
    "size of a message": (
        rf"\b(?:{_any_of(topics.LARGEST_MESSAGE, topics.LARGEST_REQUEST, topics.LARGEST_BATCH)})\b"
    ),
    "name of the application": rf"[\"']{PREFIX}(?:\{{|[\"'])",
    "file of the driver's status": _any_of(releases.STATUS),
    "compatibility": rf"\b{schemas.COMPATIBILITY}\b",
    "path of the registry's API": _any_of(schemas.CONFLUENT_API),
    "field of the change event": r"[\"'`.]__(?:source_\w+|deleted|op|version)\b",
    "header of a dead letter": r"[\"']origin\.(?:topic|partition|offset|timestamp)[\"']",
    "pattern of a UUID": r"\[0-9a-f\]\{8\}\(?-",
    "cause in a Java trace": r"Caused by: ",
}
_STATES_TEXT = rf"[\"'](?:{_any_of(*(state.value for kind in STATES for state in kind))})[\"'*]"


def spellings(name: str, text: str) -> Iterator[Spelling]:
    """The spellings in the text of a file of this name."""
    plain = re.sub(r"(?<=\d)_(?=\d)", "", text)
    for fact, pattern in PATTERNS.items():
        for match in re.finditer(pattern, plain):
            yield Spelling(fact, plain.count("\n", 0, match.start()) + 1, match[0])
    if name.endswith(".py"):
        yield from _states_in_python(text)
    else:
        for match in re.finditer(_STATES_TEXT, text):
            yield Spelling("state", text.count("\n", 0, match.start()) + 1, match[0].strip("\"'*"))


def _states_in_python(source: str) -> Iterator[Spelling]:
    """Strings that are exactly a state; a key of a dictionary ({"ok": True}) is not a state."""
    values = {state.value for kind in STATES for state in kind}
    tree = ast.parse(source)
    keys = {
        id(key) for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys if key
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in values and id(node) not in keys:
            yield Spelling("state", node.lineno, str(node.value))
