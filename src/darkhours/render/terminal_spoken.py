"""The story of an account on a terminal, in another language than English."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from darkhours.model.state import State
from darkhours.render.language import Language
from darkhours.render.markup import FSI, PDI
from darkhours.render.pdf_values import values_of
from darkhours.render.terminal import (
    CONTEST,
    HEAD,
    MUTED,
    STATE_STYLES,
    VERDICT_STYLES,
    Look,
    draw_strip,
    label_strips,
)
from darkhours.render.terminal_strip import draw_days, draw_marks, make_scale

if TYPE_CHECKING:
    from darkhours.model.account import Account
    from darkhours.model.case import Case
    from darkhours.render.terminal_strip import Scale

_MAX_LABEL = 14
_NO_ISOLATES = {ord(FSI): None, ord(PDI): None}
"""Terminals show the marks of direction as boxes, or mind them not at all."""


def tell_spoken(accounts: Sequence[Account], case: Case | None, look: Look, language: Language) -> Text:
    """Return the story of the first account, with a strip for each, in a language.

    The same sentences as in its PDF, so that a figure is never worded in two ways.

    Args:
        accounts: the one that is told, then those shown beside it.
        case: where the claims come from, None where only the account is at hand.
        look: size and alphabet of the terminal.
        language: of the words.
    """
    values = values_of(accounts[0], case, language)
    sections = [
        list(_head(values, look)),
        list(_strips(accounts, look, language)),
        list(_numbers(values, look)),
        list(_verdicts(values, look)),
        list(_contested(values, look)),
    ]
    return Text("\n\n").join(Text("\n").join(lines) for lines in sections if lines)


def _plain(text: str) -> str:
    return text.translate(_NO_ISOLATES)


def _wrap(text: str, look: Look, indent: str = "") -> list[str]:
    """Return text in lines of the terminal's width; a word is never cut, for letters stand on each other."""
    return textwrap.wrap(_plain(text), look.width, subsequent_indent=indent, break_long_words=False) or [""]


def _head(values: Mapping[str, Any], look: Look) -> Iterator[Text]:
    yield Text(_plain(values["title"]), style=HEAD)
    for text in (values["kicker"], values["statement"], values["summary"]):
        yield from (Text(line) for line in _wrap(text, look))


def _strips(accounts: Sequence[Account], look: Look, language: Language) -> Iterator[Text]:
    labels = label_strips(accounts)
    pad = min(_MAX_LABEL, max(cell_len(label) for label in labels)) + 1
    scale = make_scale(accounts, look.width - pad)
    yield Text(" " * pad + draw_days(scale, language), style=MUTED)
    for label, account in zip(labels, accounts, strict=True):
        yield Text.assemble(set_cell_size(label, pad - 1), " ", draw_strip(account, scale, look))
    marks = "".join("~" if marked else " " for marked in draw_marks(accounts[0], scale)).rstrip()
    if marks:
        yield Text(" " * pad + marks, style=CONTEST)
    yield _legend(accounts, scale, look, language)


def _legend(accounts: Sequence[Account], scale: Scale, look: Look, language: Language) -> Text:
    shown = {window.state for account in accounts for window in account.windows}
    legend = Text()
    for state in (state for state in State if state in shown):
        legend.append(look.glyphs[state] * 2, STATE_STYLES[state]).append(f" {language.state(state)}   ")
    if any(window.contested for window in accounts[0].windows):
        legend.append("~~", CONTEST).append(f" {language.say('contested')}   ")
    cell = language.say("one character is {length}", length=language.unit(scale.cell_h, "hour"))
    return legend.append(_plain(cell), MUTED)


def _numbers(values: Mapping[str, Any], look: Look) -> Iterator[Text]:
    if values["totals"]:
        yield Text(_plain(values["heads"]["long"]), style=HEAD)
    for row in values["totals"]:
        yield from map(Text, _wrap(f"  {row['value']} [{row['interval']}]  {row['rule']}", look, "    "))


def _verdicts(values: Mapping[str, Any], look: Look) -> Iterator[Text]:
    if values["verdicts"]:
        yield Text(_plain(values["heads"]["verdicts"]), style=HEAD)
    for row in values["verdicts"]:
        told = f"  {row['name']}: {row['heading']} ({row['who']}). {row['text']}"
        first, *rest = _wrap(told, look, "    ")
        line = Text(first)
        line.stylize(VERDICT_STYLES.get(row["verdict"], ""), 2, 2 + len(_plain(row["name"])))
        yield line
        yield from map(Text, rest)


def _contested(values: Mapping[str, Any], look: Look) -> Iterator[Text]:
    if values["topics"] or values["disputes"]:
        yield Text(_plain(values["heads"]["both"]), style=HEAD)
    told = [*values["disputes"], *(f"~ {row['name']}: {row['sides']}" for row in values["topics"])]
    for text in told:
        yield from map(Text, _wrap(f"  {text}", look, "    "))
