"""Errors as a program reads them (RFC 9457) and as a person does."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from http import HTTPStatus

import orjson
from starlette.responses import Response

from darkhours.model.errors import (
    ConfigError,
    DarkhoursError,
    InputError,
    Problem,
    SourceMalformed,
    SourceUnavailable,
    StoreBusy,
    StoreError,
)

log = logging.getLogger(__name__)
PROBLEM = "application/problem+json"
LOOKED_FOR = frozenset({"case", "entity", "account", "site"})
"""What an `InputError` names where an address led to nothing, rather than a value being wrong."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong with a request.

    Args:
        status: of HTTP.
        detail: what was expected, what came, what to do.
        retry_s: after how many seconds to ask again, None where that does not help.
        problems: what a person must mend in a case that was sent.
    """

    status: int
    detail: str
    retry_s: int | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def title(self) -> str:
        """Return the phrase of the status."""
        return HTTPStatus(self.status).phrase

    def as_response(self) -> Response:
        """Return it as problem details."""
        told: dict[str, object] = {"type": "about:blank", "title": self.title, "status": self.status}
        told["detail"] = self.detail
        if self.problems:
            told["problems"] = [asdict(each) for each in self.problems]
        headers = {"cache-control": "no-store"}
        if self.retry_s is not None:
            headers["retry-after"] = str(self.retry_s)
        return Response(orjson.dumps(told), self.status, headers, PROBLEM)


def trouble_of(error: DarkhoursError) -> Trouble:
    """Return what an error of ours is over HTTP; what lies on the disk of the site is not told."""
    if isinstance(error, InputError) and error.file in LOOKED_FOR:
        return Trouble(404, str(error))
    if isinstance(error, (InputError, ConfigError)):
        return Trouble(422, str(error))
    if isinstance(error, (StoreBusy, SourceUnavailable)):
        return Trouble(503, "expected an answer, the site is busy; ask again in a moment", 5)
    if isinstance(error, (StoreError, SourceMalformed)):
        log.error("the archive cannot be read: %s", error)
        return Trouble(
            503, "expected an answer, the archive cannot be read; whoever runs the site knows why", 60
        )
    log.error("an error that nobody expected: %s", error)
    return Trouble(500, "expected an answer, the program failed; whoever runs the site can see why")
