"""The ids of the tables in Cassandra, asked from time to time: a table that somebody dropped has
another id or none, which an idle query would not notice."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping

from riada_stream.sink import cassandra_table
from riada_stream.sink.cassandra_connection import SharedConnection

log = logging.getLogger(__name__)

INTERVAL_S = 10.0


class StoredTables:
    """`read_ids`: name of a table → its id in Cassandra."""

    def __init__(
        self,
        read_ids: Callable[[], Mapping[str, str]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read_ids = read_ids
        self._clock = clock
        self._last = clock()

    @classmethod
    def of(cls, connection: SharedConnection) -> StoredTables:
        def read_ids() -> Mapping[str, str]:
            with connection.lent() as lent:
                return cassandra_table.ids(lent.session)

        return cls(read_ids)

    def ids(self) -> Mapping[str, str] | None:
        """None when it is not time to ask, or Cassandra does not answer: the queries notice that
        themselves."""
        now = self._clock()
        if now - self._last < INTERVAL_S:
            return None
        self._last = now
        try:
            return self._read_ids()
        except Exception as error:
            log.info("cassandra: its tables cannot be listed: %s", error)
            return None
