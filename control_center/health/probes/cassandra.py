"""Cassandra: does every node serve, do the nodes form one ring, are the tables readable, and has
every row its replicas?"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from uuid import UUID

from contract.errors import UnreachableError
from contract.health.component import component_of
from contract.health.details.base import NodeStatus
from contract.health.details.cassandra import CassandraDetails
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from contract.stores.cassandra import nodes as ring_nodes
from contract.stores.cassandra.keyspace import KEYSPACE, REPLICATION, factor
from contract.stores.cassandra.table import qualified
from contract.stores.quoting import quoted
from contract.stores.replicas import most_replicas
from contract.stores.tls import CA
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.clients.liveness import ask_all, cassandra_alive
from control_center.health.by_table import Finding, fail, ok, summarize, tables
from control_center.health.encryption import warning
from control_center.health.outcome import Outcome

OUTCOME = Outcome("cassandra", "cassandra-1")
THREADS = 8
MISSING = "its table does not exist: the Spark driver creates it"
# Each node has its own.
CLEAR_TEXT = "SELECT value FROM system_views.settings WHERE name = ?"
CLEAR_TEXT_SETTING = "client_encryption_options.optional"
NAMES = "SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?"


def probe(clients: Clients) -> ProbeResult:
    alive = partial(cassandra_alive, ca=clients.settings.secrets / CA)
    nodes = answers(ask_all(clients.settings.cassandra_hosts, alive))
    if down := without_quorum(nodes, clients.settings.project) or OUTCOME.first_down(
        nodes.nodes, nodes
    ):
        return down
    try:
        local = clients.cassandra.execute("SELECT release_version, host_id FROM system.local").one()
        peers = list(clients.cassandra.execute("SELECT host_id FROM system.peers_v2"))
        known = {row.table_name for row in clients.cassandra.execute(NAMES, (KEYSPACE,))}
        replicas = factor(clients.cassandra.execute(REPLICATION, (KEYSPACE,)).one().replication)
        optional = clients.cassandra.on_each_node(CLEAR_TEXT, (CLEAR_TEXT_SETTING,))
        behind = unrepaired(clients, {row.host_id for row in (local, *peers)}, replicas, known)
    except UnreachableError as error:
        return OUTCOME.error(error, nodes)
    return evaluate(
        replace(
            nodes,
            version=local.release_version,
            members=len(peers) + 1,
            tables=unreadable(clients, clients.tables(), known),
            replicas=replicas,
            wanted=most_replicas(len(nodes.nodes)),
            unrepaired=behind,
            clear_text=any(row and row.value == "true" for row in optional),
        ),
        time.time(),
    )


def without_quorum(details: CassandraDetails, project: str) -> ProbeResult | None:
    """A failure if as many nodes do not serve as most replicas of a row; None otherwise. One whose
    disk was lost cannot replace its member then (docker/cassandra/joining.py)."""
    down = [node for node in details.nodes if not node.serves]
    replicas = most_replicas(len(details.nodes))
    if replicas == 1 or len(down) <= (replicas - 1) // 2:
        return None
    first = down[0]
    return OUTCOME.fail(
        f"{first.node}: {first.answer}; {len(down)} of {len(details.nodes)} nodes do not serve, "
        "so rows have no quorum. Start those that have their data; on one whose disk is lost run "
        f"docker exec {project}-{first.node} replace-without-quorum, then make repair "
        '(docs/recovery.md, "Most replicas lost")',
        details,
        first.node,
    )


def unrepaired(
    clients: Clients, members: Collection[UUID], replicas: int, known: Collection[str]
) -> tuple[str, ...]:
    """Nodes whose replicas are not known to be equal. `members`: host ids; `known`: names of
    Cassandra's tables; Riada's own is missing until the first node has started again."""
    if replicas == 1 or ring_nodes.NAME not in known:
        return ()
    rows = [ring_nodes.Node.from_row(row) for row in clients.cassandra.execute(ring_nodes.SELECT)]
    return tuple(ring_nodes.unrepaired(rows, members, replicas))


def unreadable(
    clients: Clients, release: Mapping[str, Table], known: Collection[str]
) -> dict[str, str]:
    """Name → why the table cannot be read, "" if it can. `known`: names of Cassandra's tables."""

    def cause(table: Table) -> str:
        if table.name not in known:
            return MISSING
        key = quoted(table.key[0].name)
        try:
            clients.cassandra.execute(f"SELECT {key} FROM {qualified(table)} LIMIT 1").one()
        except UnreachableError as error:
            return error.cause
        return ""

    if not release:
        return {}
    with ThreadPoolExecutor(min(THREADS, len(release))) as pool:
        return dict(zip(release, pool.map(cause, release.values())))


def answers(nodes: Mapping[str, UnreachableError | float | None]) -> CassandraDetails:
    """`nodes`: address → why the node does not answer, or when its certificate expires."""
    return CassandraDetails(
        tuple(
            NodeStatus(component_of(address), False, answer.cause)
            if isinstance(answer, UnreachableError)
            else NodeStatus(component_of(address), True, "answers")
            for address, answer in nodes.items()
        ),
        certificates_until={
            component_of(address): answer
            for address, answer in nodes.items()
            if isinstance(answer, float)
        },
    )


def evaluate(details: CassandraDetails, now: float) -> ProbeResult:
    """The result when all nodes answer: do they form one ring, and is every table readable? `now`:
    seconds since 1970."""
    expected = len(details.nodes)
    if details.members != expected:
        return OUTCOME.fail(f"the ring has {details.members} members, expected {expected}", details)
    summary = f"{expected} of {expected} nodes serve {tables(len(details.tables))}"
    if not details.tables:
        summary = f"{expected} of {expected} nodes serve"
    findings = {name: evaluate_table(cause) for name, cause in details.tables.items()}
    if any(finding.state is not ProbeState.OK for finding in findings.values()):
        return summarize(OUTCOME, findings, summary, details, "are readable")
    if details.replicas is not None and details.wanted and details.replicas < details.wanted:
        return OUTCOME.warn(
            f"rows have {details.replicas} of {details.wanted} replicas: the first node raises "
            "them while all nodes answer",
            details,
        )
    if details.unrepaired:
        first = details.unrepaired[0]
        return OUTCOME.warn(
            f"{first} has not repaired its replicas yet: its log has the progress", details, first
        )
    until = details.certificates_until
    first = min(until, key=lambda node: until[node], default=OUTCOME.component)
    if insecure := warning(details.clear_text, until.get(first), now):
        return OUTCOME.warn(insecure, details, first)
    return OUTCOME.ok(summary, details)


def evaluate_table(cause: str) -> Finding:
    """`cause`: why the table cannot be read, "" if it can."""
    return fail(f"cannot be read: {cause}") if cause else ok()
