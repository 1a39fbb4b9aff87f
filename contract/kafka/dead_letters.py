"""The headers that a dead letter has beside those of its message."""

from __future__ import annotations

ORIGIN_TOPIC = "origin.topic"
ORIGIN_PARTITION = "origin.partition"
ORIGIN_OFFSET = "origin.offset"
REASON = "reason"
SCHEMA_ID = "schema.id"
RELEASE = "release"

TIMESTAMP = "origin.timestamp"
"""When the message came to the users topic first, ISO 8601 in UTC: a dead letter that is sent again
takes this header and the timestamp along, so that its age counts from there (invariant 7)."""
KEY_CUT = "key.truncated"
VALUE_CUT = "value.truncated"
HEADERS_CUT = "headers.truncated"
"""What did not fit: original bytes, of the headers their number. The message itself stays on the
users topic for that topic's retention."""
OWN_HEADERS = (
    ORIGIN_TOPIC,
    ORIGIN_PARTITION,
    ORIGIN_OFFSET,
    TIMESTAMP,
    REASON,
    SCHEMA_ID,
    RELEASE,
    KEY_CUT,
    VALUE_CUT,
    HEADERS_CUT,
)
