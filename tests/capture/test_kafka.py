"""How often the manager asks Kafka for its metadata, and what it does with a client that fails."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from capture.clients import kafka
from capture.clients.kafka import NEEDED, KafkaLog
from capture.clients.source import UnavailableError
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


class Client(Answers):
    """A client that asks with the former leader's epoch, if `is_stale`."""

    is_stale = False

    def get_watermark_offsets(self, place: object, timeout: float) -> tuple[int, int]:
        if self.is_stale:
            raise KafkaException(KafkaError(KafkaError.FENCED_LEADER_EPOCH))
        return 0, 0

    def assign(self, places: object) -> None:
        pass


def test_a_client_that_asks_with_a_former_epoch_is_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """https://github.com/confluentinc/librdkafka/issues/4620: it would never recover."""
    made: list[Client] = []

    def make(_: object) -> Client:
        made.append(Client())
        return made[-1]

    monkeypatch.setattr(kafka, "Consumer", make)
    log = KafkaLog(SETTINGS)
    assert log.newest() is None
    made[-1].is_stale = True
    with pytest.raises(UnavailableError, match="epoch"):
        log.newest()
    assert log.newest() is None
    assert len(made) == 2
