"""A diagnosis as a sentence."""

from __future__ import annotations

from contract.health.diagnosis import Diagnosis, with_component


def test_the_sentence_names_the_component_once() -> None:
    assert str(Diagnosis("topic", "kafka-1", "has no leader")) == "kafka-1: has no leader"
    assert str(Diagnosis("topic", "kafka-1", "kafka-1 has no leader")) == "kafka-1 has no leader"
    assert with_component("kafka-1", "a broker: kafka-1") == "kafka-1: a broker: kafka-1"
