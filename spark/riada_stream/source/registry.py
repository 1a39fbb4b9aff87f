"""Writers' schemas by their id in the registry.

A schema never changes under its id, so what was found is kept for good. An id that the registry
does not know is asked for again in the next batch: a producer may register it meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from http import HTTPStatus
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from contract.table.columns import NAMES, NOT_DELIVERED
from riada_stream.runtime.halt import HaltError

TIMEOUT_S = 10
MOST_IDS = 100
"""So many unknown ids of a batch are asked for, the smallest: the registry counts its schemas up,
and a flood of messages may name any number."""


class RegistryDown(Exception):
    """The registry gave no answer about a schema. That is an outage, not a bad event."""


class UnknownColumnError(HaltError):
    """The table has columns that this release does not know: their values would be dropped."""

    def __init__(self, names: Iterable[str]) -> None:
        columns = ", ".join(sorted(names))
        super().__init__(
            f"PostgreSQL's table users has a column that this release does not know: {columns}. "
            "Add it to COLUMNS in contract/table/columns.py and run make up; or, if it is not to "
            "be delivered, to NOT_DELIVERED there and run make deploy-dags. The rows wait on the "
            "topic"
        )


class Registry:
    """Client of the Confluent API, with the schemas seen so far: id → Avro schema (JSON text).

    `unknown_columns`: id → what a schema of the table has and this release does not know. Such a
    schema is not among `schemas`: its events must wait for the release that knows it.
    """

    def __init__(self, url: str) -> None:
        self._base = url.removesuffix("/apis/ccompat/v7") + "/apis/ccompat/v7"
        self._subject: str | None = None
        self.schemas: dict[int, str] = {}
        self.unknown_columns: dict[int, tuple[str, ...]] = {}

    def learn_subject(self, subject: str) -> None:
        """Fetches every version of the table's subject: old events cost no look-up later."""
        self._subject = subject
        for version in self._get(f"/subjects/{subject}/versions") or []:
            found = self._get(f"/subjects/{subject}/versions/{version}")
            if found is None:
                continue
            if names := unknown_columns(found["schema"]):
                self.unknown_columns[found["id"]] = names
                self.schemas.pop(found["id"], None)
            else:
                self._keep(found["id"], found)

    def learn(self, ids: Iterable[int]) -> set[int]:
        """Fetches schemas by id; returns the ids that were found and are Avro."""
        found = set()
        for schema_id in sorted(ids)[:MOST_IDS]:
            answer = self._get(f"/schemas/ids/{schema_id}")
            if answer is not None and self._keep(schema_id, answer):
                found.add(schema_id)
        if found and self._subject:
            self.learn_subject(self._subject)  # an id does not say whose schema it is
        return found - self.unknown_columns.keys()

    def _keep(self, schema_id: int, answer: dict) -> bool:
        if answer.get("schemaType", "AVRO") != "AVRO":
            return False
        self.schemas[schema_id] = answer["schema"]
        return True

    def _get(self, path: str):
        """The answer to a GET, None for 404."""
        try:
            with urlopen(self._base + path, timeout=TIMEOUT_S) as response:
                return json.load(response)
        except HTTPError as error:
            if error.code == HTTPStatus.NOT_FOUND:
                return None
            raise RegistryDown(f"{self._base}{path}: HTTP {error.code}") from error
        except (URLError, OSError, ValueError) as error:
            raise RegistryDown(f"{self._base}{path}: {error}") from error


def unknown_columns(schema: str) -> tuple[str, ...]:
    """A writer's fields that are not columns; Debezium's own begin with two underscores."""
    parsed = json.loads(schema)
    fields = parsed.get("fields", []) if isinstance(parsed, dict) else []
    names = (field["name"] for field in fields)
    known = {*NAMES, *NOT_DELIVERED}
    return tuple(name for name in names if name not in known and not name.startswith("__"))
