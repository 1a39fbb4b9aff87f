"""Kafka's id of a topic as its own tools print it."""

from __future__ import annotations

from contract.kafka.topic_id import printed


def test_the_form_of_kafka() -> None:
    """The first one is Kafka's Uuid.METADATA_TOPIC_ID; the other has the two letters of URLs."""
    assert printed("1".zfill(32)) == "AAAAAAAAAAAAAAAAAAAAAQ"
    assert printed("ffeffb000000000000000000000000be") == "_-_7AAAAAAAAAAAAAAAAvg"
    assert printed("") == ""
