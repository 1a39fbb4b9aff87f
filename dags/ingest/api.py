"""The randomuser API 1.4, or any server of its contract: one page of people at a time."""

from __future__ import annotations

import logging
from typing import Any

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_before_delay
from tenacity.wait import wait_random_exponential

from contract.table.randomuser import without_secrets
from ingest.pace import retry_after_s

log = logging.getLogger(__name__)

TIMEOUT_S = (5.0, 30.0)
"""To connect, and between two bytes of an answer."""
BACKOFF = wait_random_exponential(multiplier=1, max=60)


class RefusedError(Exception):
    """The API will not answer this request, however often it is asked."""


class AwayError(Exception):
    """The API cannot answer now."""

    def __init__(self, cause: str, retry_after_s: float = 0.0) -> None:
        super().__init__(cause)
        self.retry_after_s = retry_after_s


class PeopleApi:
    """Asks again while the API is away; waits at least as long as its Retry-After says."""

    def __init__(self, url: str, nat: str | None = None) -> None:
        self._url = url
        self._query = {"nat": nat} if nat else {}
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": "riada", "Accept": "application/json"})

    def people(self, seed: str, page: int, results: int, patience_s: float) -> list[Any]:
        """The page's people without their secrets, of whatever shape they came in.

        Raises RefusedError at once, and AwayError when the next try would lie beyond `patience_s`.
        """
        retrying = Retrying(
            retry=retry_if_exception_type(AwayError),
            wait=_wait_s,
            stop=stop_before_delay(patience_s),
            before_sleep=_say,
            reraise=True,
        )
        people: list[Any] = retrying(self._ask, seed=seed, page=page, results=results)
        return people

    def _ask(self, **query: str | int) -> list[Any]:
        try:
            response = self._session.get(
                self._url, params=self._query | query | {"format": "json"}, timeout=TIMEOUT_S
            )
        except requests.RequestException as error:
            raise AwayError(f"{type(error).__name__} at {self._url}") from None
        status = response.status_code
        if status in (408, 425, 429) or status >= 500:
            raise AwayError(f"HTTP {status}", retry_after_s(response.headers.get("Retry-After")))
        if status != 200:
            raise RefusedError(f"{self._url} answers HTTP {status}: is RANDOMUSER_URL right?")
        try:
            answer = response.json()
        except (ValueError, RecursionError):
            # without the cause: it would carry the text, with everybody's passwords
            raise AwayError(f"no whole JSON in {len(response.content)} bytes") from None
        people = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(people, list):
            raise AwayError("JSON without a list of results")
        if not people:
            raise AwayError(f"{self._url} answers 200 and no people: its results are empty")
        return [without_secrets(person) for person in people]


def _wait_s(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked_for = error.retry_after_s if isinstance(error, AwayError) else 0.0
    return max(BACKOFF(state), asked_for)


def _say(state: RetryCallState) -> None:
    log.warning(
        "the API is away (%s): attempt %d follows in %.1f s",
        state.outcome.exception() if state.outcome else "?",
        state.attempt_number + 1,
        state.next_action.sleep if state.next_action else 0.0,
    )
