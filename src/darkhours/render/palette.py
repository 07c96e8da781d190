"""The colours of the page by role, light and dark; a test holds their contrast."""

from __future__ import annotations

LIGHT = {
    "paper": "#fbf9f4",
    "ink": "#17202b",
    "mute": "#55606c",
    "rule": "#d9d3c6",
    "grid": "#e4dfd3",
    "frame": "#6d6a60",
    "up": "#fff4cf",
    "degb": "#e7b964",
    "degs": "#8a4d08",
    "dark": "#17212e",
    "ondark": "#fdf8ea",
    "dots": "#7b8087",
    "hot": "#b0103c",
    "link": "#0b5a8a",
    "good": "#1c5f45",
    "tint": "#f1ece0",
}
DARK = {
    "paper": "#12171d",
    "ink": "#ece6d8",
    "mute": "#a7b0ba",
    "rule": "#323b46",
    "grid": "#252d37",
    "frame": "#8d97a3",
    "up": "#f1dc97",
    "degb": "#6b4a17",
    "degs": "#e2ab4f",
    "dark": "#020305",
    "ondark": "#f4ecd6",
    "dots": "#7d858f",
    "hot": "#ff7d9d",
    "link": "#84c6f2",
    "good": "#7fd1ae",
    "tint": "#1a2129",
}

_KNEE = 0.04045
"""Where the curve of sRGB turns from a line into a power."""


def variables(colours: dict[str, str]) -> str:
    """Return colours as CSS custom properties."""
    return ";".join(f"--{role}:{colour}" for role, colour in colours.items())


def colour_scheme(root: str) -> str:
    """Return the rules that set light and dark on ``root``; print is always light, on white."""
    return (
        f"{root}{{color-scheme:light dark;{variables(LIGHT)}}}"
        f"@media (prefers-color-scheme:dark){{{root}{{{variables(DARK)}}}}}"
        f"@media print{{{root}{{color-scheme:light;{variables(LIGHT | {'paper': '#ffffff'})}}}}}"
    )


def contrast(left: str, right: str) -> float:
    """Return the contrast of two colours, 1 to 21.

    Source: WCAG 2.2, relative luminance and contrast ratio.

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    dim, bright = sorted((_luminance(left), _luminance(right)))
    return round((bright + 0.05) / (dim + 0.05), 2)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= _KNEE else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
