"""Messages whose schema the registry does not know yet: dead letters until it is registered."""

from __future__ import annotations

import json
import re
import uuid

from cli.clients.http import call
from contract.kafka import topics
from contract.table.table import Table
from tests.harness.kafka import Record, records
from tests.harness.platform import Platform
from tests.harness.tables import USERS


class UnknownSchema:
    """The id that the registry will give next, and a message of a table with that id: a copy of the
    newest message of a row that PostgreSQL holds."""

    def __init__(self, platform: Platform, table: Table = USERS) -> None:
        self._registry = f"{platform.installation.url('schema-registry')}/apis/ccompat/v7"
        self.topic = topics.events(table).name
        self.key, value = _newest(platform, table)
        known = f"{self._registry}/schemas/ids/{int.from_bytes(value[1:5], 'big')}"
        self._schema = json.loads(call("GET", known)["schema"])
        # The registry numbers its schemas one after the other, so a new schema shows the next id.
        marker = {"type": "record", "name": f"Marker{uuid.uuid4().hex}", "fields": []}
        self.id = self._register(marker, f"marker-{uuid.uuid4().hex}-value") + 1
        self.value = b"\0" + self.id.to_bytes(4, "big") + value[5:]

    @property
    def version(self) -> int:
        """The version of the message that the others are copies of."""
        return int(re.findall(rb"\d{15,19}", self.value)[-1])

    def message_of(self, id_: str) -> Record:
        """The same message with another row's id."""
        old, new = self.key[-36:], id_.encode()  # the UUID's text is the end of the key's Avro
        return Record(self.key.replace(old, new), self.value.replace(old, new, 1))

    def become_known(self) -> None:
        known = self._schema | {"doc": f"known {uuid.uuid4()}"}
        assert self._register(known, f"known-{self.topic}-value") == self.id

    def _register(self, schema: object, subject: str) -> int:
        """Register a schema and return its id."""
        body = {"schema": json.dumps(schema), "schemaType": "AVRO"}
        return int(call("POST", f"{self._registry}/subjects/{subject}/versions", body)["id"])


def _newest(platform: Platform, table: Table) -> tuple[bytes, bytes]:
    """Key and value of the newest message of a row that PostgreSQL holds.

    Dead letters of other rows are not replayed. Only of users are other rows deleted.
    """
    held = {str(row[0]) for row in platform.sql("SELECT id FROM public.users")}
    candidates = [
        (record.timestamp_ms, record.key, record.value)
        for record in records(platform, topics.events(table).name)
        if record.key and record.value and record.is_avro
        if table is not USERS or record.uuid_key in held
    ]
    _, key, value = max(candidates, key=lambda candidate: candidate[0])
    return key, value
