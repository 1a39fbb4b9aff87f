"""What a kind of column is in each store. Each kind has a file of its own.

A value has four forms. PostgreSQL's is the value that `read_postgres` selects. The event's is Avro,
as Debezium writes it. The carried form is what the streaming job sends to Cassandra; JSON and Spark
can hold it. The canonical form is equal for equal values of all stores.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

# A type of an Avro schema: a name, or an object such as an array.
AvroType = str | Mapping[str, Any]
Canonical = str | int | bool | None


@dataclass(frozen=True)
class Fault:
    """A reason why an event's value is unfit, and the SQL of Spark that finds it.

    In `condition`, {event} is the value in the event and {value} the carried one. It is true or
    false, never null, for every value that is not null.
    """

    reason: str
    condition: str


@dataclass(frozen=True)
class Kind(ABC):
    """One type of PostgreSQL, with its forms in the other stores."""

    # CQL's type.
    cassandra: ClassVar[str]
    # The type in the schema with which events are read.
    avro: ClassVar[AvroType]
    # Whether a column of this kind may be part of the key.
    in_key: ClassVar[bool] = True
    faults: ClassVar[tuple[Fault, ...]] = ()

    @property
    @abstractmethod
    def postgres(self) -> str:
        """The type in SQL, such as varchar(255)."""

    @abstractmethod
    def canonical(self, value: Any) -> Canonical:
        """The canonical form of a value from PostgreSQL, an event or Cassandra. Raises TypeError or
        ValueError for a value of another kind."""

    @abstractmethod
    def cause(self, value: Any) -> str | None:
        """Why the stores cannot all hold this value of PostgreSQL or of an event; None if they can.
        The text does not show the value."""

    @abstractmethod
    def bind(self, value: Any) -> Any:
        """The canonical or the carried form → the value that Cassandra's driver takes."""

    def postgres_text(self, canonical: Any) -> str:
        """The canonical form → text that PostgreSQL reads as this type."""
        return str(canonical)

    def read_postgres(self, column: str) -> str:
        """SQL that reads a column, given its quoted name."""
        return column

    def read_cassandra(self, column: str) -> str:
        """CQL that reads a column, given its quoted name."""
        return column

    def spark(self, event: str) -> str:
        """Spark's SQL for the carried form, given the SQL of the event's value. It may be null for
        a value outside the domain."""
        return event

    def checks(self, column: str) -> dict[str, str]:
        """PostgreSQL's conditions for a column, given its quoted name: what is wrong with other
        values, in words for a constraint's name → the condition. The type ensures the rest."""
        return {}
