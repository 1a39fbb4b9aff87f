"""The headers that a dead letter has in addition to those of its message."""

from __future__ import annotations

ORIGIN_TOPIC = "origin.topic"
ORIGIN_PARTITION = "origin.partition"
ORIGIN_OFFSET = "origin.offset"
REASON = "reason"
SCHEMA_ID = "schema.id"
RELEASE = "release"

# When the message first came to its topic, ISO 8601 in UTC. A replayed dead letter keeps this
# header and the timestamp, so that its age counts from that time (invariant 7).
TIMESTAMP = "origin.timestamp"
# The original bytes of a cut key or value, and the number of removed headers. The message itself
# stays on its topic for that topic's retention.
KEY_CUT = "key.truncated"
VALUE_CUT = "value.truncated"
HEADERS_CUT = "headers.truncated"
# On a dead letter that an erasure of another row has moved: its offset before that.
MOVED_FROM = "moved.from"
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
    MOVED_FROM,
)
