"""A message whose schema the registry does not know, and the registration of that schema."""

from __future__ import annotations

import json
import subprocess
import uuid
from dataclasses import dataclass
from typing import Any

from cli.clients.http import call
from cli.host.docker import docker
from cli.host.errors import CliError
from cli.installations import services
from cli.installations.local import Installation
from contract.jobs.tables import TableEntry
from contract.kafka.events import PREFIX_LENGTH, prefix, schema_id
from contract.kafka.schemas import CONFLUENT_API
from contract.table import topic_names
from contract.table.debezium_names import table_name

REGISTRY = "schema-registry"
BROKER = "kafka-1"
# Bytes that no message has: they separate key and value, and end the message.
KEY_END, MESSAGE_END = uuid.uuid4().hex, uuid.uuid4().hex


@dataclass(frozen=True)
class Schema:
    """`text`: the schema in JSON, which the registry does not know under this id yet."""

    id: int
    text: str


class UnknownSchema:
    """Copies messages of a table of Riada's own PostgreSQL."""

    def __init__(self, installation: Installation, table: TableEntry) -> None:
        self._installation = installation
        self._topic = f"{topic_names.PREFIX}.{table_name(table.schema, table.relation)}"

    def send_copy(self, partition: int, offset: int) -> Schema:
        """Append a copy of this message, with the id that the registry will give next."""
        key, value = self._read(partition, offset)
        number = schema_id(value)
        if number is None:
            raise CliError(f"message {partition}:{offset} is not Avro", "give another KEY", BROKER)
        known = _registry(self._installation, "GET", f"/schemas/ids/{number}")
        # The registry numbers its schemas one after the other, so a new one shows the next id.
        marker = {"type": "record", "name": f"Marker{uuid.uuid4().hex}", "fields": []}
        schema = Schema(_register(self._installation, marker) + 1, known["schema"])
        message = key + KEY_END.encode() + prefix(schema.id) + value[PREFIX_LENGTH:]
        self._kcat("-P", "-p", f"{partition}", "-K", KEY_END, "-D", MESSAGE_END, sent=message)
        return schema

    @staticmethod
    def register(installation: Installation, number: int, text: str) -> None:
        """Register the schema under this id."""
        given = _register(installation, json.loads(text) | {"doc": f"example {uuid.uuid4()}"})
        if given != number:
            cause = f"the registry gave the schema id {given}, because {number} is taken"
            raise CliError(cause, "run make dead-letter with another KEY", REGISTRY)

    def _read(self, partition: int, offset: int) -> tuple[bytes, bytes]:
        """Key and value of a message."""
        place = ("-p", f"{partition}", "-o", f"{offset}", "-c", "1")
        message = self._kcat("-C", "-q", *place, "-D", "", "-f", f"%k{KEY_END}%s")
        key, _, value = message.partition(KEY_END.encode())
        return key, value

    def _kcat(self, *arguments: str, sent: bytes = b"") -> bytes:
        container = services.containers(self._installation)[BROKER]
        command = [docker(), "exec", "-i", container, "kcat", "-b", "localhost:9092"]
        done = subprocess.run(
            [*command, "-t", self._topic, *arguments], input=sent, capture_output=True, timeout=60
        )
        if done.returncode:
            raise CliError(done.stderr.decode(errors="replace").strip(), "make status", BROKER)
        return done.stdout


def _register(installation: Installation, schema: object) -> int:
    body = {"schema": json.dumps(schema), "schemaType": "AVRO"}
    path = f"/subjects/{_subject()}/versions"
    return int(_registry(installation, "POST", path, body)["id"])


def _subject() -> str:
    """A new one: the schemas of a subject must be compatible."""
    return f"example-{uuid.uuid4()}-value"


def _registry(installation: Installation, method: str, path: str, body: object = None) -> Any:
    return call(method, installation.url(REGISTRY) + CONFLUENT_API + path, body, component=REGISTRY)
