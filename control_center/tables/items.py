"""The items of a JSON API's answer: where they are, and the values of their fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

DEEPEST = 6  # names in a path


def find_items(content: Any) -> tuple[str, list[Mapping[str, Any]]] | None:
    """The path of the longest list of objects in an answer, "" for the answer itself, and the
    list; None if there is none."""
    lists = list(_lists(content, ()))
    if not lists:
        return None
    path, items = max(lists, key=lambda entry: (len(entry[1]), -len(entry[0])))
    return ".".join(path), items


def _lists(
    value: Any, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], list[Mapping[str, Any]]]]:
    if isinstance(value, list):
        if value and all(isinstance(item, dict) for item in value):
            yield path, value
    elif isinstance(value, dict) and len(path) < DEEPEST:
        for name, inner in value.items():
            if "." not in name:
                yield from _lists(inner, (*path, name))


def fields(items: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Path → the value of each item, None if it is missing. Objects are followed by their names; a
    list is one value."""
    result: dict[str, list[Any]] = {}
    for place, item in enumerate(items):
        for path, value in _leaves(item, ()):
            result.setdefault(path, [None] * len(items))[place] = value
    return {path: values for path, values in result.items() if not _is_object(path, result)}


def _leaves(value: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for name, inner in value.items():
        if "." in name:
            continue
        if isinstance(inner, dict) and inner and len(path) + 1 < DEEPEST:
            yield from _leaves(inner, (*path, name))
        else:
            yield ".".join((*path, name)), inner


def _is_object(path: str, known: Mapping[str, list[Any]]) -> bool:
    """Other items have an object at this path, so that a null here adds no field."""
    return all(value is None or value == {} for value in known[path]) and any(
        other.startswith(f"{path}.") for other in known
    )
