"""The story of an account on a terminal: strips, numbers, verdicts, what is contested."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from darkhours.model.claim import SaysTopic
from darkhours.model.plain import plain
from darkhours.model.state import State
from darkhours.render.terminal_strip import draw_days, draw_marks, draw_states, find_end, make_scale
from darkhours.render.terminal_words import (
    find_claim,
    say_claimed,
    say_hours,
    say_interval,
    say_offset,
    say_rule,
    say_time,
    say_verdict,
    unit_of,
)
from darkhours.render.words import STATUSES

if TYPE_CHECKING:
    from darkhours.model.account import Account, Num, Outage, Window
    from darkhours.model.case import Case
    from darkhours.render.terminal_strip import Scale

STATE_STYLES = {
    State.UP: "#6b5a12 on #fff4cf",
    State.DEGRADED: "#8a4d08 on #e7b964",
    State.DARK: "#3d4a5c on #17212e",
    State.UNKNOWN: "#8b8f96",
}
"""Up is lit, dark is unlit, on light terminals and dark ones."""
HEAD, MUTED, CONTEST = "bold", "dim", "bold #d0305c"
VERDICT_STYLES = {
    "supported": "green",
    "contradicted": CONTEST,
    "fits-another-rule": CONTEST,
    "undecided": "yellow",
}
NUMBERS = (
    "gross_h",
    "first_return_h",
    "first_return_dark_h",
    "dark_h",
    "restored_h",
    "degraded_h",
    "unknown_h",
    "calendar_days",
)
_MAX_LABEL = 14
_MIN_CONTESTED = 2
_WORTH_TELLING = 0.5
_MAX_NOTES = 3


@dataclass(frozen=True, slots=True)
class Look:
    """How the terminal shows things.

    Args:
        width: characters in a line.
        height: lines that make a screenful; what is contested gets those that are left.
        ascii_only: whether the terminal knows no more than ASCII.
    """

    width: int = 100
    height: int = 40
    ascii_only: bool = False

    @property
    def glyphs(self) -> dict[State, str]:
        """Return the character of each state, so that a strip reads without colour."""
        signs = ".=#?" if self.ascii_only else "·▒█?"
        return dict(zip((State.UP, State.DEGRADED, State.DARK, State.UNKNOWN), signs, strict=True))


def tell(accounts: Sequence[Account], case: Case | None, look: Look, footer: Sequence[str] = ()) -> Text:
    """Return the story of the first account, with a strip for each, in about a screenful.

    Args:
        accounts: the one that is told, then those shown beside it.
        case: where the claims come from, None where only the account is at hand.
        look: size and alphabet of the terminal.
        footer: lines that follow the story.
    """
    account = accounts[0]
    sections = [
        list(_tell_head(account, case, look)),
        list(_tell_strips(accounts, look)),
        list(_tell_numbers(account, look)),
        list(_tell_verdicts(account, case, look)),
        [Text(line) for line in footer],
    ]
    used = sum(len(lines) + 1 for lines in sections if lines)
    sections.insert(-1, list(_tell_contested(account, case, look, room=look.height - used)))
    return Text("\n\n").join(Text("\n").join(lines) for lines in sections if lines)


def _wrap(text: str, look: Look, *, indent: str = "", lines: int | None = None) -> list[str]:
    """Return ``text`` in lines of the terminal's width, all but the first indented, so many at most."""
    return textwrap.wrap(text, look.width, subsequent_indent=indent, max_lines=lines, placeholder=" …") or [
        ""
    ]


def _tell_head(account: Account, case: Case | None, look: Look) -> Iterator[Text]:
    title = f"{plain(account.name)} · {account.service} · {STATUSES[account.status]}"
    yield Text(title, style=HEAD)
    told = [say_summary(account), *_say_known(account, case), *_say_alternatives(account)]
    told += map(plain, account.notes[:_MAX_NOTES])
    yield from (Text(line) for words in told for line in _wrap(words, look))


def say_summary(account: Account) -> str:
    """Return one or two sentences: when it went, when it came back, and what is known now."""
    tz = account.tz
    span = f"{say_time(account.start, tz)} to {say_time(account.until, tz)}"
    if account.status == "unmeasured":
        return f"Nobody measured or told anything from {span} (local)."
    if not account.outages:
        return f"No outage is known from {span} (local)."
    outage = _worst(account)
    more = f" It is the longest of {len(account.outages)} outages." if len(account.outages) > 1 else ""
    return f"{_say_outage(account, outage)}{_say_patterns(account)}{more}"


def _worst(account: Account) -> Outage:
    """Return the outage with most dark time; of those never dark, the longest."""

    def weigh(outage: Outage) -> tuple[float, float]:
        dark, disrupted = outage.totals["dark_h"], outage.totals["disrupted_h"]
        return (dark.value if dark else 0.0), (disrupted.value if disrupted else 0.0)

    return max(account.outages, key=weigh)


