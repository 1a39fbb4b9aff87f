"""A node's turn in a rolling change: one node of the installation at a time changes its containers.

Each run of the program asks again, so an interrupted turn goes on where it was.
"""

from __future__ import annotations

from node.config import Config
from node.report import Reporter
from node.steps import cluster_secret, encryption
from node.steps.lease import Lease
from node.steps.running import changed_services, out_of_sync


class Turn:
    """Both methods return why the node waits, or "". They raise NotReadyError."""

    def __init__(self, config: Config, lease: Lease, reporter: Reporter) -> None:
        self._config = config
        self._lease = lease
        self._reporter = reporter

    def begin(self) -> str:
        """Take the lease if running containers would change. A first boot needs none.

        An unhealthy container is not asked for its replicas, since the change may repair it.
        """
        services = changed_services(self._config)
        if not services:
            return ""
        holder = self._lease.holder()
        if holder not in ("", self._config.node):
            return f"waits for its turn: {holder} changes its containers"
        text, secrets = self._config.compose.read_text(), self._config.secrets
        if cause := encryption.lacking(text, secrets) or cluster_secret.lacking(text, secrets):
            return cause
        if cause := self._not_in_sync():
            return cause
        if not holder:
            if not self._lease.take():
                return "waits for its turn: another node changes its containers"
            # Another node may have had its turn since the first question.
            if cause := self._not_in_sync():
                self._lease.release()
                return cause
        self._reporter.report(f"its turn: changes {', '.join(services)}")
        return ""

    def end(self) -> str:
        """Give the lease back if this node has it. All its containers are healthy."""
        if self._lease.holder() != self._config.node:
            return ""
        if cause := out_of_sync(self._config):
            return f"keeps its turn until all replicas are in sync: {cause}"
        self._lease.release()
        return ""

    def _not_in_sync(self) -> str:
        cause = out_of_sync(self._config, "health=healthy")
        return f"waits to change until all replicas are in sync: {cause}" if cause else ""
