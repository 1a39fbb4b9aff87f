"""Paths in JSON: the names of objects joined by dots, such as location.city."""

from __future__ import annotations

from typing import Any

NAMES = {
    str: "text",
    bool: "a boolean",
    int: "an integer",
    list: "a list",
    dict: "an object",
    type(None): "null",
}


def names(path: str) -> tuple[str, ...]:
    """The names of a path; () for the whole value."""
    return tuple(path.split(".")) if path else ()


def value_at(value: Any, path: str) -> Any:
    """The value at a path; None if it is missing."""
    for name in names(path):
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def type_name(value: Any) -> str:
    """What a value of JSON is, for an error that must not show it."""
    return NAMES.get(type(value), "a fraction")
