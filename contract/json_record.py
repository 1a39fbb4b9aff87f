"""Frozen dataclasses as JSON objects; fields may nest dataclasses, tuples, mappings and enums."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T", bound="JsonRecord")


class JsonRecord:
    """Base of a frozen dataclass that crosses a process as a JSON object."""

    def to_json(self) -> dict[str, Any]:
        """The fields by name; tuples as lists, enums as their values."""
        return {field.name: _encode(getattr(self, field.name)) for field in fields(self)}  # type: ignore[arg-type]

    @classmethod
    def from_json(cls: type[T], data: Mapping[str, Any]) -> T:
        """The record from the object that `to_json` returns. A field without a value takes its
        default; unknown fields are ignored, so that an older reader understands a newer writer.
        Raises ValueError."""
        hints = get_type_hints(cls)
        values = {}
        for field in fields(cls):  # type: ignore[arg-type]
            if field.name in data:
                path = f"{cls.__name__}.{field.name}"
                values[field.name] = _decode(hints[field.name], data[field.name], path)
            elif field.default is MISSING and field.default_factory is MISSING:
                raise ValueError(f"{cls.__name__}: the field {field.name} is missing")
        return cls(**values)


def _encode(value: Any) -> Any:
    if isinstance(value, JsonRecord):
        return value.to_json()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _encode(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_encode(item) for item in value]
    return value


def _decode(kind: Any, value: Any, path: str) -> Any:
    """`value` as the annotated type `kind`; raises ValueError with the field's path."""
    if kind is Any or kind is object:
        return value
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        if value is None and type(None) in arguments:
            return None
        [kind] = [argument for argument in arguments if argument is not type(None)]
        return _decode(kind, value, path)
    if origin is tuple and isinstance(value, list | tuple):
        return tuple(_decode(arguments[0], item, path) for item in value)
    if origin is not None and issubclass(origin, Mapping) and isinstance(value, Mapping):
        return {key: _decode(arguments[1], item, path) for key, item in value.items()}
    if isinstance(kind, type) and issubclass(kind, tuple) and isinstance(value, list | tuple):
        return kind(*value)  # a NamedTuple
    if isinstance(kind, type) and issubclass(kind, JsonRecord) and isinstance(value, Mapping):
        return kind.from_json(value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(kind, type) and type(value) is kind:
        return value
    raise ValueError(f"{path}: {type(value).__name__} instead of {kind}")
