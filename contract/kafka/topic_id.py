"""Kafka's id of a topic, which changes when the topic is created again."""

from __future__ import annotations

from base64 import urlsafe_b64encode


def printed(hexadecimal: str) -> str:
    """32 hexadecimal digits as Kafka prints an id (Java's Uuid.toString): base64 for URLs without
    padding. "" stays ""."""
    return urlsafe_b64encode(bytes.fromhex(hexadecimal)).rstrip(b"=").decode()
