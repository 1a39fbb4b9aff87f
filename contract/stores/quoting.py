"""Names in SQL and CQL, which quote them alike."""

from __future__ import annotations


def quoted(name: str) -> str:
    """A name that keeps its letters, and may be a reserved word."""
    return '"' + name.replace('"', '""') + '"'
