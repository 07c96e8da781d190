"""XML by the standard library's writer, out of untrusted text that XML may not even be able to hold."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, tostring

from darkhours.render.markup import settled

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no character for, not even escaped (production 2, Char)."""


def legal(text: object) -> str:
    """Return text as XML can hold it: controls and turns made visible, what is no character replaced.

    >>> legal(chr(0) + "a" + chr(0x202E) + chr(0xFFFE))
    '␀a[U+202E]�'
    """
    return _ILLEGAL.sub("\ufffd", settled(text))


def add(parent: Element, name: str, text: object = None, **attributes: str) -> Element:
    """Add a child with that text and those attributes, both made legal; a trailing ``_`` of a name goes."""
    child = SubElement(parent, name, {key.rstrip("_"): legal(its) for key, its in attributes.items()})
    if text is not None:
        child.text = legal(text)
    return child


def write_xml(root: Element) -> str:
    """Return a document with its declaration; the same tree gives the same text."""
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"
