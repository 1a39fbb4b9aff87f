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
    ring has no such member. `unrepaired`: nodes that must be repaired before another one joins.
    `factor`: replicas of each row."""

    replaces: str = ""
    unrepaired: tuple[str, ...] = ()
    factor: int = 1


@dataclass(frozen=True)
class Minority:
    """The node serves, but too many others do not: no quorum has every row. `replaces`: as of
    Member, as far as this node knows. `silent`: the members that do not answer."""

    replaces: str = ""
    silent: tuple[str, ...] = ()


Answer = Empty | Silent | Member | Minority


@dataclass(frozen=True)
class Start:
    """Start Cassandra with these seeds. `replace`: the address of a member that this node takes the
    place of; "": it joins as a new member. `factor`: replicas of each row that it gets; 0: nobody
    can say, or there are no rows yet."""

    seeds: tuple[str, ...]
    replace: str = ""
    factor: int = 0


@dataclass(frozen=True)
class Wait:
    """`reason`: a sentence."""

    reason: str


# Takes the place of a member although no quorum has every row (docker/cassandra/Dockerfile).
COMMAND = "replace-without-quorum"
PROJECT = "riada"


def decide(
    host: str,
    before: str,
    answers: Mapping[str, Answer],
    is_forced: bool = False,
    project: str = PROJECT,
) -> Start | Wait:
    """`before`: the node that joins before this one, "" for the first. `answers`: by the other
    nodes that this one knows, `before` included. `is_forced`: an operator ran COMMAND. `project`:
    of the installation, whose containers it prefixes."""
    members = {name: answer for name, answer in answers.items() if isinstance(answer, Member)}
    serving, factor = tuple(members), min((each.factor for each in members.values()), default=0)
    if replaces := next((each.replaces for each in members.values() if each.replaces), ""):
        return Start(serving, replaces, factor)
    minority = {name: answer for name, answer in answers.items() if isinstance(answer, Minority)}
    if minority and not members:
        container = f"{project}-{host.partition('.')[0]}"
        return _without_quorum(container, minority, is_forced)
    if before:
        answer = answers[before]
        if not isinstance(answer, Member):
            return Wait(f"{before} joins before it and does not serve yet")
        if answer.unrepaired:
            return Wait(f"{answer.unrepaired[0]} repairs its replicas")
        return Start(serving, "", factor)
    if members:
        return Start(serving, "", factor)
    if silent := [name for name, answer in answers.items() if isinstance(answer, Silent)]:
        return Wait(f"{silent[0]} does not answer, and may hold the ring's data")
    return Start((host,))


def _without_quorum(
    container: str, minority: Mapping[str, Minority], is_forced: bool
) -> Start | Wait:
    """The replaced node may get replicas without the newest rows, so a person decides it."""
    first, answer = next(iter(minority.items()))
    if is_forced and answer.replaces:
        return Start(tuple(minority), answer.replaces)
    cause = f"{first} has no quorum, because {' and '.join(answer.silent)} do not serve"
    if not answer.replaces:
        return Wait(f"{cause}. Start these members, or replace them first")
    return Wait(
        f"{cause}. If they only stopped, start them. If their disks are lost, too, run "
        f"docker exec {container} {COMMAND} on one of them, and make repair "
        'after that (docs/recovery.md, "Most replicas lost")'
    )
