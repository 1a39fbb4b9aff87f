"""How often the manager asks Kafka for its metadata."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from capture.clients import kafka
from capture.clients.kafka import NEEDED, KafkaLog
from capture.settings import Settings

SETTINGS = Settings("localhost:1", "", "", 0, 1, 1, 1)


class Answers:
    """`asked`: how many requests for metadata came; `topics`: what they name."""

    def __init__(self) -> None:
        self.asked, self.topics = 0, dict.fromkeys(NEEDED)

    def list_topics(self, timeout: float) -> Any:
        self.asked += 1
        return SimpleNamespace(cluster_id="c", topics=dict(self.topics), brokers={})


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    answers = Answers()
    monkeypatch.setattr(kafka, "Consumer", lambda _: answers)
    monkeypatch.setattr(kafka, "make_topics", lambda *_: answers.topics.update({"new": None}))
    return answers


def test_a_round_reads_the_metadata_once(answers: Answers) -> None:
    log = KafkaLog(SETTINGS)
    for number in (1, 2):
        log.begin_round()
        assert log.missing(["new"]) == ["new"]
        assert (log.missing(()), log.cluster_id(), log.messages([])) == ([], "c", 0)
        assert answers.asked == number


def test_topics_that_were_made_in_the_round_are_seen(answers: Answers) -> None:
    log = KafkaLog(SETTINGS)
    log.begin_round()
    log.make_topics(())
    assert log.missing(["new"]) == []


def test_without_a_round_each_question_reads_them(answers: Answers) -> None:
    log = KafkaLog(SETTINGS)
    assert (log.cluster_id(), log.missing(())) == ("c", [])
    assert answers.asked == 2
