"""Is the topic of a running query still the one with which the query began?

Spark does not ask. A topic may be deleted and made again between two polls of a query. Once it has
grown past the query's offset, Spark goes on there and skips what is before it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

# Each question costs a client of Kafka.
INTERVAL_S = 10.0


class TopicWatch:
    """`topic_id`: Kafka's id when the query began; `read_id` returns the present one."""

    def __init__(
        self,
        topic_id: str,
        read_id: Callable[[], str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._topic_id = topic_id
        self._read_id = read_id
        self._clock = clock
        self._asked = clock()

    def is_replaced(self) -> bool:
        """False while Kafka does not answer, or the topic does not exist: the query fails then."""
        if self._clock() - self._asked < INTERVAL_S:
            return False
        self._asked = self._clock()
        try:
            return self._read_id() != self._topic_id
        except Exception as error:
            log.debug("the topic's id is unknown: %s", error)
            return False
