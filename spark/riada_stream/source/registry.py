"""Writers' schemas by their id in the registry.

A schema never changes under its id, so a schema that was fetched is kept. The job asks again for an
unknown id in the next batch, because a producer may register it in the meantime.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import urlopen

from contract.kafka.schemas import CONFLUENT_API
from contract.kafka.topics import events
from contract.table.debezium_names import field_name
from contract.table.table import Table
from riada_stream.runtime.halt import HaltError
from riada_stream.source.key import compares_bytes
from riada_stream.source.schemas import Schemas

TIMEOUT_S = 10
# The job asks only for the smallest of a batch's unknown ids, because the registry numbers its
# schemas from 1 and a flood of messages may name any number.
MAX_IDS = 100

Answer = Any  # JSON of the registry


class RegistryUnavailableError(Exception):
    """The registry gave no answer about a schema. This is an outage, not an invalid event."""

    def __init__(self, url: str, cause: str) -> None:
        super().__init__(f"schema-registry: {url}: {cause}")


class UnknownColumnError(HaltError):
    """The table has columns that this release does not know. It would drop their values."""

    def __init__(self, table: Table, names: Iterable[str]) -> None:
        columns = ", ".join(sorted(names))
        super().__init__(
            f"PostgreSQL's table {table.schema}.{table.relation} has a column that this release "
            f"does not know: {columns}. Add it to tables/{table.name}.toml, in [columns] or, if it "
            "is not to be delivered, in not_delivered; then run make deploy-dags. The rows wait on "
            "the topic"
        )


class Registry:
    """Client of the Confluent API, with a table's schemas fetched so far: id → Avro schema (JSON
    text). `keys` is empty for a table whose keys need no decoding.

    `unknown_columns`: id → the columns of a schema of the table that this release does not know.
    Such a schema is not in `schemas`: its events must wait for a release that knows the columns.
    """

    def __init__(self, url: str, table: Table) -> None:
        self._base = url.removesuffix(CONFLUENT_API) + CONFLUENT_API
        self._table = table
        self._values: dict[int, str] = {}
        self._keys: dict[int, str] = {}
        self.unknown_columns: dict[int, tuple[str, ...]] = {}

    @property
    def schemas(self) -> Schemas:
        return Schemas(dict(self._values), dict(self._keys))

    def fetch_subjects(self) -> None:
        """Fetches every version of the table's subjects, so that old events need no request later.
        Raises RegistryUnavailableError."""
        for answer in self._versions(events(self._table).value_subject):
            if names := unknown_columns(self._table, answer["schema"]):
                self.unknown_columns[answer["id"]] = names
                self._values.pop(answer["id"], None)
            else:
                self._keep(answer["id"], answer)
        if not compares_bytes(self._table):
            for answer in self._versions(events(self._table).key_subject):
                self._keys[answer["id"]] = answer["schema"]

    def fetch(self, values: Iterable[int], keys: Iterable[int] = ()) -> set[int]:
        """Fetches schemas of values by id, and those of keys from their subject. Returns the ids of
        those that are Avro and whose columns are all known. Raises RegistryUnavailableError."""
        fetched, known_keys = set(), set(self._keys)
        for schema_id in sorted(values)[:MAX_IDS]:
            answer = self._get(f"/schemas/ids/{schema_id}")
            if answer is not None and self._keep(schema_id, answer):
                fetched.add(schema_id)
        if fetched or keys:
            self.fetch_subjects()  # an id does not name its schema's subject
        return (fetched - self.unknown_columns.keys()) | (self._keys.keys() - known_keys)

    def _versions(self, subject: str) -> Iterator[Answer]:
        path = f"/subjects/{quote(subject, safe='')}/versions"
        for version in self._get(path) or []:
            answer = self._get(f"{path}/{version}")
            if answer is not None:
                yield answer

    def _keep(self, schema_id: int, answer: Answer) -> bool:
        if answer.get("schemaType", "AVRO") != "AVRO":
            return False
        self._values[schema_id] = answer["schema"]
        return True

    def _get(self, path: str) -> Answer:
        """The answer to a GET request; None for 404."""
        try:
            with urlopen(self._base + path, timeout=TIMEOUT_S) as response:
                return json.load(response)
        except HTTPError as error:
            if error.code == HTTPStatus.NOT_FOUND:
                return None
            raise RegistryUnavailableError(self._base + path, f"HTTP {error.code}") from error
        except (URLError, OSError, ValueError) as error:
            raise RegistryUnavailableError(self._base + path, str(error)) from error


def unknown_columns(table: Table, schema: str) -> tuple[str, ...]:
    """A writer's fields that are not columns. Debezium's own fields begin with two underscores."""
    parsed = json.loads(schema)
    fields = parsed.get("fields", []) if isinstance(parsed, dict) else []
    names = (field["name"] for field in fields)
    known = {field_name(name) for name in (*table.names, *table.not_delivered)}
    return tuple(name for name in names if name not in known and not name.startswith("__"))
