"""The source of people: the installation's randomuser API, or the one that RANDOMUSER_URL names."""

from __future__ import annotations

import urllib.parse

from cli.clients.http import NoResponseError, ResponseError, call
from cli.host.errors import CliError
from cli.host.output import progress
from cli.host.poll import poll_until
from cli.installations.local import Installation

LIMIT_S = 120.0
PAUSE_S = 5.0
_REMEDY = (
    "the other components run (make status): wait, then make up again; "
    "or choose another source: make up RANDOMUSER_URL=…"
)


def first_id(installation: Installation, seed: str) -> str:
    """The id of the seed's first person. If the source is busy (429, 5xx, no answer, no people),
    the request is repeated for two minutes, after the pause that the source names. Any other
    refusal raises CliError at once.
    """
    source = _Source(installation, seed)
    person = poll_until(source.attempt, LIMIT_S, lambda: source.pause_s)
    if person is None:
        raise CliError(f"the source of people at {source.url} {source.cause}", _REMEDY)
    return person


class _Source:
    """Keeps the cause of the last failure, and the pause before the next attempt."""

    def __init__(self, installation: Installation, seed: str) -> None:
        chosen = installation.settings.get("RANDOMUSER_URL")
        self.url = chosen or f"{installation.url('randomuser')}/api/"
        query = urllib.parse.urlencode({"seed": seed, "results": 1, "inc": "login"})
        self._request = f"{self.url}?{query}"
        self.cause = ""
        self.pause_s = PAUSE_S

    def attempt(self) -> str | None:
        self.pause_s = PAUSE_S
        try:
            people = call("GET", self._request, timeout_s=10)
            return str(people["results"][0]["login"]["uuid"])
        except ResponseError as error:
            if error.status != 429 and error.status < 500:
                raise CliError(f"the source of people: {error.cause}", _REMEDY) from None
            self.cause = f"answers {error.status}"
            self.pause_s = max(PAUSE_S, error.retry_after_s)
        except NoResponseError as error:
            self.cause = error.cause.removeprefix(f"{self._request} ")
        except (LookupError, TypeError, ValueError):  # not JSON, or of another shape
            self.cause = "answers 200 without people"
        progress(
            f"the source of people at {self.url} {self.cause}; next try in {self.pause_s:.0f} s"
        )
        return None
