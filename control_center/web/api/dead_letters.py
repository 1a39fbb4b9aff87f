"""The newest dead letters of a table, and their replay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from contract.kafka.topics import dead_letters
from control_center.pipeline import browse
from control_center.pipeline.browse import Query
from control_center.web.api.dependencies import Context, Operator, TableOfPath
from control_center.web.context import REPLAY
from control_center.web.inputs import DeadLetterPlace, MessageLimit

router = APIRouter(prefix="/tables/{table}")


class ReplayRequest(BaseModel):
    """Dead letters as "partition:offset"; null means all."""

    model_config = ConfigDict(extra="forbid")
    dead_letters: list[DeadLetterPlace] | None = Field(None, max_length=100_000)


@dataclass(frozen=True)
class DeadLetters:
    """The newest dead letters, newest first; `sent_again` is true if a dead letter was replayed."""

    dead_letters: list[dict[str, Any]]


@router.get("/dead-letters")
def get_dead_letters(
    table: TableOfPath, context: Context, limit: MessageLimit = browse.SHOWN
) -> DeadLetters:
    """Personal values are masked for every caller."""
    query = Query(dead_letters(table).name, count=limit)
    messages = browse.browse(context.clients, table, query).messages
    sent = context.replay.sent(table)
    return DeadLetters(
        [
            message.to_json(table, unmasked=False) | {"sent_again": message.place in sent}
            for message in messages
        ]
    )


@router.post("/dead-letters/send", name=REPLAY)
def post_replay(
    request: ReplayRequest, principal: Operator, table: TableOfPath, context: Context
) -> dict[str, Any]:
    """Replays dead letters; returns the fields of ReplayOutcome and `ok`."""
    places = request.dead_letters
    target = "all" if places is None else f"{len(places)} dead letters"
    return context.send_again(principal, table, places, target).to_json()
