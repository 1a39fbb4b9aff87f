"""What a kind of column is in each store. Each kind has a file of its own.

A value has four forms. PostgreSQL's is the value that `read_postgres` selects. The event's is Avro,
as Debezium writes it (capture/connector.py has the settings). The carried form is what the
streaming job sends to Cassandra; JSON and Spark can hold it. The canonical form is equal for equal
values of all stores.
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

    def sql(self, event: str, value: str) -> str:
        """The condition about these expressions."""
        return self.condition.replace("{event}", event).replace("{value}", value)


@dataclass(frozen=True)
class Kind(ABC):
    """One type of PostgreSQL, with its forms in the other stores."""

    # Whether the event has text that anybody may choose. The streaming job checks all such texts
    # of a row together: UTF-8, and not the placeholder.
    is_text: ClassVar[bool] = False

    @property
    @abstractmethod
    def cassandra(self) -> str:
        """CQL's type."""

    @property
    @abstractmethod
    def avro(self) -> AvroType:
        """The type in the schema with which events are read."""

    @property
    @abstractmethod
    def postgres(self) -> str:
        """The type in SQL, such as varchar(255)."""

    @property
    def spec(self) -> str:
        """The type in a table's file, which parse() reads."""
        return self.postgres

    @property
    def in_key(self) -> bool:
        """Whether a column of this kind may be part of the key."""
        return True

    @property
    def indexable(self) -> bool:
        """Whether Cassandra can index a column of this kind."""
        return True

    @property
    def faults(self) -> tuple[Fault, ...]:
        return ()

    @abstractmethod
    def canonical(self, value: Any) -> Canonical:
        """The canonical form of a value of PostgreSQL, of event_value() or of Cassandra, of a
        carried form, or of a canonical form. Raises TypeError or ValueError for a value of another
        kind."""

    @abstractmethod
    def cause(self, value: Any) -> str | None:
        """Why the stores cannot all hold this value of PostgreSQL or of event_value(); None if they
        can. The text does not show the value."""

    @abstractmethod
    def bind(self, value: Any) -> Any:
        """The canonical or the carried form → the value that Cassandra's driver takes."""

    def event_value(self, value: Any) -> Any:
        """A value of a decoded event → a value that canonical() and cause() take."""
        return value

    def to_event(self, canonical: Any) -> Any:
        """The canonical form of a kind that may be in the key → the value in Debezium's event."""
        return canonical

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

    def checks_of_array(self, column: str) -> dict[str, str]:
        """The same for every element of an array of this kind."""
        return {}

    def copy(self, column: str) -> str | None:
        """SQL that copies a column's value, so that an update logs it although it has not changed;
        None for a type whose values PostgreSQL always logs (it keeps only large values apart)."""
        return None
