"""The filters of the page Messages, which its URL has, and the sentences about what they find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from contract.errors import InvalidInputError
from contract.stream.messages_page import PATH
from contract.table.table import Table
from control_center.config import COMPONENT
from control_center.pipeline.browse import Page, Query
from control_center.pipeline.tail import POLL_S, Tail
from control_center.web import inputs

ON = "1"


@dataclass(frozen=True)
class Filters:
    """The fields of the form and the parameters of the URL, as the user typed them. `position`:
    where an earlier answer stopped. `follow`: ON while new messages appear by themselves."""

    topic: str = ""
    partition: str = ""
    offset: str = ""
    since: str = ""
    key: str = ""
    contains: str = ""
    position: str = ""
    follow: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Filters:
        longest = inputs.LONGEST_KEY
        return cls(**{name: parameters.get(name, "")[:longest] for name in cls.__annotations__})

    @property
    def follows(self) -> bool:
        return self.follow == ON

    def url(self, table: Table) -> str:
        values = {name: value for name, value in asdict(self).items() if value}
        return f"{PATH}?{urlencode({'table': table.name} | values)}"

    def query(self, topic: str) -> Query:
        """Raises InvalidInputError."""
        query = Query(
            topic,
            partition=inputs.whole_number(self.partition, "partition"),
            offset=inputs.whole_number(self.offset, "offset"),
            since=inputs.utc_time(self.since),
            key=self.key.strip(),
            contains=inputs.search_text(self.contains),
            position=inputs.positions(self.position),
        )
        if self.follows and (query.forward or query.position is not None):
            cause = "follow shows the newest messages: leave offset and time empty"
            raise InvalidInputError(COMPONENT, cause)
        return query


def sentence(page: Page) -> str:
    """How many messages the page shows, how far it read the topic, and how many are left."""
    query, scanned = page.query, page.scanned
    count, order = len(scanned.messages), "later" if query.forward else "older"
    if not query.searches:
        rest = f"; {scanned.remaining:,} {order} ones are not shown" if scanned.remaining else ""
        return f"{count:,} messages{rest}."
    more = "more " if query.position is not None else ""
    rest = f"{scanned.remaining:,} {order} ones are left" if scanned.remaining else "none is left"
    return (
        f"Searched {scanned.read:,} {more}messages in {scanned.seconds:.1f} s, of which {count:,} "
        f"match; {rest}."
    )


def follow_sentence(tail: Tail, paused: bool) -> str:
    if paused:
        return "Paused while a message is open."
    skipped = f" {tail.skipped:,} arrived too fast and were skipped." if tail.skipped else ""
    return f"Following: new messages appear every {POLL_S:.0f} s.{skipped}"


def not_searched(query: Query, table: Table, unmasked: bool) -> str:
    """A sentence about the columns that a search left out because they are personal."""
    if not query.contains or unmasked or not table.personal:
        return ""
    return " Personal columns were not searched: only an operator who shows them searches them."
