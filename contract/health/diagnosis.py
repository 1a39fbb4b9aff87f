"""The root cause of a fault."""

from __future__ import annotations

from dataclasses import dataclass

from contract.json_record import JsonRecord


@dataclass(frozen=True)
class Diagnosis(JsonRecord):
    """`stage` is the probe's name, `component` the service to act on, `cause` a sentence."""

    stage: str
    component: str
    cause: str

    def __str__(self) -> str:
        return with_component(self.component, self.cause)


def with_component(component: str, summary: str) -> str:
    """ "kafka-1: has no leader". A summary that begins with the component stays as it is."""
    return summary if summary.startswith(component) else f"{component}: {summary}"
