"""A change event on a topic: the wire format, and the fields beside the table's columns.

The value is Avro in the Confluent wire format: MAGIC, the writer's schema id in 4 bytes
(big-endian), then the record. Debezium's ExtractNewRecordState makes the record flat.
"""

from __future__ import annotations

MAGIC = b"\x00"
PREFIX_LENGTH = 5

DELETED = "__deleted"  # "true" on deletes
OPERATION = "__op"  # c, u, d, or r for a row of a snapshot
COMMITTED_MS = "__source_ts_ms"  # time of the commit, since 1970
LSN = "__source_lsn"  # position in the WAL
VERSION = "__version"  # contract/table/version.py; decimal text

# ExtractNewRecordState's option add.fields. The transform prefixes each name with __ and replaces
# the dots. __deleted comes from delete.tombstone.handling.mode=rewrite. docker/connect/task puts
# the version where Debezium has source.sequence.
ADD_FIELDS = "op,source.ts_ms,source.lsn,source.sequence:version"


def prefix(schema_id: int) -> bytes:
    """7 → 00 00000007: the first bytes of each value that was written with this schema."""
    return MAGIC + schema_id.to_bytes(PREFIX_LENGTH - len(MAGIC), "big")


def schema_id(value: bytes) -> int | None:
    """00 00000007 … → 7; None when the value is not in the Confluent wire format."""
    if len(value) < PREFIX_LENGTH or not value.startswith(MAGIC):
        return None
    return int.from_bytes(value[len(MAGIC) : PREFIX_LENGTH], "big")
