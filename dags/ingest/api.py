"""Client of the randomuser API 1.4, or of any server with its contract."""

from __future__ import annotations

import logging

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_before_delay
from tenacity.wait import wait_random_exponential

from contract.table.randomuser import without_secrets
from ingest.page import Person
from ingest.retry_after import retry_after_s

log = logging.getLogger(__name__)

TIMEOUT_S = (5.0, 30.0)  # limits for the connection, and between two bytes of an answer
BACKOFF = wait_random_exponential(multiplier=1, max=60)


class ApiRejectedError(Exception):
    """The API rejects the request. A retry does not help."""


class ApiUnavailableError(Exception):
    """The API cannot answer now. `retry_after_s` is how long it asks to wait."""

    def __init__(self, cause: str, retry_after_s: float = 0.0) -> None:
        super().__init__(cause)
        self.retry_after_s = retry_after_s


class PeopleApi:
    """Retries while the API is unavailable, and waits at least as long as its Retry-After asks."""

    def __init__(self, url: str, nat: str | None = None) -> None:
        self._url = url
        self._query = {"nat": nat} if nat else {}
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": "riada", "Accept": "application/json"})

    def people(self, seed: str, page: int, results: int, timeout_s: float) -> list[Person]:
        """The people of a page (from 1) without their secrets, in whatever shape they came.

        Raises ApiRejectedError at once, and ApiUnavailableError when the next attempt would start
        after `timeout_s`.
        """
        retrying = Retrying(
            retry=retry_if_exception_type(ApiUnavailableError),
            wait=_wait_s,
            stop=stop_before_delay(timeout_s),
            before_sleep=_log_retry,
            reraise=True,
        )
        people: list[Person] = retrying(self._request, seed=seed, page=page, results=results)
        return people

    def _request(self, **query: str | int) -> list[Person]:
        try:
            response = self._session.get(
                self._url, params=self._query | query | {"format": "json"}, timeout=TIMEOUT_S
            )
        except requests.RequestException as error:
            raise self._unavailable(type(error).__name__) from None
        status = response.status_code
        if status in (408, 425, 429) or status >= 500:
            wait_s = retry_after_s(response.headers.get("Retry-After"))
            raise self._unavailable(f"HTTP {status}", wait_s)
        if status != 200:
            raise ApiRejectedError(f"{self._url} answers HTTP {status}. Check RANDOMUSER_URL")
        try:
            answer = response.json()
        except (ValueError, RecursionError):
            # without the cause, which would contain the text and so every password
            size = len(response.content)
            raise self._unavailable(f"truncated JSON ({size} bytes)") from None
        people = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(people, list):
            raise self._unavailable("JSON without a list `results`")
        if not people:
            raise self._unavailable("HTTP 200 with no people in `results`")
        return [without_secrets(person) for person in people]

    def _unavailable(self, cause: str, retry_after_s: float = 0.0) -> ApiUnavailableError:
        return ApiUnavailableError(f"{self._url}: {cause}", retry_after_s)


def _wait_s(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    requested_s = error.retry_after_s if isinstance(error, ApiUnavailableError) else 0.0
    backoff_s: float = BACKOFF(state)
    return max(backoff_s, requested_s)


def _log_retry(state: RetryCallState) -> None:
    log.warning(
        "the API is unavailable (%s). Attempt %d follows in %.1f s",
        state.outcome.exception() if state.outcome else "?",
        state.attempt_number + 1,
        state.next_action.sleep if state.next_action else 0.0,
    )
