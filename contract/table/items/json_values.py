"""json and jsonb. Numbers keep their digits."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any


def json_text(value: Any) -> str:
    """The text that PostgreSQL keeps as it is. Raises ValueError for NaN."""
    return _Writer(",", ":").text(value)


def jsonb(value: Any) -> str:
    """The text in PostgreSQL's own form, as it reads it again. Raises ValueError for NaN."""
    return _Jsonb(", ", ": ").text(value)


class _Writer:
    def __init__(self, comma: str, colon: str) -> None:
        self._comma, self._colon = comma, colon

    def text(self, value: Any) -> str:
        try:
            return self._any(value)
        except RecursionError:
            raise ValueError("has too many levels") from None

    def _any(self, value: Any) -> str:
        if isinstance(value, dict):
            pairs = (
                f"{_scalar(name)}{self._colon}{self._any(item)}"
                for name, item in self._ordered(value)
            )
            return f"{{{self._comma.join(pairs)}}}"
        if isinstance(value, list):
            return f"[{self._comma.join([self._any(item) for item in value])}]"
        return self._number(value) if isinstance(value, Decimal) else _scalar(value)

    def _ordered(self, value: dict[str, Any]) -> Iterable[tuple[str, Any]]:
        return value.items()

    def _number(self, value: Decimal) -> str:
        return str(value)


class _Jsonb(_Writer):
    def _ordered(self, value: dict[str, Any]) -> Iterable[tuple[str, Any]]:
        """Short names first: https://github.com/postgres/postgres, lengthCompareJsonbString."""
        return sorted(value.items(), key=lambda pair: (len(_utf8(pair[0])), _utf8(pair[0])))

    def _number(self, value: Decimal) -> str:
        """PostgreSQL's numeric has no exponent, and no -0."""
        return format(value if value else abs(value), "f")


def _utf8(name: str) -> bytes:
    return name.encode(errors="surrogatepass")


def _scalar(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:
        raise ValueError("holds a number that is not finite") from None
