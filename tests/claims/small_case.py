"""A small case that is right in every point, for tests to make wrong."""

from __future__ import annotations

from darkhours.claims import read_case
from darkhours.model.case import Case
from darkhours.model.claim import Claim, When
from darkhours.model.entity import Entity
from darkhours.model.errors import InputError

GAZETTEER = {
    entity.id: entity
    for entity in (
        Entity("country:KZ", "Kazakhstan", "Asia/Almaty", population=19_000_000),
        Entity("city:1526384", "Almaty", "Asia/Almaty", ("country:KZ",), 2_000_000, 43.25, 76.95),
    )
}
HEAD = """\
[case]
id = "small-2022"
title = "A small case"
tz = "Asia/Almaty"
from = 2022-01-02T00:00:00
until = 2022-01-18T00:00:00
entities = ["city:1526384", "country:KZ"]

[[entity]]
id = "local:Old-Town"
name = "Old Town"
within = ["city:1526384"]

[[source]]
id = "probes"
publisher = "A measuring project"
kind = "measurement"
url = "https://example.org/probes"
published = 2022-01-12T12:00:00Z

[[source]]
id = "daily"
publisher = "A daily"
kind = "press"
published = 2022-01-11T09:00:00

"""
CLAIMS = (
    """\
[[claim]]
id = "c1"
source = "probes"
entity = "country:KZ"
service = "internet"
says = "dark"
when = { turn = 2022-01-05T17:15:00, give = "15m" }
note = "probes fall silent"

""",
    """\
[[claim]]
id = "c2"
source = "daily"
origin = "agency"
entity = "city:1526384"
service = "mobile"
says = "up"
when = { within = [2022-01-06T00:00:00, 2022-01-07T00:00:00], for = "4h", every = "1d", times = 3 }
extent = "most"
except = ["local:Old-Town"]

""",
    """\
[[claim]]
id = "c3"
source = "daily"
entity = "city:1526384"
service = "internet"
says = { total = "first_return_dark_h", value = 111, besides = { restored_h = 4 } }

""",
    """\
[[claim]]
id = "c4"
source = "daily"
says = { topic = "deaths", value = 164 }

""",
    """\
[[claim]]
id = "c5"
source = "daily"
kind = "official"
says = { topic = "deaths", value = "denied" }
denies = "c4"

""",
    """\
[[claim]]
id = "c6"
source = "daily"
entity = "city:1526384"
service = "internet"
says = { event = "state of emergency", at = 2022-01-05T20:00:00 }
""",
)
SMALL = HEAD + "".join(CLAIMS)
FILE = "small.toml"


def look_up(entity_id: str) -> Entity | None:
    return GAZETTEER.get(entity_id)


def read(text: str) -> Case:
    return read_case(text.encode(), file=FILE, lookup=look_up)


def errors(text: str) -> list[str]:
    """Return what is wrong with a text, one line each; [] where it reads."""
    try:
        read(text)
    except InputError as error:
        return str(error).split("\n")
    return []


def with_claim(**keys: str) -> str:
    """Return the small case with one more claim, a state of Almaty, its keys written as TOML."""
    told = {
        "id": '"extra"',
        "source": '"probes"',
        "entity": '"city:1526384"',
        "service": '"internet"',
        "says": '"dark"',
        "when": '{ turn = 2022-01-05T17:00:00, give = "30m" }',
    }
    lines = [f"{key.rstrip('_')} = {value}" for key, value in (told | keys).items() if value]
    return SMALL + "\n[[claim]]\n" + "\n".join(lines) + "\n"


def extra(**keys: str) -> Claim:
    """Return the claim that `with_claim` adds."""
    return next(claim for claim in read(with_claim(**keys)).claims if claim.id == "extra")


def form(when: str) -> When | None:
    """Return the time form that ``when`` reads as."""
    return extra(when=when).when
