"""Asks the services over HTTP: patient, bounded, and named errors instead of surprises."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import Protocol
from urllib.parse import urlsplit

from darkhours import __version__
from darkhours.model.errors import ConfigError, InputError, Problem, SourceMalformed, SourceUnavailable

MOST_BYTES = 256 << 20
"""Largest answer: a month of all signals of a country is some megabytes; chosen by us."""
TIMEOUT_S = 60.0
"""Patience for one answer: IODA takes half a minute for a month; chosen by us."""
ATTEMPTS = 4
"""Questions until a service counts as unavailable; the pauses between them grow."""
USER_AGENT = f"darkhours/{__version__}"
_OK, _TOO_MANY, _SERVER_ERROR = 200, 429, 500
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered.

    Args:
        address: that was asked, with its query.
        at: when, UTC.
        data: the body.
    """

    address: str
    at: datetime
    data: bytes


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Asks services.

    Args:
        now: the clock; sources do not read one.
        bases: addresses that take the place of a service's own, by that; for mirrors and tests.
        attempts: how often a question is asked.
        wait_s: seconds of the first pause; each next one doubles, 0 for none.
        timeout_s: patience for one answer.
        most_bytes: the largest body that is read.
    """

    now: Callable[[], datetime]
    bases: Mapping[str, str] | None = None
    attempts: int = ATTEMPTS
    wait_s: float = 1.0
    timeout_s: float = TIMEOUT_S
    most_bytes: int = MOST_BYTES

    def get(self, address: str, query: Mapping[str, str], *, token: str | None = None) -> Answer:
        """Return an answer; asks again after a 5xx, a 429 or silence.

        Raises:
            SourceUnavailable: no answer, or a 5xx, after all attempts.
            SourceMalformed: the service refuses the question, or its answer is too large or broken.
            ConfigError: the extra that asks is not installed.
        """
        stamina = _need("stamina")
        place = self._replace_base(address)
        retries = stamina.retry_context(
            on=SourceUnavailable,
            attempts=self.attempts,
            timeout=None,
            wait_initial=self.wait_s,
            wait_jitter=self.wait_s,
            wait_max=30 * self.wait_s,
        )
        for attempt in retries:
            with attempt:
                return self._ask(place, query, token)
        raise SourceUnavailable(f"{urlsplit(place).netloc}: expected an answer, none was asked for")

    def expect(self, entity: str, kinds: tuple[str, ...], source: str) -> str:
        """Return the code of an entity that a source can be asked for.

        Raises:
            InputError: it is of another kind.
        """
        kind, _, code = entity.partition(":")
        if kind not in kinds or not code:
            wanted = " or ".join(f"{each}:…" for each in kinds)
            raise InputError(source, (Problem("entity", f"expected {wanted}, got {entity!r}"),))
        return code

    def is_same_host(self, address: str, base: str) -> bool:
        """Tell whether an address that an answer names lies with the service that was asked."""
        return urlsplit(address).netloc in {urlsplit(base).netloc, urlsplit(self._replace_base(base)).netloc}

    def _replace_base(self, address: str) -> str:
        for base, other in (self.bases or {}).items():
            if address.startswith(base):
                return other + address.removeprefix(base)
        return address

    def _ask(self, address: str, query: Mapping[str, str], token: str | None) -> Answer:
        httpx = _need("httpx2")
        host = urlsplit(address).netloc
        headers = {"User-Agent": USER_AGENT, "Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        asked_at = self.now()
        with (
            _name_silence(httpx, host),
            httpx.Client(timeout=self.timeout_s, headers=headers, follow_redirects=False) as client,
            client.stream("GET", address, params=dict(query) or None) as response,
        ):
            _check_status(response.status_code, host)
            data = self._read_body(response, host)
            return Answer(str(response.url), asked_at, data)

    def _read_body(self, response: _Body, host: str) -> bytes:
        body = bytearray()
        for part in response.iter_bytes(_CHUNK):
            body += part
            if len(body) > self.most_bytes:
                raise SourceMalformed(
                    f"{host}: expected at most {self.most_bytes:,} bytes; ask for a shorter span"
                )
        return bytes(body)


class _Body(Protocol):
    def iter_bytes(self, chunk_size: int) -> Iterator[bytes]: ...


@contextmanager
def _name_silence(httpx: ModuleType, host: str) -> Iterator[None]:
    """Name what the client raises: silence, and answers that break off."""
    try:
        yield
    except (httpx.RemoteProtocolError, httpx.DecodingError) as error:
        raise SourceMalformed(f"{host}: expected a whole answer, it broke off: {error}; ask again") from error
    except httpx.HTTPError as error:
        raise SourceUnavailable(f"{host}: no answer ({type(error).__name__}); try again later") from error
    except httpx.InvalidURL as error:
        raise SourceMalformed(f"{host}: expected an address, got another thing: {error}") from error


def _check_status(status: int, host: str) -> None:
    if status == _OK:
        return
    if status >= _SERVER_ERROR or status == _TOO_MANY:
        raise SourceUnavailable(f"{host}: answered {status}; try again later")
    raise SourceMalformed(
        f"{host}: expected 200, got {status}; is the entity known there, and the token right?"
    )


def _need(module: str) -> ModuleType:
    """Return a module of the extra ``fetch``, loaded only when somebody asks a service."""
    import importlib  # noqa: PLC0415 — so is this

    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ConfigError("asking a service needs an extra: pip install 'darkhours[fetch]'") from error
