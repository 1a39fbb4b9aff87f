"""The headers that a dead letter has beside those of its message."""

from __future__ import annotations

TIMESTAMP = "origin.timestamp"
"""When the message came to the users topic first, ISO 8601 in UTC: a dead letter that is sent again
takes this header and the timestamp along, so that its age counts from there (invariant 7)."""
KEY_CUT = "key.truncated"
VALUE_CUT = "value.truncated"
HEADERS_CUT = "headers.truncated"
"""What did not fit: original bytes, of the headers their number. The message itself stays on the
users topic for that topic's retention."""
OWN_HEADERS = (
    *("origin.topic", "origin.partition", "origin.offset", TIMESTAMP),
    *("reason", "schema.id", "release"),
    *(KEY_CUT, VALUE_CUT, HEADERS_CUT),
)
