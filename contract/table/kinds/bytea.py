"""bytea."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from contract.table.kinds.kind import AvroType, Fault, Kind
from contract.table.kinds.text import IS_PLACEHOLDER, PLACEHOLDER

_PLACEHOLDER = PLACEHOLDER.encode()
_PREFIX = "\\x"


@dataclass(frozen=True)
class Bytea(Kind):
    """The canonical form is PostgreSQL's: \\x0123."""

    cassandra: ClassVar[str] = "blob"
    avro: ClassVar[AvroType] = "bytes"
    in_key: ClassVar[bool] = False
    faults: ClassVar[tuple[Fault, ...]] = (
        Fault(
            IS_PLACEHOLDER,
            f"{{event}} = X'{_PLACEHOLDER.hex()}'",
        ),
    )

    @classmethod
    def parse(cls, spec: str) -> Bytea | None:
        return cls() if spec == "bytea" else None

    @property
    def postgres(self) -> str:
        return "bytea"

    @property
    def indexable(self) -> bool:
        return False

    def canonical(self, value: Any) -> str:
        return _PREFIX + _bytes(value).hex()

    def cause(self, value: Any) -> str | None:
        if _bytes(value) == _PLACEHOLDER:
            return f"{PLACEHOLDER} stands for a value that is not known"
        return None

    def bind(self, value: Any) -> bytes:
        return _bytes(value)

    def checks(self, column: str) -> dict[str, str]:
        return {f"is_not{PLACEHOLDER}": f"{column} <> '{_PREFIX}{_PLACEHOLDER.hex()}'::bytea"}

    def copy(self, column: str) -> str:
        return f"{column} || ''::bytea"


def _bytes(value: Any) -> bytes:
    """Raises ValueError for text of another form."""
    if not isinstance(value, str):
        return bytes(value)
    if not value.startswith(_PREFIX):
        raise ValueError("expected \\x and hexadecimal digits")
    return bytes.fromhex(value.removeprefix(_PREFIX))
