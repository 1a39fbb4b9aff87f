"""Tables to test with."""

from __future__ import annotations

from pathlib import Path

from contract.table import file, folder

USERS = folder.load(Path(__file__).parents[2] / "tables").tables["users"]

# A composite key, names that need quotes, and a source with a cursor and a secret.
READINGS_TEXT = """
schema = "Werk"
relation = "messwerte 2"
key = ["sensor"]
clustering = ["at"]

[columns]
sensor = "varchar(20) from sensor.id"
at = "timestamptz(3)"
"größe" = "numeric(10,3) from values.size"
tags = "varchar(20)[] null"
twice = "int4 generated"

[source]
url = "${READINGS_URL:-http://readings.example}/v1/readings"
items = "data.items"
headers = { X-Api-Key = "secret:readings" }
rate = 0

[source.pagination]
kind = "cursor"
next = "meta.next"
parameter = "cursor"
size = "limit"
largest = 100

[source.params.since]
type = "integer"
default = 7
description = "days"
"""
READINGS = file.read("readings", READINGS_TEXT)


def reading(sensor: str, second: int, size: str = "1.5") -> dict[str, object]:
    """An item of the source of READINGS."""
    return {
        "sensor": {"id": sensor},
        "at": f"2026-01-01T00:00:{second:02}Z",
        "values": {"size": size},
        "tags": ["a", None],
    }
