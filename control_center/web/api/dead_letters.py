"""The newest dead letters, and the replay of dead letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from control_center.config import DEAD_LETTERS
from control_center.pipeline import browse
from control_center.web.api.dependencies import Context, Operator
from control_center.web.context import REPLAY
from control_center.web.inputs import DeadLetterPlace, MessageLimit

router = APIRouter()


class ReplayRequest(BaseModel):
    """Dead letters as "partition:offset"; null means all."""

    model_config = ConfigDict(extra="forbid")
    dead_letters: list[DeadLetterPlace] | None = Field(None, max_length=100_000)


@dataclass(frozen=True)
class DeadLetters:
    """The newest dead letters, newest first; `sent_again` is true if a dead letter was replayed."""

    dead_letters: list[dict[str, Any]]


@router.get("/dead-letters")
def get_dead_letters(context: Context, limit: MessageLimit = browse.SHOWN) -> DeadLetters:
    """People's data is masked for every caller."""
    messages = browse.browse(context.clients, DEAD_LETTERS, None, None, limit)
    return DeadLetters(
        [
            message.to_json(unmasked=False) | {"sent_again": context.replay.was_sent(message.place)}
            for message in messages
        ]
    )


@router.post("/dead-letters/send", name=REPLAY)
def post_replay(request: ReplayRequest, principal: Operator, context: Context) -> dict[str, Any]:
    """Replays dead letters; returns the fields of ReplayOutcome and `ok`."""
    places = request.dead_letters
    target = "all" if places is None else f"{len(places)} dead letters"
    return context.send_again(principal, places, target).to_json()
