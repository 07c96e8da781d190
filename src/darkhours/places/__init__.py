"""The gazetteer: names in many scripts, containment, zones, people, outlines.

`lookup` takes an id, `resolve` whatever a person types; both answer as of a date, because
places change their names and borders. Nothing here reads a clock.
"""

from darkhours.places.gazetteer import containers, lookup, name_at, zones
from darkhours.places.nearest import search
from darkhours.places.resolver import resolve
from darkhours.places.spoken import spoken_name
from darkhours.places.zones import local, valid_zone, zone_name_offset

__all__ = [
    "containers",
    "local",
    "lookup",
    "name_at",
    "resolve",
    "search",
    "spoken_name",
    "valid_zone",
    "zone_name_offset",
    "zones",
]
