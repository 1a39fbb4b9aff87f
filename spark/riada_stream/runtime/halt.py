"""What the stream stops for although every component answers, until its cause is gone."""

from __future__ import annotations


class HaltError(Exception):
    """The driver consumes nothing more and loses nothing: it tries the same offsets again now and
    then, and ends for another release. The text has the cause and the remedy."""
