"""The events of the followed rows."""

from __future__ import annotations

from contract.kafka.change import Event
from contract.kafka.offsets import TopicOffset
from control_center.jobs.smoke_test.topic import EventHistory, TopicEvent


def event(key: str, version: int, offset: int) -> TopicEvent:
    return TopicEvent(Event(key, (), False, version, version, 0, "u"), TopicOffset(0, offset))


def test_newest_versions_and_redelivered_events() -> None:
    history = EventHistory()
    events = [event("a", 5, 0), event("a", 9, 1), event("a", 5, 2), event("b", 5, 3)]
    for item in events:
        history.add(item)
    assert len(history) == 2
    assert history.newest() == {"a": events[1], "b": events[3]}
    assert history.versions() == 3
    assert history.redelivered() == 1
