"""The error of a stream that stops although every component answers."""

from __future__ import annotations


class HaltError(Exception):
    """The driver stops reading and loses nothing. It retries the same offsets regularly, and ends
    when another release is deployed. The text names the cause and the remedy."""
