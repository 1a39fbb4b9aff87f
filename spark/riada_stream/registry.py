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

TIMEOUT_S = 10


class RegistryDown(Exception):
    """The registry gave no answer about a schema. That is an outage, not a bad event."""


class Registry:
    """Client of the Confluent API, with the schemas seen so far: id → Avro schema (JSON text)."""

    def __init__(self, url: str) -> None:
        self._base = url.removesuffix("/apis/ccompat/v7") + "/apis/ccompat/v7"
        self.schemas: dict[int, str] = {}

    def learn_subject(self, subject: str) -> None:
        """Fetches every version of a subject, so that old events cost no look-up later."""
        for version in self._get(f"/subjects/{subject}/versions") or []:
            found = self._get(f"/subjects/{subject}/versions/{version}")
            if found is not None:
                self._keep(found["id"], found)

    def learn(self, ids: Iterable[int]) -> set[int]:
        """Fetches schemas by id; returns the ids that were found and are Avro."""
        found = set()
        for schema_id in ids:
            answer = self._get(f"/schemas/ids/{schema_id}")
            if answer is not None and self._keep(schema_id, answer):
                found.add(schema_id)
        return found

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
