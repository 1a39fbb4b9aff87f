"""Client of a table's source: any JSON API that contract/table/source.py describes."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_before_delay
from tenacity.wait import wait_random_exponential

from contract.table import secret_headers, source_pages
from contract.table.source import Source, Value
from contract.table.source_pages import Page, Request
from ingest.retry_after import retry_after_s

log = logging.getLogger(__name__)

TIMEOUT_S = (5.0, 30.0)  # limits for the connection, and between two bytes of an answer
BACKOFF = wait_random_exponential(multiplier=1, max=60)


class ApiRejectedError(Exception):
    """The API rejects the request, or the request cannot be made. A retry does not help."""


class ApiUnavailableError(Exception):
    """The API cannot answer now. `retry_after_s` is how long it asks to wait."""

    def __init__(self, cause: str, retry_after_s: float = 0.0) -> None:
        super().__init__(cause)
        self.retry_after_s = retry_after_s


class SourceApi:
    """Retries while the API is unavailable, and waits at least as long as its Retry-After asks.

    Invariant 5: errors and the log have the source's URL, and never headers, a page's URL or parts
    of an answer.
    """

    def __init__(self, source: Source, params: Mapping[str, Value]) -> None:
        self._source = source
        self._params = params
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": "riada", "Accept": "application/json"})

    def page(self, cursor: str, size: int | None, timeout_s: float) -> Page:
        """The page that the cursor names ("" is the first one), with items of whatever shape.

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
        page: Page = retrying(self._request, cursor, size)
        return page

    def _request(self, cursor: str, size: int | None) -> Page:
        try:
            request = source_pages.request(self._source, self._params, cursor, size)
            headers = secret_headers.headers(self._source)
        except ValueError as error:
            raise ApiRejectedError(str(error)) from None
        response = self._get(request, headers)
        try:
            link = response.headers.get("Link", "")
            return source_pages.page(self._source, request, response.content, link)
        except ValueError as error:
            raise self._unavailable(str(error)) from None

    def _get(self, request: Request, headers: Mapping[str, str]) -> requests.Response:
        try:
            response = self._session.get(
                request.url,
                params=request.query,
                headers=headers,
                timeout=TIMEOUT_S,
                # another server would get the headers
                allow_redirects=not headers,
            )
        except requests.RequestException as error:
            raise self._unavailable(type(error).__name__) from None
        status = response.status_code
        if status in (408, 425, 429) or status >= 500:
            wait_s = retry_after_s(response.headers.get("Retry-After"))
            raise self._unavailable(f"HTTP {status}", wait_s)
        if status != 200:
            cause = f"{self._source.address()} answers HTTP {status}"
            raise ApiRejectedError(f"{cause}. {self._remedy(status)}")
        return response

    def _remedy(self, status: int) -> str:
        """Names of parameters only: their values may be secret."""
        if status in (401, 403):
            return "Check the headers of the table's [source], and the secrets that they name"
        names = ", ".join(self._params)
        if status in (400, 404, 422) and names:
            return f"Check the run's parameters ({names}), then [source] of the table"
        return "Check [source] of the table"

    def _unavailable(self, cause: str, retry_after_s: float = 0.0) -> ApiUnavailableError:
        return ApiUnavailableError(f"{self._source.address()}: {cause}", retry_after_s)


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
