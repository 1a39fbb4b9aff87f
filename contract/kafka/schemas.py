"""How Riada uses the Schema Registry."""

from __future__ import annotations

CONFLUENT_API = "/apis/ccompat/v7"  # the path of the API that stock clients speak
COMPATIBILITY = "BACKWARD"  # the global level: a new schema must read what the previous one wrote
