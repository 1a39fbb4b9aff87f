"""Decoded messages of a table's topics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from contract.kafka.topics import events
from control_center.pipeline import browse
from control_center.web import inputs
from control_center.web.api.dependencies import Context, TableOfPath
from control_center.web.inputs import (
    LONGEST_KEY,
    LONGEST_POSITION,
    LONGEST_SEARCH,
    MessageLimit,
    WholeNumber,
    position_text,
)

router = APIRouter(prefix="/tables/{table}")


@dataclass(frozen=True)
class Messages:
    """`messages`: newest first, or from a given offset or time on in their order. `read`: how many
    messages were searched, in `seconds`; `remaining`: how many older (from an offset or time on:
    later) ones are left. The same request with `position` continues there."""

    messages: list[dict[str, Any]]
    read: int
    seconds: float
    remaining: int
    position: str


@router.get("/messages", name="browse messages")
def get_messages(
    table: TableOfPath,
    context: Context,
    topic: str | None = None,
    partition: WholeNumber = None,
    offset: WholeNumber = None,
    limit: MessageLimit = browse.SHOWN,
    since: AwareDatetime | None = None,
    key: Annotated[str, Query(max_length=LONGEST_KEY)] = "",
    contains: Annotated[str, Query(max_length=LONGEST_SEARCH)] = "",
    position: Annotated[str, Query(max_length=LONGEST_POSITION)] = "",
) -> Messages:
    """`topic`: of the table's events by default. `since`: ISO 8601 with a zone; the messages from
    that time on. `key`: of one row. `contains`: a text in the key, a value or a header. Personal
    values are masked for every caller, and not searched. A search stops at browse.SEARCH."""
    query = browse.Query(
        events(table).name if topic is None else topic,
        partition,
        offset,
        since,
        key,
        contains.strip(),
        inputs.positions(position),
        limit,
    )
    page = browse.browse(context.clients, table, query)
    return Messages(
        messages=[message.to_json(table, unmasked=False) for message in page.messages],
        read=page.scanned.read,
        seconds=round(page.scanned.seconds, 3),
        remaining=page.scanned.remaining,
        position=position_text(page.scanned.position),
    )
