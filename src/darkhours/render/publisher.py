"""Who publishes, and at which address: what feeds, alerts and calendars say of where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote, urlsplit

from darkhours.render.markup import safe_link


@dataclass(frozen=True, slots=True)
class Publisher:
    """Whoever runs the site.

    Args:
        name: a person or an organisation, as feeds name their author.
        base: absolute address of the site without a slash at its end: ``https://example.org/dark``.
        sender: what alerts name their sender by: a domain or an address of mail, without
            spaces, commas, ``<`` and ``&`` (CAP 1.2, 3.2.1).

    Raises:
        ValueError: the address is no address, or the sender has a character that CAP forbids.
    """

    name: str
    base: str
    sender: str

    def __post_init__(self) -> None:
        """Refuse what readers of feeds would choke on."""
        parts = urlsplit(self.base)
        if safe_link(self.base) is None or self.base.endswith("/") or parts.query or parts.fragment:
            raise ValueError(f"expected an address such as 'https://example.org', got {self.base[:80]!r}")
        if not self.sender or any(char in " ,<&" or not char.isprintable() for char in self.sender):
            raise ValueError(
                f"expected a sender without spaces, commas, '<' and '&', got {self.sender[:80]!r}"
            )

    def link(self, path: str) -> str:
        """Return the absolute address of a path; characters that no address may hold are escaped.

        >>> Publisher("Us", "https://example.org", "example.org").link("/entity/local:Kerman/Bam x")
        'https://example.org/entity/local:Kerman/Bam%20x'
        """
        return self.base + quote(path, safe="/:?&=;@!$'()*+,~-._%", errors="replace")


def urn(*parts: str) -> str:
    """Return an id for feeds and calendars that is the same for the same parts (RFC 9562, version 8).

    >>> urn("notice", "n-1")
    'urn:uuid:49dbeb32-9259-818b-bf6e-1db7ebb8c299'
    """
    raw = bytearray(sha256(chr(0).join(parts).encode("utf-8", "replace")).digest()[:16])
    raw[6] = (raw[6] & 0x0F) | 0x80
    raw[8] = (raw[8] & 0x3F) | 0x80
    text = raw.hex()
    return f"urn:uuid:{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
