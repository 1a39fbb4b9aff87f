"""What the pages show, as JSON: stages, messages, schemas, dead letters, alerts, audit."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field

from control_center.config import DEAD_LETTERS, SUBJECT, TOPIC
from control_center.health.stages import STAGES
from control_center.pipeline import browse, schemas, versions
from control_center.web.api import inputs
from control_center.web.api.answers import answer, fit
from control_center.web.api.security import Callers
from control_center.web.auth.roles import Who
from control_center.web.context import Desk

Place = Annotated[int | None, Query(ge=0)]


class Schema(BaseModel):
    """An Avro schema in JSON, for a subject."""

    model_config = ConfigDict(extra="forbid")
    subject: str = SUBJECT
    text: str = Field(max_length=schemas.LONGEST, alias="schema")


class Letters(BaseModel):
    """Dead letters as "partition:offset"; null: all."""

    model_config = ConfigDict(extra="forbid")
    letters: list[str] | None = Field(None, max_length=100_000)


def router(callers: Callers, desk: Desk) -> APIRouter:
    """GETs for readers, POSTs for operators but the check of a schema."""
    api = APIRouter(prefix="/api")
    engines, resend, audit = desk.engines, desk.resend, desk.audit
    reader, operator = Depends(callers.reader), Depends(callers.operator)

    @api.get("/stages/{name}")
    def get_stage(name: str, who: Who = reader) -> dict[str, Any]:
        if name not in STAGES:
            raise HTTPException(404, f"there is no stage {name}; stages: {', '.join(STAGES)}")
        return answer(lambda: STAGES[name](engines))

    @api.post("/connector/restart")
    def post_restart(who: Who = operator) -> dict[str, Any]:
        """Up to 30 s: until connector and task run again."""
        return answer(lambda: desk.restart_connector(who))

    @api.get("/messages")
    def get_messages(
        topic: str = TOPIC,
        partition: Place = None,
        offset: Place = None,
        limit: int = Query(browse.SHOWN, ge=1, le=500),
        who: Who = reader,
    ) -> dict[str, Any]:
        """Masked, whoever asks."""
        found = fit(
            audit,
            who,
            "browse messages",
            lambda: browse.browse(engines, topic, partition, offset, limit),
        )
        return {"messages": [one.as_json(False) for one in found]}

    @api.get("/versions/{key}")
    def get_versions(key: str, who: Who = reader) -> dict[str, Any]:
        """Seconds: the topic is read. Masked, whoever asks."""
        wanted = fit(audit, who, "find versions", lambda: inputs.identity(key))
        found = answer(lambda: versions.versions(wanted, None))
        return {"read": found.read, "versions": found.versions}

    @api.get("/schemas/{subject}")
    def get_schemas(subject: str, who: Who = reader) -> dict[str, Any]:
        found = fit(audit, who, "read schemas", lambda: schemas.versions(engines, subject))
        return {"compatibility": answer(lambda: schemas.level(engines, subject)), "versions": found}

    @api.post("/schemas/check")
    def post_check(schema: Schema, who: Who = reader) -> dict[str, Any]:
        """Registers nothing."""
        return fit(
            audit, who, "check schema", lambda: schemas.check(engines, schema.subject, schema.text)
        )

    @api.get("/dead-letters")
    def get_dead_letters(
        limit: int = Query(browse.SHOWN, ge=1, le=500), who: Who = reader
    ) -> dict[str, Any]:
        """The newest, masked."""
        found = answer(lambda: browse.browse(engines, DEAD_LETTERS, None, None, limit))
        told = [
            one.as_json(False) | {"sent_again": resend.was_sent((one.partition, one.offset))}
            for one in found
        ]
        return {"letters": told}

    @api.post("/dead-letters/send")
    def post_send(wanted: Letters, who: Who = operator) -> dict[str, Any]:
        places = fit(audit, who, "send again", lambda: _places(wanted.letters))
        target = "all" if places is None else f"{len(places)} letters"
        return answer(lambda: desk.send_again(who, places, target)).as_json()

    @api.get("/alerts")
    def get_alerts(who: Who = reader) -> dict[str, Any]:
        return {"alerts": [one.as_json() for one in answer(engines.prometheus.alerts)]}

    @api.get("/audit")
    def get_audit(limit: int = Query(100, ge=1, le=500), who: Who = reader) -> dict[str, Any]:
        return {"audit": audit.newest(limit)}

    return api


def _places(letters: list[str] | None) -> list[tuple[int, int]] | None:
    return None if letters is None else [inputs.place(one) for one in letters]
