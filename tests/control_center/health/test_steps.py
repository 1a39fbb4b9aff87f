"""Every probe belongs to a step of the pipeline; a broken step shows its finding and its log."""

from __future__ import annotations

from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from control_center.health.probes import PROBES
from control_center.health.stages import STAGES
from control_center.health.steps import STEPS, states
from control_center.pipeline.timeseries import DELIVERED


def test_every_probe_belongs_to_one_step() -> None:
    probes = [probe for step in STEPS for probe in step.probes]
    assert set(PROBES) <= set(probes)
    assert len(probes) == len(set(probes))


def test_stages_and_rates_exist() -> None:
    assert {step.stage for step in STEPS if step.stage} <= set(STAGES)
    assert [step.rate for step in STEPS if step.rate] == list(DELIVERED)


def test_a_step_has_the_state_of_its_worst_probe() -> None:
    results = [
        ProbeResult("zookeeper", ProbeState.OK, "serves", "zookeeper-1"),
        ProbeResult("kafka", ProbeState.WARN, "a replica is behind", "kafka-1"),
        ProbeResult("topic", ProbeState.FAIL, "has no leader", "kafka-2"),
        ProbeResult("cassandra", ProbeState.OK, "serves", "cassandra-1"),
    ]
    shown = {state.step.title: state for state in states(results, 7)}
    kafka = shown["Kafka"]
    assert kafka.state is ProbeState.FAIL
    assert [(item.sentence, item.service) for item in kafka.findings] == [
        ("has no leader", "kafka-2"),
        ("a replica is behind", "kafka-1"),
    ]
    assert "Dead letters" in kafka.findings[0].remedy
    assert "make up" in kafka.findings[1].remedy
    assert (shown["Cassandra"].state, shown["Cassandra"].findings) == (ProbeState.OK, ())
    assert shown["Connect"].waiting == 7
    assert shown["Spark"].waiting is None
    assert all(state.step.remedy for state in shown.values())


def test_remedies_are_of_the_step_s_own_probes() -> None:
    for step in STEPS:
        assert step.remedies.keys() <= set(step.probes)
