"""The page of a data set: many entities from measured signals, in one self-contained HTML file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from darkhours.model.account import Account
from darkhours.model.entity import Entity
from darkhours.model.panel import Trace
from darkhours.render.clock import Clock
from darkhours.render.crowd_picture import crowd
from darkhours.render.data_story import tell_data_set
from darkhours.render.defs import DEFS, TEMPLATES
from darkhours.render.dotmap import dot_map
from darkhours.render.figures import NBSP, capital
from darkhours.render.lanes import FULL_LANES, make_board
from darkhours.render.language import ENGLISH, Language
from darkhours.render.legend import legend, state_legend
from darkhours.render.lists import window_rows
from darkhours.render.markup import bdi, clean, our_bdi, short, tag
from darkhours.render.mirror import mirrored
from darkhours.render.multiples import SINGLE, STRIPS, panels, strip_rows
from darkhours.render.nouns import Nouns, nouns_of
from darkhours.render.onsets import Fall, find_falls
from darkhours.render.picture import describe
from darkhours.render.ranked import rank
from darkhours.render.raster import rasters
from darkhours.render.scale import shown_span
from darkhours.render.sheet import environment, style
from darkhours.render.signal_page import phone_signals, signal_tables
from darkhours.render.tall import tall
from darkhours.render.wave import Wave, describe_wave, wave
from darkhours.render.wide import WIDTH, wide

_MOST_NOTES, _MOST_WINDOWS, _MOST_ROWS, _MOST_INPUTS = 40, 250, 80, 20
"""Notes; windows in full lanes; rows in the table of windows; files: what keeps the page below 300 kB."""


def render_data_set(
    accounts: Sequence[Account],
    traces: Sequence[Trace] = (),
    title: str = "",
    notes: Sequence[str] = (),
    attribution: str | Sequence[str] = (),
    *,
    entities: Mapping[str, Entity] | None = None,
    language: Language = ENGLISH,
) -> str:
    """Return the page of a data set as one HTML file.

    Up to six entities stand as full lanes with their signals, up to forty as strips, more as
    small multiples by region. Whatever their number the page stays below 300 kB: what is not
    drawn one by one is counted, and said to be. The same input gives the same bytes.

    Args:
        accounts: one for each entity, in any order.
        traces: signals beside their baselines; drawn for up to six entities.
        title: what the data are, such as the name of the file.
        notes: what a reader should know, a sentence each.
        attribution: whom to thank for the data, and under which licence.
        entities: what is known of the entities, by id: their regions, and where they lie.
        language: of its words; names and notes stay as they are.

    Raises:
        ValueError: there is no account.
    """
    if not accounts:
        raise ValueError("render_data_set: expected at least one account: got none; pass one an entity")
    falls = find_falls(accounts, entities or {})
    thanks = [attribution] if isinstance(attribution, str) else list(attribution)
    values = _pictures(falls, traces, language) | _words(title, notes, thanks, language) | language.tools()
    text = environment().get_template("data_set.html.j2").render(values)
    return "\n".join(line for raw in text.splitlines() if (line := raw.strip())) + "\n"


def _words(title: str, notes: Sequence[str], thanks: Sequence[str], language: Language) -> dict[str, object]:
    extra = (TEMPLATES / "data_set.css").read_text(encoding="utf-8")
    own = "".join(line.strip() for line in extra.splitlines())
    return {
        "style": Markup(style(language) + (mirrored(own) if language.rtl else own)),  # noqa: S704 — our own style
        "defs": DEFS,
        "name": clean(title),
        "notes": [clean(note) for note in notes[:_MOST_NOTES]],
        "notes_left": max(len(notes) - _MOST_NOTES, 0),
        "thanks": [clean(item) for item in thanks if item],
    }


def _clock(falls: Sequence[Fall], language: Language) -> tuple[Clock, int]:
    """Return the clock that most entities share, and how many have another."""
    zones = Counter(fall.account.tz for fall in falls)
    name, number = max(zones.items(), key=lambda item: (item[1], item[0]))
    plain = Clock(name)
    first = min(fall.account.start for fall in falls)
    last = max(fall.account.until for fall in falls)
    years = plain.local(first).year, plain.local(last).year
    return Clock(name, years[0] if years[0] == years[1] else None, language), len(falls) - number


def _pictures(falls: Sequence[Fall], traces: Sequence[Trace], language: Language) -> dict[str, object]:
    accounts = [fall.account for fall in falls]
    clock, elsewhere = _clock(falls, language)
    span = shown_span(accounts, clock.zone)
    made = wave(falls, clock)
    many = crowd(accounts, *span, clock) if len(accounts) > FULL_LANES else None
    most = many.most if many else crowd(accounts, *span, clock).most
    told = tell_data_set(falls, clock, together=bool(made and made.together), most_dark=most)
    shown, left = rasters(accounts, language)
    nouns = nouns_of(accounts, language)
    first, last = (clock.local(at).date() for at in span)
    return {
        "told": told,
        "nouns": nouns,
        "alone": len(accounts) == 1,
        "number": nouns.count(len(accounts)),
        "days": language.days(first, last),
        "span_days": language.say("{first} to {last}", first=language.day(first), last=language.day(last)),
        "offset": clock.offset(span[0]),
        "shifts": clock.offset(span[0]) != clock.offset(span[1]),
        "two_clocks": not clock.is_utc(*span),
        "zone": clean(clock.name),
        "elsewhere": elsewhere,
        "legend": state_legend(accounts, language),
        "crowd": many,
        "wave": made,
        "wave_words": describe_wave(made, nouns) if made else "",
        "wave_heading": _wave_heading(made, nouns),
        "map": dot_map(falls, clock),
        "ranking": rank(falls, clock),
        "rasters": shown,
        "rasters_left": left,
        "method": _method(accounts, clock),
    } | _lanes(falls, traces, clock)


def _wave_heading(made: Wave | None, nouns: Nouns) -> str:
    if made is None:
        return ""
    rows = nouns if made.each else Nouns("region", nouns.language)
    if made.together:
        return capital(nouns.language.say("{nouns} in the order they fell", nouns=rows.many))
    return capital(nouns.language.say("{nouns} by the hour they fell", nouns=rows.many))


def _lanes(falls: Sequence[Fall], traces: Sequence[Trace], clock: Clock) -> dict[str, object]:
    """Return the entities one by one, in the manner that their number allows."""
    accounts = [fall.account for fall in falls]
    span = shown_span(accounts, clock.zone)
    found: dict[str, object] = {"lanes": None, "strips": [], "panels": [], "panels_left": 0, "why": []}
    if len(falls) <= FULL_LANES:
        full = _affordable(accounts)
        strips = strip_rows(falls[full:], span, clock.language)
        return found | _full(accounts[:full], traces, clock.language) | {"strips": strips}
    if len(falls) <= STRIPS:
        return found | {"strips": strip_rows(falls, span, clock.language)}
    if len(falls) > SINGLE and not any(fall.region for fall in falls):
        return found
    drawn, left = panels(falls, span, clock)
    return found | {"panels": drawn, "panels_left": left, "single": len(falls) <= SINGLE}


def _affordable(accounts: Sequence[Account]) -> int:
    """Return how many accounts may stand as full lanes: at least one, and windows within the budget."""
    windows, full = 0, 0
    for account in accounts:
        windows += len(account.windows)
        if full and windows > _MOST_WINDOWS:
            break
        full += 1
    return full


def _full(accounts: Sequence[Account], traces: Sequence[Trace], language: Language) -> dict[str, object]:
    """Return full lanes with their signals, and the tables behind them."""
    drawn = {account.entity for account in accounts}
    kept = tuple(trace for trace in traces if trace.entity in drawn)
    board = replace(make_board(accounts, None, language=language), traces=kept)
    drawing = wide(board)
    box = f"0 0 {short(WIDTH)} {short(drawing.height)}"
    picture = tag(
        "svg", drawing.body, class_="wide", viewBox=box, role="group", aria_labelledby="lanes-h lanes-d"
    )
    return {
        "lanes": picture,
        "tall": tall(board) + phone_signals(board),
        "lanes_legend": legend(board),
        "description": describe(board),
        "most_rows": _MOST_ROWS // len(board.lanes),
        "windows": [
            (clean(lane.account.name), window_rows(lane.account, board.register, board.clock))
            for lane in board.lanes
        ],
    } | signal_tables(board)


def _method(accounts: Sequence[Account], clock: Clock) -> list[tuple[str, Markup]]:
    """Return the provenance that all accounts share, as terms and values."""
    made = accounts[0].provenance
    inputs = sorted({item for account in accounts for item in account.provenance.inputs})
    families = sorted({family for account in accounts for family in account.families})
    parameters = ", ".join(f"{key}{NBSP}{value}" for key, value in sorted(made.parameters.items()))
    language = clock.language
    read = "; ".join(inputs[:_MOST_INPUTS])
    if len(inputs) > _MOST_INPUTS:
        more = len(inputs) - _MOST_INPUTS
        read = language.many("{files} and {n} more", "{files} and {n} more", more, files=read)
    rows = [
        (language.say("Program"), bdi(made.program)),
        (language.say("As of"), clock.time(max(account.as_of for account in accounts))),
        (language.say("Families"), bdi(", ".join(families))),
        (language.say("Seed"), bdi(made.seed)),
        (language.say("Parameters"), bdi(parameters)),
        (language.term("provenance", "Read"), our_bdi(read)),
    ]
    return [(term, value) for term, value in rows if str(value) != "<bdi></bdi>"]
