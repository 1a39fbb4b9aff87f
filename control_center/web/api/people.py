"""One person: the path of the newest version through the stages, and all versions."""

from __future__ import annotations

from fastapi import APIRouter

from contract.stream.trace import PersonTrace, PersonVersions
from control_center.pipeline import trace, versions
from control_center.web.api.dependencies import Context
from control_center.web.inputs import PersonId, PersonKey

router = APIRouter()


@router.get("/person/{key}", name="find person")
def get_person(key: PersonKey, context: Context) -> PersonTrace:
    """The path of the person with this id or email address."""
    return trace.trace_person(context.clients, key)


@router.get("/versions/{key}", name="find versions")
def get_versions(key: PersonId) -> PersonVersions:
    """Takes seconds, because it reads the topic. People's data is masked for every caller."""
    return versions.versions(key, None)
