"""Is a message's key the key of the row in its value?

Kafka orders messages by their key. A message whose key is another row's could come to a partition
where it overtakes that row's changes.
"""

from __future__ import annotations

from functools import reduce

from pyspark.sql import Column as Expression
from pyspark.sql import functions as F

from contract.kafka.events import PREFIX_LENGTH
from contract.table.kinds.uuid import Uuid
from contract.table.table import Table
from riada_stream.source.names import event, event_key

_UUID_LENGTH = 36


def compares_bytes(table: Table) -> bool:
    """Whether the key is one text, which is the end of the Avro record. Such a key needs no
    decoding."""
    return len(table.key) == 1 and table.key[0].kind.avro == "string"


def key_is_the_rows(table: Table) -> Expression:
    """A condition for decoded events. It is null when one of the values is."""
    if not compares_bytes(table):
        parts = (F.expr(f"{event_key(column)} = {event(column)}") for column in table.key)
        return reduce(Expression.__and__, parts)
    (column,) = table.key
    text = f"cast({event(column)} as binary)"
    if isinstance(column.kind, Uuid):  # validation.py checks that it has this length
        return F.expr(f"substring(key, -{_UUID_LENGTH}) = {text}")
    size = f"octet_length({text})"
    digits = (
        f"CASE WHEN {size} < 64 THEN 1 WHEN {size} < 8192 THEN 2 WHEN {size} < 1048576 THEN 3"
        " ELSE 4 END"  # bytes of the length in Avro
    )
    return F.expr(
        f"length(key) = {PREFIX_LENGTH} + {size} + {digits}"
        f" AND substring(key, length(key) - {size} + 1) = {text}"
    )
