"""The fonts of the pages to file: those that typst carries, and one of the machine for some scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

OWN = ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono")
"""Carried by typst, the same everywhere: Latin, Greek, Cyrillic with Kazakh."""
_ARABIC = ("Noto Naskh Arabic", "Noto Sans Arabic", "Amiri", "Scheherazade New", "Vazirmatn")
_PERSIAN = ("Noto Sans Arabic", "Vazirmatn")
"""Those whose digits 4, 6 and 7 are Persian ones: Noto Naskh Arabic has the Urdu shapes alone."""
_NASKH = "\u0621-\u063a\u0640-\u0652\u0654\u0660-\u0669\u060c\u061b\u061f\u066a-\u066c"


@dataclass(frozen=True, slots=True)
class Face:
    """How the letters of a language are set.

    Args:
        families: fonts that carry them, the best first; empty where those of typst do.
        ranges: the letters that a font must have, as ranges of a character class.
        size: of its letters against those of Latin.
        top: height of a line above its base, in em; None for that of capitals.
        bottom: its depth below, in em.
    """

    families: tuple[str, ...] = ()
    ranges: str = ""
    size: float = 1.0
    top: float | None = None
    bottom: float = 0.0

    @property
    def letters(self) -> str:
        """Return every letter that a font must have.

        >>> Face(ranges="a-cx").letters
        'abcx'
        """
        found, left = [], self.ranges
        while left:
            first, dash, last = left[0], left[1:2], left[2:3]
            if dash == "-":
                found += [chr(code) for code in range(ord(first), ord(last) + 1)]
            else:
                found.append(first)
            left = left[3 if dash == "-" else 1 :]
        return "".join(found)


FACES: Mapping[str, Face] = {
    "ar": Face(_ARABIC, _NASKH, 1.0, 0.82, 0.18),
    "fa": Face(_PERSIAN, f"{_NASKH}\u067e\u0686\u0698\u06a9\u06af\u06c0\u06cc\u06f0-\u06f9", 1.0, 0.82, 0.18),
    "my": Face(
        ("Noto Serif Myanmar", "Noto Sans Myanmar", "Padauk"),
        "\u1000-\u1032\u1036-\u104f",
        0.84,
        0.9,
        0.4,
    ),
}
"""The languages whose letters typst brings no font for, by code; sizes are ours, chosen by eye."""
