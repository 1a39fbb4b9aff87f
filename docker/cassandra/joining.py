"""How a node with an empty disk starts, as a function of what the other nodes answer.

A node that is its own seed does not bootstrap: it would serve empty replicas. So only the first
node of a ring that does not exist yet is its own seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Empty:
    """The node waits with an empty disk, too."""


@dataclass(frozen=True)
class Silent:
    """The node does not answer."""


@dataclass(frozen=True)
class Member:
    """The node serves. `replaces`: the address of the member that the asking node was, "" if the
    ring has no such member. `unrepaired`: nodes that must be repaired before another one joins."""

    replaces: str = ""
    unrepaired: tuple[str, ...] = ()


Answer = Empty | Silent | Member


@dataclass(frozen=True)
class Start:
    """Start Cassandra with these seeds. `replace`: the address of a member that this node takes the
    place of; "": it joins as a new member."""

    seeds: tuple[str, ...]
    replace: str = ""


@dataclass(frozen=True)
class Wait:
    """`reason`: a sentence."""

    reason: str


def decide(host: str, before: str, answers: Mapping[str, Answer]) -> Start | Wait:
    """`before`: the node that joins before this one, "" for the first. `answers`: by the other
    nodes that this one knows, `before` included."""
    serving = tuple(name for name, answer in answers.items() if isinstance(answer, Member))
    for answer in answers.values():
        if isinstance(answer, Member) and answer.replaces:
            return Start(serving, answer.replaces)
    if before:
        answer = answers[before]
        if not isinstance(answer, Member):
            return Wait(f"{before} joins before it and does not serve yet")
        if answer.unrepaired:
            return Wait(f"{answer.unrepaired[0]} repairs its replicas")
        return Start(serving)
    if serving:
        return Start(serving)
    if silent := [name for name, answer in answers.items() if isinstance(answer, Silent)]:
        return Wait(f"{silent[0]} does not answer, and may hold the ring's data")
    return Start((host,))
