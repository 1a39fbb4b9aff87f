"""Schemas that the registry comes to know."""

from __future__ import annotations

import json

from cli.http import call
from tests.harness.platform import Platform


def register(platform: Platform, schema: object, subject: str = "mended-value") -> int:
    """The schema's id; the registry numbers its schemas one after the other."""
    url = f"{platform.here.url('schema-registry')}/apis/ccompat/v7/subjects/{subject}/versions"
    return call("POST", url, {"schema": json.dumps(schema), "schemaType": "AVRO"})["id"]
