"""Which messages a search finds: by key, or by a text in the key, a value or a header."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contract.table.table import Table
from control_center.pipeline.browsed_message import BrowsedMessage, shown_key
from control_center.pipeline.decoder import AvroDecoder
from control_center.pipeline.masking import MASK, masked, shown
from control_center.pipeline.topic_message import TopicMessage


@dataclass(frozen=True)
class SearchText:
    """`key`: the exact text of the key. `contains`: text without regard to case. Both empty: every
    message matches. A search looks at what its user may see: without `unmasked` not at personal
    values."""

    table: Table
    decoder: AvroDecoder
    key: str = ""
    contains: str = ""
    unmasked: bool = False

    def match(self, message: TopicMessage) -> BrowsedMessage | None:
        """The decoded message if it matches; raises UnreachableError."""
        if self.key and shown_key(message.key, self.decoder) != self.key:
            return None
        decoded = BrowsedMessage.of(message, self.decoder)
        wanted = self.contains.casefold()
        if wanted and not any(wanted in text.casefold() for text in self._texts(decoded)):
            return None
        return decoded

    def _texts(self, message: BrowsedMessage) -> Iterator[str]:
        yield message.key
        yield from message.headers.values()
        record = message.record or {}
        yield from _texts(record if self.unmasked else masked(self.table, record))


def _texts(value: Any) -> Iterator[str]:
    """The text of each value in a record, as the page shows it, without names of fields."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, bool):
        yield str(value).lower()
    elif value is not None and value != MASK:
        yield str(shown(value))
