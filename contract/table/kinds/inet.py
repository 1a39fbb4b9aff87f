"""inet and cidr, as text: Cassandra's inet has no network mask."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_interface
from typing import Any, ClassVar

from contract.table.kinds.kind import AvroType, Fault, Kind

_FAULT = "not an address"


@dataclass(frozen=True)
class Inet(Kind):
    """PostgreSQL's text, such as 10.0.0.1 or 10.0.0.0/8."""

    name: str = "inet"
    cassandra: ClassVar[str] = "text"
    avro: ClassVar[AvroType] = "string"
    faults: ClassVar[tuple[Fault, ...]] = (
        Fault(_FAULT, "NOT rlike({event}, '^[0-9a-f:.]{2,45}(/[0-9]{1,3})?$')"),
    )

    @classmethod
    def parse(cls, spec: str) -> Inet | None:
        return cls(spec) if spec in ("inet", "cidr") else None

    @property
    def postgres(self) -> str:
        return self.name

    def canonical(self, value: Any) -> str:
        return str(value)

    def cause(self, value: Any) -> str | None:
        try:
            ip_interface(str(value))
        except ValueError:
            return _FAULT
        return None

    def bind(self, value: Any) -> str:
        ip_interface(str(value))
        return str(value)
