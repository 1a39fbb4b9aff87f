"""The Avro schemas of a table's topic, and the check of a new schema."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from contract.kafka.topics import events
from control_center.pipeline import schemas
from control_center.web.api.dependencies import Context, TableOfPath

router = APIRouter(prefix="/tables/{table}")


class CheckRequest(BaseModel):
    """An Avro schema in JSON, for a subject; None: the subject of the table's values."""

    model_config = ConfigDict(extra="forbid")
    subject: str | None = None
    text: str = Field(max_length=schemas.LONGEST, alias="schema")


@dataclass(frozen=True)
class SubjectSchemas:
    """The compatibility level in force, and the versions, newest first."""

    compatibility: str
    versions: list[schemas.SchemaVersion]


@router.get("/schemas/{subject}", name="read schemas")
def get_schemas(subject: str, table: TableOfPath, context: Context) -> SubjectSchemas:
    versions = schemas.versions(context.clients, table, subject)
    return SubjectSchemas(schemas.level(context.clients, table, subject), versions)


@router.post("/schemas/check", name="check schema")
def post_check(check: CheckRequest, table: TableOfPath, context: Context) -> schemas.SchemaCheck:
    """Checks whether the schema may be registered. Registers nothing, so a reader may ask."""
    subject = events(table).value_subject if check.subject is None else check.subject
    return schemas.check(context.clients, table, subject, check.text)