def _say_known(account: Account, case: Case | None) -> list[str]:
    """Return as of when the account is told, where it ends before its case does."""
    if case is None or account.until >= case.until:
        return []
    return [f"From what had been published by {say_time(account.as_of, account.tz)}."]


def _say_alternatives(account: Account) -> list[str]:
    """Return the likeliest other reading of the worst outage as a sentence, if there is one."""
    other = max(_worst(account).alternatives if account.outages else (), key=lambda x: x.p, default=None)
    if other is None:
        return []
    tz = account.tz
    end = "still off" if other.end is None else f"until {say_time(other.end, tz)}"
    dark = f"{say_hours(other.dark_h)} h dark"
    return [f"Another reading, p {other.p:.2f}: from {say_time(other.start, tz)} {end}, {dark}."]


def _say_outage(account: Account, outage: Outage) -> str:
    tz = account.tz
    zone = f"{outage.start.at.year}, {say_offset(outage.start.at, tz)}"
    dark = _dark_windows(account, outage)
    if not dark:
        began = f"Degraded from {say_time(outage.start.at, tz)} ({zone}), never dark"
        return f"{began}; {_say_end(account, outage)}."
    stretches = f"{len(dark)} stretches" if len(dark) > 1 else "one stretch"
    before = ""
    if outage.start.at < dark[0].start.at:
        before = f"Degraded from {say_time(outage.start.at, tz)}, then dark"
    began = before or "Dark"
    return (
        f"{began} from {say_time(dark[0].start.at, tz)} ({zone}) in {stretches}; {_say_end(account, outage)}."
    )


def _dark_windows(account: Account, outage: Outage) -> list[Window]:
    until = account.until if outage.end is None else outage.end.at
    return [w for w in account.windows if w.state is State.DARK and outage.start.at <= w.start.at < until]


def _say_end(account: Account, outage: Outage) -> str:
    tz = account.tz
    if outage.status == "probation" and outage.returns:
        back = outage.returns[-1].at.at
        return f"back since {say_time(back, tz)}, too short a time yet to call it restored"
    if outage.end is None or outage.status == "ongoing":
        last = account.windows[-1]
        return f"{last.state} since {say_time(last.start.at, tz)}, and so at {say_time(account.until, tz)}"
    return f"back for good on {say_time(outage.end.at, tz)}"


def _say_patterns(account: Account) -> str:
    parts = [
        f" Off every night from about {p.from_local} to {p.until_local}, {p.nights} nights, "
        f"{p.first.isoformat()} to {p.last.isoformat()}."
        for p in account.patterns
    ]
    return "".join(parts)


def _tell_strips(accounts: Sequence[Account], look: Look) -> Iterator[Text]:
    labels = label_strips(accounts)
    pad = min(_MAX_LABEL, max(cell_len(label) for label in labels)) + 1
    scale = make_scale(accounts, look.width - pad)
    yield Text(" " * pad + draw_days(scale), style=MUTED)
    for label, account in zip(labels, accounts, strict=True):
        yield Text.assemble(set_cell_size(label, pad - 1), " ", draw_strip(account, scale, look))
        marks = "".join("~" if marked else " " for marked in draw_marks(account, scale)).rstrip()
        if marks and account is accounts[0]:
            yield Text(" " * pad + marks, style=CONTEST)
    yield _tell_legend(accounts, scale, look, pad)


def label_strips(accounts: Sequence[Account]) -> list[str]:
    """Return a label for each strip: names, and services too where they differ."""
    one_service = len({account.service for account in accounts}) == 1
    return [
        plain(account.name if one_service else f"{account.name} {account.service}") for account in accounts
    ]


def draw_strip(account: Account, scale: Scale, look: Look) -> Text:
    """Return the states of an account, a cell after the other."""
    strip = Text()
    for state, run in groupby(draw_states(account, scale)):
        length = sum(1 for _ in run)
        if state is None:
            strip.append(" " * length)
        else:
            strip.append(look.glyphs[state] * length, STATE_STYLES[state])
    return strip


def _tell_legend(accounts: Sequence[Account], scale: Scale, look: Look, pad: int) -> Text:
    shown = {window.state for account in accounts for window in account.windows}
    legend = Text(" " * pad)
    for state in (state for state in State if state in shown):
        legend.append(look.glyphs[state] * 2, STATE_STYLES[state]).append(f" {state}   ")
    if any(window.contested for window in accounts[0].windows):
        legend.append("~~", CONTEST).append(" contested   ")
    return _cut(legend.append(f"one character is {say_hours(scale.cell_h)} h", MUTED), look)


