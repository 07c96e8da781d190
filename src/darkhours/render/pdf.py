"""The account as a PDF: pages to file, tagged, the same bytes every time."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from darkhours.model.account import Account
from darkhours.model.case import Case
from darkhours.model.errors import ConfigError
from darkhours.render.defs import TEMPLATES
from darkhours.render.pdf_names import with_names_that_show
from darkhours.render.pdf_text import SAFE, letters, relatives, spell_out
from darkhours.render.pdf_values import values_of

STANDARD = "ua-1"
"""PDF/UA-1: tagged, with a language, a title and words for every picture; typst refuses what is not."""
_PROBE = b'#set text(font: "Libertinus Serif")\n#set document(title: "probe")\n#json("account.json")'
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
        _compile(typst, _PROBE, " ".join(sorted(SAFE)), 0)
    except typst.TypstError as error:
        return str(error).splitlines()[0]
    return ""


def pdf(account: Account, case: Case | None) -> bytes:
    """Return the account as a PDF: statement, picture, totals, windows, method, evidence, hashes.

    For those who file it. Nothing in it depends on the clock or the fonts of the machine: its
    date is that of the account, its fonts are those that typst carries. Words of others go in
    as data, which is set as it is; characters that no such font has are spelled by number.

    Args:
        account: what the pages are about.
        case: the claims behind it; None where it rests on measured signals alone.

    Raises:
        ConfigError: the extra is not installed.
    """
    typst, values = need_typst(), values_of(account, case)
    stamp = int(account.as_of.timestamp())
    source = (TEMPLATES / "account.typ").read_bytes()
    lacking = _lacking(typst, letters(values))
    if lacking:
        values = values_of(*with_names_that_show(account, case, lacking))
    try:
        return _compile(typst, source, spell_out(values, lacking), stamp)
    except typst.TypstError as error:
        if not _UNSHOWN.search(str(error)):
            raise
        return _compile(typst, source, spell_out(values, letters(values)), stamp)


def _lacking(typst: ModuleType, asked: frozenset[str]) -> frozenset[str]:
    """Return the characters that cannot be shown: of a script all, once one is missing.

    typst names one at a time; it is asked about scripts, of which a document has few.
    """
    lacking: frozenset[str] = frozenset()
    while left := asked - lacking:
        try:
            _compile(typst, _PROBE, " ".join(sorted(left)), 0)
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


def _compile(typst: ModuleType, source: bytes, values: Mapping[str, Any] | str, stamp: int) -> bytes:
    """Return a source with its data as PDF, made in memory."""
    data = json.dumps(values, ensure_ascii=False, sort_keys=True).encode()
    made: bytes = typst.compile(
        {"main.typ": source, "account.json": data},
        format="pdf",
        pdf_standards=[STANDARD],
        ignore_system_fonts=True,
        timestamp=stamp,
    )
    return made
