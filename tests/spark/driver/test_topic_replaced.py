"""A topic that is deleted and made again while its query runs is read from its beginning."""

from __future__ import annotations

import pytest
from riada_stream.driver.supervise import Ending
from riada_stream.source import topic_watch
from riada_stream.source.topics import TopicIdentity, TopicState

from tests.spark.driver.in_memory_driver import TOPIC, Driver, InMemoryQuery


def test_a_topic_that_is_made_again_while_it_is_read_ends_the_attempt(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spark would go on at the old offset once the new topic has grown past it."""
    monkeypatch.setattr(topic_watch, "INTERVAL_S", 0)
    polls = 0

    def poll(*_: object) -> None:
        nonlocal polls
        polls += 1
        assert polls < 5, "the attempt goes on"
        if polls == 2:
            driver.topic = TopicState(TOPIC, TopicIdentity("another"), {2: 0}, {2: 900})

    query = InMemoryQuery(poll)
    assert driver.run(query) is Ending.STOPPED
    assert query.is_stopped and polls == 2
    query.poll = lambda *_: driver.control.stop()
    driver.stream.run(driver.on_running)
    assert driver.stream.restart is not None
    assert "created again" in driver.stream.restart.cause
