"""The account as a PDF: pages to file, tagged, the same bytes every time."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from types import ModuleType
from typing import Any

from darkhours.model.account import Account
from darkhours.model.case import Case
from darkhours.model.errors import ConfigError
from darkhours.render.defs import TEMPLATES
from darkhours.render.language import ENGLISH, Language
from darkhours.render.pdf_fonts import FACES, OWN, Face
from darkhours.render.pdf_names import with_names_that_show
from darkhours.render.pdf_text import SAFE, letters, relatives, spell_out
from darkhours.render.pdf_values import values_of
from darkhours.render.spoken import spoken_accounts, spoken_case

STANDARD = "ua-1"
"""PDF/UA-1: tagged, with a language, a title and words for every picture; typst refuses what is not."""
PAGES = 2
"""What a lawyer files: the account of Almaty fits in every language; a longer one runs on."""
_NEAR, _SCALES = 3, (0.95, 0.9, 0.85)
"""How many pages are worth a smaller letter, and how small: 8.8 pt down to 7.5 pt (ours, by eye)."""
_COUNT = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count (\d+)")
_PROBE = (
    b'#let d = json("account.json")\n#set text(font: d.fonts, fallback: false)\n'
    b'#set document(title: "probe")\n#d.asked'
)
_UNSHOWN = re.compile(r"PDF/UA-1 error: the text .* could not be displayed", re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_QUOTED = re.compile(r'the text `"(.*?)"` could not', re.DOTALL)


def need_typst() -> ModuleType:
    """Return typst, which sets the pages.

    Raises:
        ConfigError: the extra is not installed.
    """
    try:
        import typst  # noqa: PLC0415 — an extra, loaded only for a PDF
    except ImportError as error:
        raise ConfigError("--pdf: expected typst, found none; pip install 'darkhours[pdf]'") from error
    found: ModuleType = typst
    return found


def lacking_fonts() -> str:
    """Return why the fonts that typst carries cannot set a page, "" where they can.

    Raises:
        ConfigError: the extra is not installed.
    """
    typst = need_typst()
    try:
        _probe(typst, SAFE, OWN)
    except typst.TypstError as error:
        return str(error).splitlines()[0]
    return ""


def fonts_for(language: Language) -> tuple[str, ...]:
    """Return the fonts that a language is set in, those first that are asked first.

    English, Russian and Kazakh are set in what typst carries. For the letters of the others one
    family of the machine is taken, the first of a fixed list that is there and has them all.

    Raises:
        ConfigError: the extra is not installed, or the machine has no such font.
    """
    need_typst()
    return _fonts_for(language.code, FACES.get(language.code, Face()))


@cache
def _fonts_for(code: str, face: Face) -> tuple[str, ...]:
    """Return the fonts of a language by its code; the machine is asked once."""
    typst = need_typst()
    if not face.families:
        return OWN
    there = set(typst.Fonts(include_embedded_fonts=False).families())
    for family in face.families:
        fonts = (OWN[0], family, *OWN[1:])
        if family in there and not _lacking(typst, frozenset(face.letters), fonts):
            return fonts
    raise ConfigError(
        f"--pdf in {code}: expected a font with its letters ({', '.join(face.families)}), found none; "
        "install one (Debian, Ubuntu: apt install fonts-noto-core), or leave --lang out for English"
    )


def pdf(account: Account, case: Case | None, *, language: Language = ENGLISH) -> bytes:
    """Return the account as a PDF: statement, picture, totals, windows, method, evidence, hashes.

    For those who file it. Nothing in it depends on the clock: its date is that of the account. Its
    fonts are those that typst carries, and one of the machine for a script that these lack. Words of
    others go in as data, which is set as it is; characters that no such font has are spelled by number.

    Args:
        account: what the pages are about.
        case: the claims behind it; None where it rests on measured signals alone.
        language: of all that is ours to say, and of names of places where a source has them.

    Raises:
        ConfigError: the extra is not installed, or no font here has the letters of the language.
    """
    typst, fonts = need_typst(), fonts_for(language)
    (account,), case = spoken_accounts([account], language), spoken_case(case, language)
    values = values_of(account, case, language)
    stamp = int(account.as_of.timestamp())
    source = (TEMPLATES / "account.typ").read_bytes()
    lacking = _lacking(typst, letters(values), fonts)
    if lacking:
        values = values_of(*with_names_that_show(account, case, lacking), language)
    look = _look(language, fonts)
    try:
        return _fitted(typst, source, spell_out(values, lacking) | look, stamp)
    except typst.TypstError as error:
        if not _UNSHOWN.search(str(error)):
            raise
        return _fitted(typst, source, spell_out(values, letters(values)) | look, stamp)


def _look(language: Language, fonts: Sequence[str]) -> dict[str, Any]:
    face = FACES.get(language.code, Face())
    return {"fonts": list(fonts), "size": face.size, "top": face.top, "bottom": face.bottom}


def _fitted(typst: ModuleType, source: bytes, values: Mapping[str, Any], stamp: int) -> bytes:
    """Return the pages in letters small enough for two, where that is not too small; else in full size."""
    full = _compile(typst, source, values, stamp)
    if not PAGES < _count(full) <= _NEAR:
        return full
    for scale in _SCALES:
        smaller = _compile(typst, source, {**values, "size": values["size"] * scale}, stamp)
        if _count(smaller) <= PAGES:
            return smaller
    return full


def _count(made: bytes) -> int:
    """Return how many pages a PDF of typst's has."""
    told = _COUNT.search(made)
    return int(told.group(1)) if told else 0


def _lacking(typst: ModuleType, asked: frozenset[str], fonts: Sequence[str] = OWN) -> frozenset[str]:
    """Return the characters that cannot be shown: of a script all, once one is missing.

    typst names one at a time; it is asked about scripts, of which a document has few.
    """
    lacking: frozenset[str] = frozenset()
    while left := asked - lacking:
        try:
            _probe(typst, left, fonts)
        except typst.TypstError as error:
            named = _QUOTED.search(str(error))
            told = named.group(1) if named else ""
            text = _ESCAPED.sub(lambda code: chr(int(code.group(1), 16)), told)
            found = relatives(text, left)
            if not found:
                return asked
            lacking |= found
        else:
            break
    return lacking


def _probe(typst: ModuleType, asked: frozenset[str], fonts: Sequence[str]) -> None:
    """Set characters; what cannot be shown is an error of typst's."""
    _compile(typst, _PROBE, {"asked": " ".join(sorted(asked)), "fonts": list(fonts)}, 0)


def _compile(typst: ModuleType, source: bytes, values: Mapping[str, Any], stamp: int) -> bytes:
    """Return a source with its data as PDF, made in memory."""
    data = json.dumps(values, ensure_ascii=False, sort_keys=True).encode()
    made: bytes = typst.compile(
        {"main.typ": source, "account.json": data},
        format="pdf",
        pdf_standards=[STANDARD],
        ignore_system_fonts=set(values["fonts"]) <= set(OWN),
        timestamp=stamp,
    )
    return made
