"""Markup out of untrusted text: elements that escape, text that cannot turn or hide itself."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from markupsafe import Markup, escape

JOINERS = "\u200c\u200d"
"""Format characters that honest Persian, Hindi and emoji need."""
FSI, PDI = "\u2068", "\u2069"
"""First-strong isolate and its end: what ``<bdi>`` is where no element can stand."""
_BREAKS = re.compile(r"[ \t-\r\x1c-\x1e\x85\u2028\u2029]+")
"""White space that becomes one space; a no-break space stays what it is."""
_ISOLATES = frozenset({FSI, PDI})
_PLAIN = re.compile("[ -~\u00a0-\u00ac\u00ae-\u02ff\u0400-\u052f\u2010-\u2027]*")
"""Text that shows as what it is: Latin and Cyrillic, dashes and quotes; most text is."""
_C0_PICTURES = 0x2400
_C0_END = 0x20


def clean(text: object) -> str:
    r"""Return ``text`` on one line with every control and bidi character made visible.

    A note that turns the reading direction could swap what is said; an invisible character
    could hide a word. Both are shown as what they are, so nobody is fooled and nothing is lost.

    >>> clean("a\nb \x07 \u202egnp")
    'a b ␇ [U+202E]gnp'
    """
    shown = _BREAKS.sub(" ", str(text)).strip(" ")
    return shown if _PLAIN.fullmatch(shown) else "".join(map(_visible, shown))


def _visible(char: str) -> str:
    category, code = unicodedata.category(char), ord(char)
    if category == "Cc":
        return chr(_C0_PICTURES + code) if code < _C0_END else f"[U+{code:04X}]"
    if category == "Cf" and char not in JOINERS:
        return f"[U+{code:04X}]"
    return "\ufffd" if category in {"Cs", "Cn", "Co"} else char


def bdi(text: object) -> Markup:
    """Return untrusted text as an isolated run, so that its direction ends where it ends."""
    return Markup("<bdi>{}</bdi>").format(clean(text))


def settled(text: object) -> str:
    r"""Return ``text`` cleaned, but for isolates that all end: those we put around values ourselves.

    An isolate that is closed holds whatever turns inside it, as ``<bdi>`` does, so a foreign pair
    does no harm; one that is left open, or closed without being opened, is made visible.

    >>> settled("a \u2068b\u2069 c\u2069")
    'a [U+2068]b[U+2069] c[U+2069]'
    >>> settled("a \u2068b\u2069 c") == "a \u2068b\u2069 c"
    True
    """
    shown = _BREAKS.sub(" ", str(text)).strip(" ")
    if _PLAIN.fullmatch(shown):
        return shown
    kept = _ISOLATES if _closed(shown) else frozenset()
    return "".join(char if char in kept else _visible(char) for char in shown)


def _closed(text: str) -> bool:
    """Tell whether every isolate in a text ends, and nothing ends that did not begin."""
    depth = 0
    for char in text:
        depth += (char == FSI) - (char == PDI)
        if depth < 0:
            return False
    return depth == 0


def text_markup(text: str) -> Markup:
    """Return text as markup that is safe between tags and between double quotes.

    An apostrophe stays as it is: it closes nothing of ours, and prose is full of them.
    """
    return text if isinstance(text, Markup) else Markup(str(escape(text)).replace("&#39;", "'"))  # noqa: S704 — escaped


def our_bdi(text: object) -> Markup:
    """Return words of our own as an isolated run: what they isolate inside stays isolated."""
    return Markup("<bdi>{}</bdi>").format(settled(text))


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """Return an element; strings are cleaned and escaped, `Markup` is kept.

    Attribute names: a trailing underscore is dropped, others become hyphens; None leaves the
    attribute out; numbers are rounded to a tenth, which is finer than any eye.

    >>> print(tag("a", "x<y", class_="m", stroke_width=1.25, href=None))
    <a class="m" stroke-width="1.2">x&lt;y</a>
    """
    head = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None)
    if not children:
        return Markup(f"<{name}{head}/>")  # noqa: S704 — name is ours, the head is escaped
    body = "".join(child if isinstance(child, Markup) else escape(settled(child)) for child in children)
    return Markup(f"<{name}{head}>{body}</{name}>")  # noqa: S704 — the body is escaped above


def _attribute(key: str, value: object) -> str:
    if key == "d" and isinstance(value, Markup):  # a path: numbers of ours, and many
        return f' d="{value}"'
    shown = short(value) if isinstance(value, (int, float)) else escape(settled(value))
    return f' {key.rstrip("_").replace("_", "-")}="{shown}"'


def short(number: float) -> str:
    """Return a coordinate in as few characters as will do.

    >>> short(12.04), short(-0.04), short(3.25)
    ('12', '0', '3.2')
    """
    text = f"{number:.1f}"
    return text.removesuffix(".0").replace("-0", "0") if abs(number) < 1 else text.removesuffix(".0")


def safe_link(url: str | None) -> str | None:
    """Return ``url`` where it is an ordinary web address, else None.

    >>> safe_link("https://example.org/a"), safe_link("javascript:alert(1)")
    ('https://example.org/a', None)
    """
    if url is None or any(unicodedata.category(char)[0] in "CZ" for char in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None


_NARROW, _SLIM, _WIDE = frozenset("iljI.,:;'|![]"), frozenset("tfr() ·"), frozenset("mwMW@%—")


def text_width(text: str, size: float) -> float:
    """Return the width of ``text`` in px, near enough for a sans of ``size`` px.

    Fonts differ from reader to reader and nothing is measured here: the widths are those of
    broad faces (Noto Sans, DejaVu Sans), so that an estimate errs on the side of room.
    """
    return size * sum(map(_char_width, text))


def _char_width(char: str) -> float:
    if char in _NARROW:
        return 0.3
    if char in _SLIM:
        return 0.38
    if char in _WIDE:
        return 0.9
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    if unicodedata.category(char) in {"Mn", "Cf"}:
        return 0.0
    return 0.66 if char.isupper() or char.isdigit() else 0.59


def wrap(text: str, width: float, size: float, lines: int) -> list[str]:
    """Return ``text`` broken into at most ``lines`` lines of ``width`` px; the last may end in …."""
    found: list[str] = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        if text_width(longer, size) <= width or not found[-1]:
            found[-1] = longer
        else:
            found.append(word)
    whole = found if not _closed(text) else [line if _closed(line) else _bare(line) for line in found]
    kept = [_fit(line, width, size) for line in whole[:lines]]
    if len(found) > lines:
        kept[-1] = _fit(kept[-1].rstrip("….,;") + "…", width, size)
    return kept


def _bare(line: str) -> str:
    """Return a line without the isolates that a break has torn."""
    return line.replace(FSI, "").replace(PDI, "")


def _fit(line: str, width: float, size: float) -> str:
    """Return ``line`` cut so that it fits, with … where it was cut."""
    if text_width(line, size) <= width:
        return line
    cut = line.rstrip("…")
    while cut and text_width(cut + "…", size) > width:
        cut = cut[:-1]
    cut = cut if _closed(cut) else _bare(cut)
    return cut.rstrip(" ,;") + "…"
