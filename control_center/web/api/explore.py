"""What the pages show, as JSON: stages, messages, schemas, dead letters, alerts, audit."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field

from contract.kafka import offsets
from control_center.config import DEAD_LETTERS, SUBJECT, TOPIC
from control_center.health.stages import STAGES
from control_center.pipeline import browse, schemas, versions
from control_center.web.api import inputs
from control_center.web.api.answers import answer, fit
from control_center.web.api.security import AuthDependencies
from control_center.web.auth.roles import Principal
from control_center.web.context import AppContext

TopicOffset = Annotated[int | None, Query(ge=0)]


class Schema(BaseModel):
    """An Avro schema in JSON, for a subject."""

    model_config = ConfigDict(extra="forbid")
    subject: str = SUBJECT
    text: str = Field(max_length=schemas.LONGEST, alias="schema")


class Letters(BaseModel):
    """Dead letters as "partition:offset"; null: all."""

    model_config = ConfigDict(extra="forbid")
    letters: list[str] | None = Field(None, max_length=100_000)


def router(callers: AuthDependencies, context: AppContext) -> APIRouter:
    """GETs for readers, POSTs for operators but the check of a schema."""
    api = APIRouter(prefix="/api")
    clients, replay, audit = context.clients, context.replay, context.audit
    reader, operator = Depends(callers.reader), Depends(callers.operator)

    @api.get("/stages/{name}")
    def get_stage(name: str, principal: Principal = reader) -> dict[str, Any]:
        if name not in STAGES:
            raise HTTPException(404, f"there is no stage {name}; stages: {', '.join(STAGES)}")
        return answer(lambda: STAGES[name](clients).to_json())

    @api.post("/connector/restart")
    def post_restart(principal: Principal = operator) -> dict[str, Any]:
        """Up to 30 s: until connector and task run again."""
        return answer(lambda: context.restart_connector(principal).to_json())

    @api.get("/messages")
    def get_messages(
        topic: str = TOPIC,
        partition: TopicOffset = None,
        offset: TopicOffset = None,
        limit: int = Query(browse.SHOWN, ge=1, le=500),
        principal: Principal = reader,
    ) -> dict[str, Any]:
        """Masked, whoever asks."""
        found = fit(
            audit,
            principal,
            "browse messages",
            lambda: browse.browse(clients, topic, partition, offset, limit),
        )
        return {"messages": [one.as_json(False) for one in found]}

    @api.get("/versions/{key}")
    def get_versions(key: str, principal: Principal = reader) -> dict[str, Any]:
        """Seconds: the topic is read. Masked, whoever asks."""
        wanted = fit(audit, principal, "find versions", lambda: inputs.identity(key))
        found = answer(lambda: versions.versions(wanted, None))
        return {"read": found.read, "versions": found.versions}

    @api.get("/schemas/{subject}")
    def get_schemas(subject: str, principal: Principal = reader) -> dict[str, Any]:
        found = fit(audit, principal, "read schemas", lambda: schemas.versions(clients, subject))
        return {"compatibility": answer(lambda: schemas.level(clients, subject)), "versions": found}

    @api.post("/schemas/check")
    def post_check(schema: Schema, principal: Principal = reader) -> dict[str, Any]:
        """Registers nothing."""
        return fit(
            audit,
            principal,
            "check schema",
            lambda: schemas.check(clients, schema.subject, schema.text),
        )

    @api.get("/dead-letters")
    def get_dead_letters(
        limit: int = Query(browse.SHOWN, ge=1, le=500), principal: Principal = reader
    ) -> dict[str, Any]:
        """The newest, masked."""
        found = answer(lambda: browse.browse(clients, DEAD_LETTERS, None, None, limit))
        told = [
            one.as_json(False)
            | {"sent_again": replay.was_sent(offsets.TopicOffset(one.partition, one.offset))}
            for one in found
        ]
        return {"letters": told}

    @api.post("/dead-letters/send")
    def post_send(wanted: Letters, principal: Principal = operator) -> dict[str, Any]:
        places = fit(audit, principal, "send again", lambda: _places(wanted.letters))
        target = "all" if places is None else f"{len(places)} letters"
        return answer(lambda: context.send_again(principal, places, target)).to_json()

    @api.get("/alerts")
    def get_alerts(principal: Principal = reader) -> dict[str, Any]:
        return {"alerts": [one.as_json() for one in answer(clients.prometheus.alerts)]}

    @api.get("/audit")
    def get_audit(
        limit: int = Query(100, ge=1, le=500), principal: Principal = reader
    ) -> dict[str, Any]:
        return {"audit": audit.newest(limit)}

    return api


def _places(letters: list[str] | None) -> list[offsets.TopicOffset] | None:
    return None if letters is None else [offsets.TopicOffset(*inputs.place(one)) for one in letters]
