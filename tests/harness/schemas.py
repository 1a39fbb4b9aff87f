"""Messages whose schema the registry does not know yet: dead letters until it comes to know it."""

from __future__ import annotations

import json
import re
import uuid

from cli.clients.http import call
from tests.harness.kafka import TOPIC, records
from tests.harness.platform import Platform


class UnknownSchema:
    """The id that the registry will give next, and a person's message that names it."""

    def __init__(self, platform: Platform) -> None:
        self._registry = f"{platform.here.url('schema-registry')}/apis/ccompat/v7"
        self.key, value = _newest(platform)
        known = f"{self._registry}/schemas/ids/{int.from_bytes(value[1:5], 'big')}"
        self._schema = json.loads(call("GET", known)["schema"])
        # The registry numbers its schemas one after the other: a new one tells the next number.
        marker = {"type": "record", "name": f"Marker{uuid.uuid4().hex}", "fields": []}
        self.id = self._register(marker, f"marker-{uuid.uuid4().hex}-value") + 1
        self.value = b"\0" + self.id.to_bytes(4, "big") + value[5:]

    @property
    def version(self) -> int:
        """Of the message that all are made of."""
        return int(re.findall(rb"\d{15,19}", self.value)[-1])

    def message_of(self, person: str) -> tuple[bytes, bytes]:
        """The same message with another person's id."""
        old, new = self.key[-36:], person.encode()  # the UUID's text is the last of a key's Avro
        return self.key.replace(old, new), self.value.replace(old, new, 1)

    def become_known(self) -> None:
        mended = self._schema | {"doc": f"mended {uuid.uuid4()}"}
        assert self._register(mended, "mended-value") == self.id

    def _register(self, schema: object, subject: str) -> int:
        """The schema's id."""
        body = {"schema": json.dumps(schema), "schemaType": "AVRO"}
        return call("POST", f"{self._registry}/subjects/{subject}/versions", body)["id"]


def _newest(platform: Platform) -> tuple[bytes, bytes]:
    """The newest message of a person whom PostgreSQL holds: of others none is sent again."""
    held = {str(row[0]) for row in platform.sql("SELECT id FROM public.users")}
    found = [
        (message.timestamp()[1], key, value)
        for message in records(platform, TOPIC)
        if (key := message.key())
        and key[-36:].decode(errors="replace") in held
        and (value := message.value())
        and value[:1] == b"\0"
    ]
    _, key, value = max(found, key=lambda one: one[0])
    return key, value
