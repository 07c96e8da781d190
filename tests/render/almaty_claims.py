"""The claims of Almaty by hand: every kind, every form of time, copies, denials, totals, topics, events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from darkhours.model.case import Case
from darkhours.model.claim import (
    At,
    By,
    Claim,
    During,
    Says,
    SaysEvent,
    SaysState,
    SaysTopic,
    SaysTotal,
    Source,
    Turn,
    When,
    Within,
)
from darkhours.model.entity import Entity
from darkhours.model.state import State

ALMATY, CAPITAL, COUNTRY, WEST = "city:1526384", "city:1526273", "country:KZ", "region:KZ-47"
OFFSET = timedelta(hours=6)


def local(day: int, clock: str = "00:00", month: int = 1) -> datetime:
    """Return an instant of January 2022 given in the local time of then, UTC+6."""
    hour, minute = (int(part) for part in clock.split(":"))
    return datetime(2022, month, day, hour, minute, tzinfo=UTC) - OFFSET


START, UNTIL = local(2), local(18)
UP, DEG, DARK = State.UP, State.DEGRADED, State.DARK
SOURCES = (
    ("access-now", "Access Now", "ngo", "https://www.accessnow.org/campaign/keepiton/"),
    ("rosbalt", "Rosbalt", "press", "https://rosbalt.ru/world/2022/01/04/1938365.html"),
    (
        "cloudflare",
        "Cloudflare Radar",
        "measurement",
        "https://blog.cloudflare.com/internet-shut-down-in-kazakhstan/",
    ),
    ("netblocks", "NetBlocks", "measurement", "https://netblocks.org/reports/kazakhstan"),
    ("ripe", "RIPE NCC", "measurement", "https://labs.ripe.net/author/emileaben/kazakhstan"),
    ("kloop", "Kloop", "press", "https://kloop.kg/blog/2022/01/05/"),
    ("5-tv", "5-tv", "press", None),
    (
        "rferl",
        "RFE/RL",
        "press",
        "https://www.rferl.org/a/kazakhstan-unrest-internet-resumes-almaty/31646931.html",
    ),
    ("trend", "Trend", "press", "https://en.trend.az/casia/kazakhstan/3538556.html"),
    ("mfa", "Ministry of Foreign Affairs", "official", "https://www.gov.kz/memleket/entities/mfa"),
    ("kt", "Kazakhtelecom", "operator", "https://telecom.kz/"),
    ("dnepr", "Dnepr Life", "press", "https://dneprlife.net/?p=74657"),
    ("village", "The Village Kazakhstan", "press", "https://www.the-village-kz.com/village/city/"),
    ("top10", "Top10VPN", "ngo", "https://www.top10vpn.com/research/cost-of-internet-shutdowns/"),
)


def claim(ident: str, where: str, says: Says | State, when: When | None, **more: object) -> Claim:
    """Return a claim; its source is the first word of ``source``, its kind that of the source."""
    name = str(more.pop("source", "netblocks"))
    kind = str(more.pop("kind", next(kind for source, _, kind, _ in SOURCES if source == name)))
    spoken = SaysState(str(says)) if isinstance(says, State) else says
    base: dict[str, object] = {"origin": name, "service": "internet", "published": local(7, "12:00")}
    return Claim(ident, name, entity=where, says=spoken, when=when, kind=kind, **(base | more))  # type: ignore[arg-type]


H, M = timedelta(hours=1), timedelta(minutes=1)


@cache
def claims() -> tuple[Claim, ...]:
    """Return the claims: every kind, every form of time, copies, denials, totals, topics, events."""
    return (
        claim(
            "kz-01",
            WEST,
            DEG,
            Turn(local(2), local(3)),
            source="access-now",
            extent="some",
            note="first trouble in the west",
        ),
        claim(
            "kz-02",
            ALMATY,
            DARK,
            By(local(4, "20:03")),
            source="rosbalt",
            service="mobile",
            origin="sputnik-kz",
            relayed=True,
            note="posted then, so an upper bound",
        ),
        claim(
            "kz-02b",
            ALMATY,
            DARK,
            By(local(4, "20:03")),
            source="rosbalt",
            service="messaging",
            origin="sputnik-kz",
            note="messengers",
        ),
        claim(
            "kz-03",
            COUNTRY,
            DEG,
            Turn(local(4, "20:30"), give=30 * M),
            source="cloudflare",
            service="mobile",
            level=0.8,
            note="mobile traffic well under the day before",
        ),
        claim(
            "kz-04",
            COUNTRY,
            DEG,
            Turn(local(4, "22:00"), give=30 * M),
            source="cloudflare",
            service="mobile",
            detail="throttled",
            extent="some",
        ),
        claim("kz-05", COUNTRY, DARK, Turn(local(5, "16:30"), give=15 * M), source="cloudflare"),
        claim(
            "kz-06",
            ALMATY,
            DARK,
            Turn(local(4, "17:00"), local(4, "23:59")),
            source="kloop",
            kind="ngo",
            origin="globalcheck",
            note="whole city out, wired too, a day before all others",
        ),
        claim(
            "kz-07",
            COUNTRY,
            DARK,
            Turn(local(5, "17:00"), give=H),
            note="around five local, 2 % left",
            level=0.02,
        ),
        claim(
            "kz-08", COUNTRY, DARK, Turn(local(5, "17:15"), give=15 * M), source="ripe", origin="ripe-atlas"
        ),
        claim(
            "kz-09",
            COUNTRY,
            DARK,
            Turn(local(5, "18:00"), give=H),
            source="kloop",
            copy_of="kz-07",
            kind="measurement",
            origin="netblocks",
            note="quotes the monitor, an hour off",
        ),
        claim("kz-10", COUNTRY, DARK, By(local(5, "17:32"), local(5, "12:00")), source="kt"),
        claim("kz-11", CAPITAL, DARK, Turn(local(5, "17:00"), give=H), source="trend", service="fixed"),
        claim(
            "kz-12",
            COUNTRY,
            UP,
            Turn(local(5, "22:00"), local(6, "02:00")),
            source="5-tv",
            service="fixed",
            extent="most",
            excepted=(ALMATY,),
            note="back in most of the country, Almaty left out",
        ),
        claim(
            "kz-12b",
            ALMATY,
            DARK,
            During(local(5, "22:30"), local(6, "02:00")),
            source="5-tv",
            service="fixed",
            note="named as the place that did not come back",
        ),
        claim("kz-13", CAPITAL, UP, Turn(local(5, "23:00"), give=H), source="trend", service="fixed"),
        claim(
            "kz-14",
            COUNTRY,
            UP,
            Within(local(5, "22:30"), local(6, "08:00"), 3 * H),
            source="ripe",
            extent="some",
            note="three hours, then down",
        ),
        claim(
            "kz-15",
            ALMATY,
            UP,
            Within(local(5, "22:00"), local(6, "08:00"), 4 * H),
            source="rferl",
            note="about four hours for the speech",
        ),
        claim(
            "kz-16",
            COUNTRY,
            UP,
            Turn(local(7, "06:00"), give=H, lasting=5 * H),
            source="ripe",
            weight=0,
            note="data centres, not people",
        ),
        claim(
            "kz-17",
            ALMATY,
            DARK,
            During(local(8), local(9, "18:00")),
            source="dnepr",
            kind="witness",
            note="a journalist on the spot",
        ),
        claim(
            "kz-17b",
            CAPITAL,
            UP,
            Within(local(8), local(9), 4 * H, 24 * H, 2),
            source="dnepr",
            kind="witness",
            note="once a day for some hours",
        ),
        claim("kz-18", CAPITAL, UP, At(local(7, "15:00"), 30 * M), source="trend"),
        claim(
            "kz-19", ALMATY, UP, Turn(local(10, "09:00"), give=H), source="village", note="mobile and wired"
        ),
        claim(
            "kz-19b",
            COUNTRY,
            UP,
            Turn(local(10, "08:20"), give=H),
            extent="most",
            published=local(10, "10:00"),
        ),
        claim(
            "kz-20",
            COUNTRY,
            DARK,
            Turn(local(10, "11:00"), local(10, "17:00")),
            note="cut again some hours later",
        ),
        claim(
            "kz-21",
            COUNTRY,
            UP,
            Turn(local(11, "08:15"), give=15 * M),
            source="ripe",
            note="the longest return so far",
        ),
        claim(
            "kz-21b",
            COUNTRY,
            SaysTopic("complete shutdown", "no"),
            None,
            source="mfa",
            denies="kz-07",
            speaker="a deputy minister",
            note="never fully shut",
        ),
        claim(
            "kz-21c",
            COUNTRY,
            UP,
            By(local(17, "12:00"), local(10, "18:00")),
            source="access-now",
            note="restored across the country",
        ),
        claim(
            "kz-22",
            COUNTRY,
            SaysTotal("calendar_days", 8, 0),
            None,
            source="access-now",
            note="4 to 11 January, both counted",
        ),
        claim(
            "kz-23",
            COUNTRY,
            SaysTotal("disrupted_h", 144, 1),
            None,
            source="top10",
            note="a day of mobile trouble and five days",
        ),
        claim(
            "kz-24",
            ALMATY,
            SaysTotal("first_return_dark_h", 111, 1, (("restored_h", 4, 1),)),
            None,
            source="rferl",
            note="net of about four hours, by its wording",
        ),
        claim(
            "kz-25",
            COUNTRY,
            SaysTopic("deaths", 164),
            None,
            source="rferl",
            kind="official",
            speaker="a government-run channel",
        ),
        claim(
            "kz-26",
            COUNTRY,
            SaysTopic("deaths", "denied"),
            None,
            source="rferl",
            kind="official",
            denies="kz-25",
            speaker="the health ministry",
        ),
        claim(
            "kz-27",
            COUNTRY,
            SaysEvent("fuel-price protests begin in the west", local(2, "12:00")),
            None,
            source="rferl",
        ),
        claim(
            "kz-28",
            COUNTRY,
            SaysEvent("state of emergency declared", local(5, "15:00")),
            None,
            source="rferl",
        ),
        claim(
            "kz-29",
            COUNTRY,
            SaysEvent("the alliance agrees to send forces", local(5, "23:00")),
            None,
            source="rferl",
        ),
        claim(
            "kz-30", COUNTRY, SaysEvent("minister: return in stages", local(8, "12:00")), None, source="rferl"
        ),
        claim("kz-31", COUNTRY, SaysEvent("day of mourning", local(10)), None, source="rferl"),
        claim("kz-32", COUNTRY, SaysEvent("payments failed; people without cash"), None, source="rferl"),
    )


@cache
def case() -> Case:
    """Return the case that the accounts are made from."""
    zone = "Asia/Almaty"
    places = {
        ALMATY: Entity(ALMATY, "Almaty", zone, (COUNTRY,), 1_977_011, 43.25, 76.92),
        CAPITAL: Entity(CAPITAL, "Nur-Sultan", zone, (COUNTRY,)),
        COUNTRY: Entity(COUNTRY, "Kazakhstan", zone),
        WEST: Entity(WEST, "Mangystau", "Asia/Aqtau", (COUNTRY,)),
    }
    sources = {ident: Source(ident, *rest, published=local(7)) for ident, *rest in SOURCES}
    return Case(
        "almaty-2022",
        zone,
        START,
        UNTIL,
        (ALMATY, CAPITAL, COUNTRY),
        places,
        sources,
        claims(),
        sha256="9f2c" * 16,
        title="Almaty, January 2022",
    )
