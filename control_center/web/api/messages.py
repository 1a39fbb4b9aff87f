"""Decoded messages of a table's topics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from contract.kafka.topics import events
from control_center.pipeline import browse
from control_center.web.api.dependencies import Context, TableOfPath
from control_center.web.inputs import LONGEST_KEY, MessageLimit, WholeNumber

router = APIRouter(prefix="/tables/{table}")


@dataclass(frozen=True)
class Messages:
    """Messages, newest first, or from a given offset on in the order of the offsets."""

    messages: list[dict[str, Any]]


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
) -> Messages:
    """`topic`: of the table's events by default. `since`: ISO 8601 with a zone; the messages from
    that time on. `key`: of one row. Personal values are masked for every caller."""
    topic = events(table).name if topic is None else topic
    rows = browse.browse(
        context.clients, table, topic, partition, offset, limit, since=since, key=key
    )
    return Messages([message.to_json(table, unmasked=False) for message in rows])
