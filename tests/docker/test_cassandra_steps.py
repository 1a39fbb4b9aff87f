"""The steps of a node to more replicas, and how a node with an empty disk starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from contract.stores.cassandra.nodes import Node
from docker.cassandra import joining
from docker.cassandra.joining import COMMAND, Empty, Member, Minority, Silent, Start, decide
from docker.cassandra.steps import Clean, Done, Raise, Register, Repair, Ring, Wait, next_step

IDS = [UUID(int=number) for number in range(6)]
ALL_ANSWER = {IDS[number]: "" for number in (1, 2, 3)}


def node(number: int, repaired: int, *cleaned: int) -> Node:
    return Node(
        f"cassandra-{number}", IDS[number], repaired, frozenset(IDS[member] for member in cleaned)
    )


def nodes(*rows: Node) -> dict[str, Node]:
    return {row.host: row for row in rows}


# Three nodes that were one: nodes 2 and 3 have joined, every row has one replica.
GROWN = Ring(
    host="cassandra-1",
    host_id=IDS[1],
    is_leader=True,
    is_new=False,
    joined_with=0,
    members=ALL_ANSWER,
    factor=1,
    wanted=3,
    nodes=nodes(node(1, 1), node(2, 1), node(3, 1)),
)


def seen_by(ring: Ring, number: int) -> Ring:
    host = f"cassandra-{number}"
    return replace(ring, host=host, host_id=IDS[number], is_leader=number == 1)


def test_replicas_rise_one_by_one_and_are_repaired_in_between() -> None:
    """A quorum then always has a replica with the row."""
    ring, taken = GROWN, []
    while True:
        acting = {number: next_step(seen_by(ring, number)) for number in (1, 2, 3)}
        steps_taken = {n: step for n, step in acting.items() if not isinstance(step, Wait)}
        if all(isinstance(step, Done) for step in acting.values()):
            break
        [(number, step)] = steps_taken.items()
        taken.append((number, type(step).__name__))
        if isinstance(step, Raise):
            ring = replace(ring, factor=step.factor)
        elif isinstance(step, Repair):
            assert not step.every_range
            ring = replace(ring, nodes={**ring.nodes, step.node.host: step.node})
    repairs = [(number, "Repair") for number in (1, 2, 3)]
    assert taken == [(1, "Raise"), *repairs, (1, "Raise"), *repairs]
    assert ring.factor == 3


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda r: replace(r, members={IDS[1]: "", IDS[2]: ""}), "2 of at least 3 nodes"),
        (lambda r: replace(r, members={**ALL_ANSWER, IDS[3]: "x is away"}), "x is away"),
        (lambda r: seen_by(r, 2), "the first node raises the replication from 1 to 3"),
        (lambda r: replace(r, nodes=nodes(node(1, 1), node(2, 1))), "not written its row"),
        (
            lambda r: replace(r, factor=2, nodes=nodes(node(1, 2), node(2, 1), node(3, 1))),
            "cassandra-2 rep",
        ),
        (lambda r: replace(r, factor=2, members={**ALL_ANSWER, IDS[3]: "x is away"}), "x is away"),
    ],
)
def test_it_waits(change: Callable[[Ring], Ring], reason: str) -> None:
    step = next_step(change(GROWN))
    assert isinstance(step, Wait) and reason in step.reason


COMPLETE = replace(
    GROWN, factor=3, nodes=nodes(*(node(number, 3, 1, 2, 3) for number in (1, 2, 3)))
)


def test_a_member_that_left_delays_nothing() -> None:
    ring = replace(COMPLETE, nodes={**COMPLETE.nodes, **nodes(node(5, 1))})
    assert next_step(ring) == Done()


def test_after_another_node_has_joined_the_others_remove_its_rows() -> None:
    ring = replace(
        COMPLETE,
        members={**ALL_ANSWER, IDS[4]: ""},
        nodes={**COMPLETE.nodes, **nodes(node(4, 3, 1, 2, 3, 4))},
    )
    assert next_step(ring) == Clean(node(1, 3, 1, 2, 3, 4))
    assert next_step(seen_by(ring, 4)) == Done()


def test_rows_are_removed_after_the_repair_only() -> None:
    ring = replace(
        COMPLETE,
        members={**ALL_ANSWER, IDS[4]: ""},
        nodes={**COMPLETE.nodes, **nodes(node(4, 0, 1, 2, 3, 4))},
    )
    assert isinstance(next_step(ring), Wait)


def test_a_first_row() -> None:
    """Data of a release without these rows counts as not repaired."""
    alone = replace(GROWN, members={IDS[1]: ""}, factor=3, nodes={})
    assert next_step(replace(alone, is_new=True)) == Register(node(1, 3, 1))
    assert next_step(alone) == Register(node(1, 1))


def test_a_node_that_joins_complete_replicas_has_complete_ones() -> None:
    joined = replace(seen_by(COMPLETE, 3), is_new=True, nodes=nodes(node(1, 3), node(2, 3)))
    joined = replace(joined, joined_with=3)
    assert next_step(joined) == Register(node(3, 3, 1, 2, 3))
    unrepaired = replace(joined, nodes=nodes(node(1, 3), node(2, 1)))
    assert next_step(unrepaired) == Register(node(3, 0, 1, 2, 3))


def test_a_node_that_joined_while_replication_rose_compares_every_replica() -> None:
    """It got the rows of which it was a replica when it began, and the others have repaired since
    then."""
    grown = replace(GROWN, factor=2, members={**ALL_ANSWER, IDS[5]: ""})
    grown = replace(grown, nodes=nodes(*(node(number, 2) for number in (1, 2, 3))))
    joined = replace(seen_by(grown, 5), is_new=True, joined_with=1)
    assert next_step(joined) == Register(node(5, 0, 1, 2, 3, 5))
    assert next_step(replace(joined, joined_with=2)) == Register(node(5, 2, 1, 2, 3, 5))


def test_after_its_disk_was_lost_a_node_compares_every_replica() -> None:
    replaced = replace(seen_by(COMPLETE, 2), is_new=True)  # at its old address it keeps its id
    assert next_step(replaced) == Register(node(2, 0, 1, 2, 3))
    ring = replace(COMPLETE, nodes={**COMPLETE.nodes, **nodes(node(2, 0, 1, 2, 3))})
    assert next_step(seen_by(ring, 2)) == Repair(True, node(2, 3, 1, 2, 3))
    assert isinstance(next_step(ring), Wait)


SERVES = Member()
FIRST = Start(("cassandra-1",))
JOINS_NEXT = Start(("cassandra-1",), factor=1)


@pytest.mark.parametrize(
    ("host", "before", "answers", "expected"),
    [
        # a new ring, of one node or of three
        ("cassandra-1", "", {}, FIRST),
        ("cassandra-1", "", {"cassandra-2": Empty(), "cassandra-3": Empty()}, FIRST),
        ("cassandra-2", "cassandra-1", {"cassandra-1": SERVES, "cassandra-3": Empty()}, JOINS_NEXT),
        # the disk of the first node is lost: it is its own seed no longer
        (
            "cassandra-1",
            "",
            {"cassandra-2": Member("10.0.0.1"), "cassandra-3": Silent()},
            Start(("cassandra-2",), "10.0.0.1", 1),
        ),
        # another one: it does not wait for the node before it
        (
            "cassandra-2",
            "cassandra-1",
            {"cassandra-1": Silent(), "cassandra-3": Member("10.0.0.2")},
            Start(("cassandra-3",), "10.0.0.2", 1),
        ),
        # the first node left the ring, and comes back
        (
            "cassandra-1",
            "",
            {"cassandra-2": SERVES, "cassandra-3": SERVES},
            Start(("cassandra-2", "cassandra-3"), factor=1),
        ),
    ],
)
def test_an_empty_disk(
    host: str, before: str, answers: dict[str, joining.Answer], expected: Start
) -> None:
    assert decide(host, before, answers) == expected


@pytest.mark.parametrize(
    ("before", "answers", "reason"),
    [
        ("", {"cassandra-2": Empty(), "cassandra-3": Silent()}, "cassandra-3 does not answer"),
        ("cassandra-1", {"cassandra-1": Empty()}, "cassandra-1 joins before it"),
        ("cassandra-1", {"cassandra-1": Silent(), "cassandra-3": SERVES}, "cassandra-1 joins"),
        ("cassandra-1", {"cassandra-1": Member("", ("cassandra-1",))}, "cassandra-1 repairs"),
    ],
)
def test_an_empty_disk_waits(before: str, answers: dict[str, joining.Answer], reason: str) -> None:
    decision = decide("cassandra-2" if before else "cassandra-1", before, answers)
    assert isinstance(decision, joining.Wait) and reason in decision.reason


LONE: dict[str, joining.Answer] = {
    "cassandra-1": Minority("10.0.0.2", ("cassandra-2", "cassandra-3")),
    "cassandra-3": Empty(),
}


def test_most_replicas_are_lost() -> None:
    """The node names the command, and replaces its member when an operator has run it."""
    decision = decide("cassandra-2", "cassandra-1", LONE, project="mine")
    assert isinstance(decision, joining.Wait)
    assert decision.reason.startswith(
        "cassandra-1 has no quorum, because cassandra-2 and cassandra-3 do not serve. "
    )
    assert f"run docker exec mine-cassandra-2 {COMMAND} on" in decision.reason
    forced = decide("cassandra-2", "cassandra-1", LONE, is_forced=True)
    assert forced == Start(("cassandra-1",), "10.0.0.2")


def test_the_first_node_is_lost_with_most_replicas() -> None:
    last = Minority("10.0.0.1", ("cassandra-1", "cassandra-2"))
    answers: dict[str, joining.Answer] = {"cassandra-2": Empty(), "cassandra-3": last}
    assert isinstance(decide("cassandra-1", "", answers), joining.Wait)
    assert decide("cassandra-1", "", answers, True) == Start(("cassandra-3",), "10.0.0.1")


def test_a_new_node_does_not_join_without_a_quorum() -> None:
    lone = {"cassandra-3": Minority("", ("cassandra-1", "cassandra-2"))}
    decision = decide("cassandra-4", "cassandra-3", lone, is_forced=True)
    assert isinstance(decision, joining.Wait) and "replace them first" in decision.reason


def test_with_a_quorum_the_command_changes_nothing() -> None:
    answers = {"cassandra-1": Member("10.0.0.2"), "cassandra-3": LONE["cassandra-1"]}
    expected = Start(("cassandra-1",), "10.0.0.2", 1)
    assert decide("cassandra-2", "cassandra-1", answers) == expected
