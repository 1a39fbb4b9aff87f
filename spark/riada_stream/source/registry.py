"""Writers' schemas by their id in the registry.

A schema never changes under its id, so a schema that was fetched is kept. The job asks again for an
unknown id in the next batch, because a producer may register it in the meantime.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from contract.kafka.schemas import CONFLUENT_API
from contract.table.columns import NAMES, NOT_DELIVERED
from riada_stream.runtime.halt import HaltError

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

    def __init__(self, names: Iterable[str]) -> None:
        columns = ", ".join(sorted(names))
        super().__init__(
            f"PostgreSQL's table users has a column that this release does not know: {columns}. "
            "Add it to COLUMNS in contract/table/columns.py and run make up; or, if it is not to "
            "be delivered, to NOT_DELIVERED there and run make deploy-dags. The rows wait on the "
            "topic"
        )


class Registry:
    """Client of the Confluent API, with the schemas fetched so far: id → Avro schema (JSON text).

    `unknown_columns`: id → the columns of a schema of the table that this release does not know.
    Such a schema is not in `schemas`: its events must wait for a release that knows the columns.
    """

    def __init__(self, url: str) -> None:
        self._base = url.removesuffix(CONFLUENT_API) + CONFLUENT_API
        self._subject: str | None = None
        self.schemas: dict[int, str] = {}
        self.unknown_columns: dict[int, tuple[str, ...]] = {}

    def fetch_subject(self, subject: str) -> None:
        """Fetches every version of the table's subject, so that old events need no request later.
        Raises RegistryUnavailableError."""
        self._subject = subject
        for version in self._get(f"/subjects/{subject}/versions") or []:
            answer = self._get(f"/subjects/{subject}/versions/{version}")
            if answer is None:
                continue
            if names := unknown_columns(answer["schema"]):
                self.unknown_columns[answer["id"]] = names
                self.schemas.pop(answer["id"], None)
            else:
                self._keep(answer["id"], answer)

    def fetch(self, ids: Iterable[int]) -> set[int]:
        """Fetches schemas by id. Returns the ids of those that are Avro and whose columns are all
        known. Raises RegistryUnavailableError."""
        fetched = set()
        for schema_id in sorted(ids)[:MAX_IDS]:
            answer = self._get(f"/schemas/ids/{schema_id}")
            if answer is not None and self._keep(schema_id, answer):
                fetched.add(schema_id)
        if fetched and self._subject:
            self.fetch_subject(self._subject)  # an id does not name its schema's subject
        return fetched - self.unknown_columns.keys()

    def _keep(self, schema_id: int, answer: Answer) -> bool:
        if answer.get("schemaType", "AVRO") != "AVRO":
            return False
        self.schemas[schema_id] = answer["schema"]
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


def unknown_columns(schema: str) -> tuple[str, ...]:
    """A writer's fields that are not columns. Debezium's own fields begin with two underscores."""
    parsed = json.loads(schema)
    fields = parsed.get("fields", []) if isinstance(parsed, dict) else []
    names = (field["name"] for field in fields)
    known = {*NAMES, *NOT_DELIVERED}
    return tuple(name for name in names if name not in known and not name.startswith("__"))
