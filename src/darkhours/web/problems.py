"""Errors as a program reads them (RFC 9457) and as a person does."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import PurePath

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
from darkhours.render.language import mark

log = logging.getLogger(__name__)
PROBLEM = "application/problem+json"
LOOKED_FOR = frozenset({"case", "entity", "account", "site"})
"""What an `InputError` names where an address led to nothing, rather than a value being wrong."""
FOR_READERS = {
    404: (mark("Nothing is here"), mark("The site has no page, place or case of this address.")),
    429: (mark("Too many requests"), mark("Wait a moment, and load the page again.")),
    500: (mark("Something failed"), mark("The program made a mistake; whoever runs the site can see which.")),
    503: (mark("The site cannot answer now"), mark("Load the page again in a moment.")),
}
"""What a reader is told of a status, before the detail, which is for whoever can mend it."""
UNFIT = (
    mark("This cannot be shown"),
    mark("Something in the address is not what the site expects; this line says what:"),
)
"""The same of every other status."""


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
    if isinstance(error, InputError):
        file = PurePath(error.file).name or error.file
        told = "\n".join(problem.text(file) for problem in error.problems)
        return Trouble(404 if error.file in LOOKED_FOR else 422, told)
    if isinstance(error, ConfigError):
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
