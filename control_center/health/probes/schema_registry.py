"""The Schema Registry: does it hold the subject, with the compatibility level of the contract?"""

from __future__ import annotations

from dataclasses import replace

from contract.health.details.schema_registry import SchemaRegistryDetails
from contract.health.result import ProbeResult
from contract.kafka.schemas import COMPATIBILITY
from control_center.clients.clients import Clients
from control_center.clients.http import Http
from control_center.config import SUBJECT
from control_center.health.outcome import Outcome

OUTCOME = Outcome("schema-registry", "schema-registry")


def compatibility(http: Http, url: str) -> str:
    """The level in force for the subject: its own level, otherwise the global level."""
    answer = http.json(f"{url}/config/{SUBJECT}", params={"defaultToGlobal": "true"})
    return str(answer["compatibilityLevel"])


def probe(clients: Clients) -> ProbeResult:
    url = clients.settings.schema_registry_url
    details = SchemaRegistryDetails(SUBJECT, compatibility(clients.http, url))
    latest = clients.http.request("GET", f"{url}/subjects/{SUBJECT}/versions/latest")
    if latest.is_success:
        schema = latest.json()
        details = replace(details, version=schema["version"], id=schema["id"])
    return evaluate(details, latest.status_code)


def evaluate(details: SchemaRegistryDetails, status: int) -> ProbeResult:
    """`status`: the HTTP status of the request for the newest schema."""
    level = details.compatibility
    if level != COMPATIBILITY:
        return OUTCOME.fail(
            f"compatibility is {level}, not {COMPATIBILITY}: set it to {COMPATIBILITY}", details
        )
    if status == 404:
        return OUTCOME.warn("no schema yet: the first person brings it", details)
    if details.version is None:
        return OUTCOME.fail(f"{OUTCOME.component}: answers {status}", details)
    return OUTCOME.ok(f"{SUBJECT} version {details.version}, {level}", details)
