"""Reads the fields of one section of a table's file, and refuses unknown ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# The default of a field that must be present.
_REQUIRED: Any = object()


class Fields:
    """Raises ValueError, which names the field and what it expects."""

    def __init__(self, place: str, content: Any) -> None:
        if not isinstance(content, Mapping):
            raise ValueError(f"{place}: expected a section [{place}]")
        self.place, self.content = place, content
        self.used: set[str] = set()

    def text(self, name: str, default: str = _REQUIRED) -> str:
        value = self._value(name, default)
        if not isinstance(value, str) or (default is _REQUIRED and not value):
            raise ValueError(f"{self.place}.{name}: expected text")
        return value

    def number(self, name: str, default: float) -> float:
        value = self._value(name, default)
        if type(value) not in (int, float) or not 0 <= value < float("inf"):
            raise ValueError(f"{self.place}.{name}: expected a number of at least 0")
        return float(value)

    def integer(self, name: str, default: int | None, least: int) -> int | None:
        value = self._value(name, default)
        if value is not None and (type(value) is not int or value < least):
            raise ValueError(f"{self.place}.{name}: expected an integer of at least {least}")
        return value

    def flag(self, name: str) -> bool:
        value = self._value(name, False)
        if not isinstance(value, bool):
            raise ValueError(f"{self.place}.{name}: expected true or false")
        return value

    def choice(self, name: str, choices: Sequence[str], default: str) -> str:
        value = self._value(name, default)
        if value not in choices:
            raise ValueError(f"{self.place}.{name}: expected {', '.join(choices)}")
        return str(value)

    def section(self, name: str) -> Mapping[str, Any]:
        """The fields of a section; {} without it."""
        value = self._value(name, {})
        if not isinstance(value, Mapping):
            raise ValueError(f"{self.place}.{name}: expected a section [{self.place}.{name}]")
        return value

    def end(self) -> None:
        """Refuses the fields that nothing has read."""
        if unknown := self.content.keys() - self.used:
            raise ValueError(f"{self.place}: unknown: {', '.join(sorted(unknown))}")

    def _value(self, name: str, default: Any) -> Any:
        self.used.add(name)
        if name not in self.content and default is _REQUIRED:
            raise ValueError(f"{self.place}.{name} is missing")
        return self.content.get(name, default)
