"""The topic's Avro schemas, and the check of a new schema."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from control_center.config import SUBJECT
from control_center.pipeline import schemas
from control_center.web.api.dependencies import Context

router = APIRouter()


class CheckRequest(BaseModel):
    """An Avro schema in JSON, for a subject."""

    model_config = ConfigDict(extra="forbid")
    subject: str = SUBJECT
    text: str = Field(max_length=schemas.LONGEST, alias="schema")


@dataclass(frozen=True)
class SubjectSchemas:
    """The compatibility level in force, and the versions, newest first."""

    compatibility: str
    versions: list[schemas.SchemaVersion]


@router.get("/schemas/{subject}", name="read schemas")
def get_schemas(subject: str, context: Context) -> SubjectSchemas:
    versions = schemas.versions(context.clients, subject)
    return SubjectSchemas(schemas.level(context.clients, subject), versions)


@router.post("/schemas/check", name="check schema")
def post_check(check: CheckRequest, context: Context) -> schemas.SchemaCheck:
    """Checks whether the schema may be registered. Registers nothing, so a reader may ask."""
    return schemas.check(context.clients, check.subject, check.text)
