"""Decoded messages of the topics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from control_center.config import TOPIC
from control_center.pipeline import browse
from control_center.web.api.dependencies import Context
from control_center.web.inputs import MessageLimit, WholeNumber

router = APIRouter()


@dataclass(frozen=True)
class Messages:
    """Messages, newest first, or from a given offset on in the order of the offsets."""

    messages: list[dict[str, Any]]


@router.get("/messages", name="browse messages")
def get_messages(
    context: Context,
    topic: str = TOPIC,
    partition: WholeNumber = None,
    offset: WholeNumber = None,
    limit: MessageLimit = browse.SHOWN,
) -> Messages:
    """People's data is masked for every caller."""
    rows = browse.browse(context.clients, topic, partition, offset, limit)
    return Messages([message.to_json(unmasked=False) for message in rows])
