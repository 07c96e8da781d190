"""Folds a name to the form under which it is found: no case, no accents, no punctuation."""

from __future__ import annotations

import unicodedata

# Letters that Unicode does not take apart, and those that two keyboards write differently.
_LETTERS = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i", "æ": "ae", "œ": "oe", "ħ": "h",
        "ŋ": "n", "ə": "a", "\u06cc": "\u064a", "\u0649": "\u064a", "\u06a9": "\u0643", "\u06c1": "\u0647",
    }
)  # fmt: skip
# Accents of Latin, Greek and Cyrillic; points of Hebrew and Arabic, which are written or left out at will.
_MARKS = ((0x0300, 0x036F), (0x0591, 0x05C7), (0x064B, 0x065F), (0x0670, 0x0670))
# Apostrophes and their likeness stand inside a word, hyphens between two.
_INSIDE = frozenset("'’‘ʼʻʹʿʾ`\u00b4″ʺ\u0640\u200b\u200c\u200d\u2060\ufeff")


def fold(text: str) -> str:
    """Return the form under which a name is found; "" where the text holds no letter or digit.

    The index and the question are folded alike, so that people need not know how the
    gazetteer writes a name. Vowel signs of Indic scripts stay: without them other words
    would be left.

    >>> fold("Nur-Sultan"), fold("  ÖSKEMEN "), fold("Sana'a"), fold("Алма-Ата")
    ('nur sultan', 'oskemen', 'sanaa', 'алма ата')
    """
    if text.isascii():
        plain = text.casefold()
    else:
        apart = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
        bare = "".join(char for char in apart if not _is_mark(char))
        plain = unicodedata.normalize("NFC", bare)
    return " ".join("".join(_spell(char) for char in plain).split())


def _is_mark(char: str) -> bool:
    return char > "\u02ff" and any(low <= ord(char) <= high for low, high in _MARKS)


def _spell(char: str) -> str:
    if char.isalnum():
        return char
    if char in _INSIDE:
        return ""
    return char if unicodedata.category(char).startswith("M") else " "
