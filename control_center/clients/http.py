"""HTTP with short time-outs; an error of the network becomes a cause for the operator."""

from __future__ import annotations

from typing import Any

import httpx

from contract.errors import UnreachableError
from contract.health.component import component_of


class Http:
    """A pool of connections for all HTTP services of the platform."""

    def __init__(self, timeout_s: float) -> None:
        self._client = httpx.Client(timeout=timeout_s, trust_env=False)

    def request(self, method: str, url: str, component: str = "", **options: Any) -> httpx.Response:
        """The response whatever its status; raises UnreachableError if there is none. `component`
        is the service that errors name; by default the URL's host."""

        def unreachable(cause: str) -> UnreachableError:
            return UnreachableError(component or component_of(url), cause)

        try:
            return self._client.request(method, url, **options)
        except httpx.TimeoutException as error:
            raise unreachable("does not answer in time") from error
        except httpx.ConnectError as error:
            text = str(error)
            if "refused" in text:
                raise unreachable("refuses connections") from error
            if "Name or service" in text or "name resolution" in text or "No address" in text:
                raise unreachable("is not on the network (its name does not resolve)") from error
            raise unreachable(f"cannot be reached ({text})") from error
        except httpx.HTTPError as error:
            raise unreachable(f"broke off ({error})") from error

    def json(self, url: str, component: str = "", **options: Any) -> Any:
        """The decoded body of a GET; raises UnreachableError on any status but 2xx."""
        response = self.request("GET", url, component, **options)
        if not response.is_success:
            raise UnreachableError(
                component or component_of(url),
                f"answers {response.status_code} ({response.text[:200].strip()})",
            )
        return response.json()
