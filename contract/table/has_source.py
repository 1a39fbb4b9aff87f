"""Does the file of a table have a source? For programs whose Python cannot read TOML."""

from __future__ import annotations

import re


def has_source(text: str) -> bool:
    """A table with a source has a DAG."""
    return re.search(r"^\[source\]", text, re.MULTILINE) is not None
