"""What Cassandra demands of texts in a key."""

from __future__ import annotations

from enum import Enum, auto

from contract.table.kinds.kind import Fault, Kind

# Cassandra's keys have up to 65,535 bytes, and PostgreSQL's index entries up to 2,704 after their
# compression.
LONGEST_KEY = 8192
_EMPTY = "empty, which Cassandra refuses as a key"
_LONG = f"longer than {LONGEST_KEY} bytes, in a key"


class KeyPart(Enum):
    """Whether a column is part of the key; ALONE: the only column of the partition key."""

    NONE = auto()
    SHARED = auto()
    ALONE = auto()


def cause(kind: Kind, part: KeyPart, value: object) -> str | None:
    if part is KeyPart.NONE or not kind.is_text:
        return None
    if part is KeyPart.ALONE and value == "":
        return _EMPTY
    return _LONG if len(str(value).encode(errors="surrogatepass")) > LONGEST_KEY else None


def faults(kind: Kind, part: KeyPart) -> tuple[Fault, ...]:
    """`value` may be longer than the event's value: char(n) has its spaces."""
    if part is KeyPart.NONE or not kind.is_text:
        return ()
    long = Fault(_LONG, f"octet_length({{value}}) > {LONGEST_KEY}")
    empty = Fault(_EMPTY, "{value} = ''")
    return (empty, long) if part is KeyPart.ALONE else (long,)


def checks(kind: Kind, part: KeyPart, column: str) -> dict[str, str]:
    if part is KeyPart.NONE or not kind.is_text:
        return {}
    long = {f"has_up_to_{LONGEST_KEY}_bytes": f"octet_length({column}::text) <= {LONGEST_KEY}"}
    empty = {"is_not_empty": f"{column}::text <> ''"}
    return long | empty if part is KeyPart.ALONE else long
