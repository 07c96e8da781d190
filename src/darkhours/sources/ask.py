"""Asks a live service by its name: the one way in for what is fetched."""

from __future__ import annotations

from datetime import datetime

from darkhours.model.errors import ConfigError
from darkhours.model.panel import Recording
from darkhours.sources import atlas, cloudflare, ioda_api, ooni, ripestat
from darkhours.sources.fetching import Fetcher

SERVICES = (ioda_api.SOURCE, ooni.SOURCE, ripestat.SOURCE, atlas.SOURCE, cloudflare.SOURCE)
"""Services that can be asked; RIPE Atlas answers of now only, Cloudflare Radar wants a token."""


def fetch_recordings(
    source: str, entity: str, start: datetime, until: datetime, *, fetcher: Fetcher, token: str | None = None
) -> tuple[Recording, ...]:
    """Ask a service for an entity in a span; an answer of several questions is several recordings.

    Args:
        source: one of `SERVICES`.
        entity: id of a country, or of a network where the service knows networks.
        start: begin, UTC.
        until: end, UTC; RIPE Atlas tells of now, whatever the span.
        fetcher: who asks.
        token: of an account with Cloudflare.

    Raises:
        SourceUnavailable: no answer, or a 5xx.
        SourceMalformed: an answer that cannot be read.
        InputError: an entity that the service has no code for.
        ConfigError: no such service, no token, or the extra is not installed.
    """
    if source == atlas.SOURCE:
        return (atlas.fetch(fetcher, entity),)
    if source == cloudflare.SOURCE:
        if not token:
            raise ConfigError(f"{source}: expected a token of a Cloudflare account, got none; set one")
        return cloudflare.fetch(fetcher, entity, start, until, token=token)
    for module in (ioda_api, ooni, ripestat):
        if source == module.SOURCE:
            return (module.fetch(fetcher, entity, start, until),)
    raise ConfigError(f"unknown service {source!r}: expected one of {', '.join(SERVICES)}")