def _tell_numbers(account: Account, look: Look) -> Iterator[Text]:
    """Yield a line for each total that says something: value, 90 % interval, rule."""
    rows = worth_telling(account)
    if not rows:
        return
    yield Text("How long, with the 90 % interval", style=HEAD)
    values = [f"{say_hours(num.value)} {unit_of(name)}" for name, num, _ in rows]
    intervals = [f"[{say_interval(num)}]" for _, num, _ in rows]
    widths = max(map(len, values)), max(map(len, intervals))
    for (*_, rule), value, interval in zip(rows, values, intervals, strict=True):
        numbers = f"  {value:>{widths[0]}}  {interval:<{widths[1]}}  "
        first, *rest = _wrap(f"{numbers}{rule}", look, indent=" " * len(numbers))
        line = Text(first)
        line.stylize(HEAD, 0, widths[0] + 2)
        line.stylize(MUTED, widths[0] + 2, len(numbers))
        yield line
        yield from map(Text, rest)


def worth_telling(account: Account) -> list[tuple[str, Num, str]]:
    """Return the totals that say something, in the order they are told: name, number, what is counted."""
    over = account.status == "ended"
    rows = [(name, num) for name in NUMBERS if (num := account.totals[name]) is not None]
    return [
        (name, num, say_rule(name, over=over))
        for name, num in rows
        if num.value > 0 or num.high >= _WORTH_TELLING
    ]


def _tell_verdicts(account: Account, case: Case | None, look: Look) -> Iterator[Text]:
    """Yield a sentence for each published total, those of this very place first."""
    if account.verdicts:
        yield Text("Published totals", style=HEAD)
    for verdict in sorted(account.verdicts, key=lambda v: _rank_claims([v.claim], account, case)):
        sign = {"supported": "+", "undecided": "?"}.get(verdict.verdict, "x")
        claimed = say_claimed(verdict, case)
        first, *rest = _wrap(
            f"  {sign} {claimed}: {say_verdict(verdict, account, case)}", look, indent="    "
        )
        line = Text(first)
        line.stylize(VERDICT_STYLES.get(verdict.verdict, ""), 2, 4 + len(claimed))
        yield line
        yield from map(Text, rest)


def _rank_claims(claims: Sequence[str], account: Account, case: Case | None) -> int:
    """Return how near claims are to an account: of this place, of a topic, or of another place."""
    known = [claim for claim in map(partial(find_claim, case=case), claims) if claim is not None]
    if not known or any(claim.entity == account.entity for claim in known):
        return 0
    return 1 if any(isinstance(claim.says, SaysTopic) for claim in known) else 2


def _tell_contested(account: Account, case: Case | None, look: Look, *, room: int) -> Iterator[Text]:
    """Yield what is contested: here with its claims, elsewhere by topic, in so many lines if they do."""
    if not account.contested:
        return
    yield Text("Contested: both sides are kept", style=HEAD)
    ranked = [(_rank_claims(entry.claims, account, case), entry) for entry in account.contested]
    here = [entry for rank, entry in ranked if rank == 0]
    shown = here[: max(_MIN_CONTESTED, room - 4)]
    for entry in shown:
        claims = ", ".join(plain(claim) for claim in entry.claims)
        yield _cut(Text.assemble("  ", ("~ ", CONTEST), plain(entry.topic), (f"  {claims}", MUTED)), look)
    topics = [
        entry.topic for rank in (0, 1, 2) for its, entry in ranked if its == rank and entry not in shown
    ]
    if topics:
        also = "; ".join(dict.fromkeys(map(plain, topics)))
        lines = max(_MIN_CONTESTED, room - 2 - len(shown))
        yield from map(Text, _wrap(f"  also: {also}", look, indent="    ", lines=lines))


def _cut(line: Text, look: Look) -> Text:
    """Return a line no wider than the terminal."""
    line.truncate(look.width, overflow="crop" if look.ascii_only else "ellipsis")
    return line


def tell_list(accounts: Sequence[Account], look: Look) -> Text:
    """Return many accounts in brief: a line each with status, dark hours and return."""
    pad = min(24, max((cell_len(plain(account.name)) for account in accounts), default=0))
    lines = []
    for account in accounts:
        dark = account.totals["dark_h"]
        hours = f"{say_hours(dark.value):>8} h dark {f'[{say_interval(dark)}]':<17}" if dark else ""
        ends = [find_end(window, account) for window in account.windows if window.state is State.DARK]
        until = f" last until {say_time(max(ends), account.tz)}" if ends else ""
        name = set_cell_size(plain(account.name), pad)
        lines.append(_cut(Text(f"{name}  {account.service:<9} {account.status:<10} {hours}{until}"), look))
    return Text("\n").join(lines)
