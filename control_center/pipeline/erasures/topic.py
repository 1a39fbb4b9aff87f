"""The records on the topic riada.erasures, which keeps the newest record of each mark."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from contract.errors import UnreachableError
from contract.kafka.topics import ERASURES
from control_center.clients.clients import Clients
from control_center.pipeline import messages
from control_center.pipeline.erasures.record import Erasure
from control_center.pipeline.send import Message, send
from control_center.pipeline.topic_message import TopicMessage

FLUSH_S = 30.0


class ErasuresOnTopic:
    """Every method raises UnreachableError."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def read(self) -> Iterator[Erasure]:
        kafka, topic = self._clients.kafka, ERASURES.name
        read = messages.read(self._clients, kafka.earliest(topic), kafka.offsets(topic), topic)
        for message in map(TopicMessage.of, read):
            try:
                yield Erasure.from_json(json.loads(message.value or b""))
            except (ValueError, TypeError, AttributeError):  # not a message of ours
                continue

    def write(self, records: Iterable[Erasure]) -> None:
        messages = (
            Message(ERASURES.name, json.dumps(record.to_json()).encode(), record.mark.encode(), 0)
            for record in records
        )
        if error := send(self._clients.kafka.producer(), messages, FLUSH_S):
            cause = f"topic {ERASURES.name} takes no record ({error})"
            container = self._clients.settings.container("connect")
            remedy = f"Connect makes a missing topic at its start: docker restart {container}"
            raise UnreachableError(self._clients.kafka.component, cause, remedy)
