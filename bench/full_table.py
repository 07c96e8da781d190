"""Writes a made-up table of a whole collector, and files of places for it; run by hand.

``python bench/full_table.py FOLDER`` makes in FOLDER

- ``table.gz``, a RIB dump of 1,000,000 IPv4 and 220,000 IPv6 prefixes of 76,000 networks, heard by 20 peers:
  23 million entries;
- ``places.csv``, intervals with a country and a region.

In ``plausible`` form addresses of a network lie together and in few countries, as they do in the Internet; in
``random`` form every prefix is of any network and every interval in any country, so that nearly every
prefix brings a crossing of its own: the worst that there can be of this size. Then:

    cd FOLDER/random
    /usr/bin/time -v darkhours mrt visibility table.gz --places places.csv --per asn-country > visible.csv

Peak memory of both forms stands in docs/adr/0012-mrt.md. The same seed writes the same bytes.
"""

from __future__ import annotations

import gzip
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

TIME = 1_641_340_800
PREFIXES4, PREFIXES6, NETWORKS, PEERS = 1_000_000, 220_000, 76_000, 20
LENGTHS4 = [24] * 60 + [23] * 10 + [22] * 11 + [21] * 5 + [20] * 5 + [19] * 3 + [18] * 2 + [17, 16, 15, 14]
LENGTHS6 = [48] * 50 + [32] * 12 + [40] * 8 + [44] * 8 + [36] * 6 + [29] * 3 + [46] * 2
"""How long prefixes are: as a table of 2025 has it, by eye."""
HEARD, SEVERAL = 0.97, 0.02
"""Share of peers that have a prefix, and of prefixes that two networks announce."""
COUNTRIES = [chr(65 + a) + chr(65 + b) for a in range(25) for b in range(10)]
REGIONS = 9
SIZES = {"random": [1024, 4096, 16_384, 65_536], "plausible": [1024, 16_384, 131_072]}
"""Addresses of an interval of places."""
HOME_BITS, HOME_NETWORKS, HOME_COUNTRIES = 22, 84, 4
"""Plausible: addresses that share their left bits belong to 84 networks and lie in four countries."""
_MASKS = 256
_Ints = NDArray[np.int64]


def write_table(path: Path, form: str, seed: int = 1) -> None:
    """Write the table; each prefix is one record with an entry of every peer that has it."""
    dice = np.random.default_rng(seed)
    begin4, bits4 = _prefixes(dice, PREFIXES4, LENGTHS4, 32, (1 << 24, 223 << 24))
    begin6, bits6 = _prefixes(dice, PREFIXES6, LENGTHS6, 64, (0x2 << 60, 0x3 << 60))
    with gzip.open(path, "wb", 1) as out:
        out.write(_record(1, _peers()))
        origins = _origins(dice, begin4 >> HOME_BITS, form)
        out.writelines(_rib(dice, 2, begin4.astype(np.uint64) << np.uint64(32), bits4, origins))
        origins = _origins(dice, begin6 >> (HOME_BITS + 26), form)
        out.writelines(_rib(dice, 4, begin6, bits6, origins))


def write_places(path: Path, form: str, seed: int = 2) -> None:
    """Write intervals that cover IPv4, each in one country and one of its regions."""
    dice, at, rows = np.random.default_rng(seed), 1 << 24, []
    while at < 223 << 24:
        after = at + int(dice.choice(SIZES[form]))
        country = int(dice.integers(len(COUNTRIES)))
        if form == "plausible":
            country = ((at >> HOME_BITS) * 7 + country % HOME_COUNTRIES) % len(COUNTRIES)
        code = COUNTRIES[country]
        rows.append(f"{at},{after - 1},{code},{code}-{1 + int(dice.integers(REGIONS))}\n")
        at = after
    path.write_text("".join(rows), encoding="ascii")


def _prefixes(
    dice: np.random.Generator, n: int, lengths: list[int], width: int, between: tuple[int, int]
) -> tuple[_Ints, _Ints]:
    """Return different prefixes, in order: first address and bits."""
    bits = dice.choice(lengths, 2 * n).astype(np.int64)
    begin = dice.integers(*between, 2 * n) >> (width - bits) << (width - bits)
    _, first = np.unique(np.stack([begin, bits]), axis=1, return_index=True)
    kept = np.sort(first)[:n]
    order = np.lexsort((bits[kept], begin[kept]))
    return begin[kept][order], bits[kept][order]


def _origins(dice: np.random.Generator, home: _Ints, form: str) -> _Ints:
    """Return the network of each prefix, and the other that a third of the peers hears it from."""
    one = dice.integers(NETWORKS, size=home.size)
    if form == "plausible":
        one = (home * HOME_NETWORKS + one % HOME_NETWORKS) % NETWORKS
    several = dice.random(home.size) < SEVERAL
    return 1 + np.stack([one, np.where(several, dice.integers(NETWORKS, size=home.size), one)])


def _rib(
    dice: np.random.Generator, kind: int, hi: NDArray[Any], bits: _Ints, origins: _Ints
) -> Iterator[bytes]:
    entries = np.stack([_entry(peer, six=kind == 4) for peer in range(PEERS)])  # noqa: PLR2004 — a subtype
    begins = entries.tobytes().index(b"OOOO")
    masks = dice.random((_MASKS, PEERS)) < HEARD
    rows = zip(hi.tolist(), bits.tolist(), origins.T.tolist(), strict=True)
    for number, (first, length, (one, other)) in enumerate(rows):
        heard = masks[number % _MASKS]
        told = entries.copy()
        told[:, begins : begins + 4] = np.frombuffer(struct.pack(">I", one), np.uint8)
        told[1::3, begins : begins + 4] = np.frombuffer(struct.pack(">I", other), np.uint8)
        prefix = bytes([length]) + struct.pack(">Q", first)[: (length + 7) // 8]
        head = struct.pack(">I", number) + prefix + struct.pack(">H", int(heard.sum()))
        yield _record(kind, head + told[heard].tobytes())


def _entry(peer: int, *, six: bool) -> NDArray[np.uint8]:
    """Return an entry of a RIB record: a peer, an instant, attributes; OOOO stands for the origin."""
    path = struct.pack(">BBIII", 2, 4, 64_500 + peer, 3356, 174) + b"OOOO"
    hop = struct.pack(">BBB", 0x80, 14, 17) + b"\x10" + bytes(16) if six else b"\x40\x03\x04\xc0\0\2\1"
    attributes = b"\x40\x01\x01\0" + struct.pack(">BBB", 0x40, 2, len(path)) + path + hop
    told = struct.pack(">HIH", peer, TIME, len(attributes)) + attributes
    return np.frombuffer(told, np.uint8)


def _peers() -> bytes:
    one = b"".join(
        struct.pack(">BIII", 2, 0xC0000201 + peer, 0xC0000201 + peer, 64_500 + peer) for peer in range(PEERS)
    )
    return struct.pack(">IHH", 0xC0000201, 0, PEERS) + one


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack(">IHHI", TIME, 13, kind, len(body)) + body


def main() -> None:
    """Write both forms into the folder that the command line names."""
    for form in SIZES:
        folder = Path(sys.argv[1], form)
        folder.mkdir(parents=True, exist_ok=True)
        write_table(folder / "table.gz", form)
        write_places(folder / "places.csv", form)
        print(folder)


if __name__ == "__main__":
    main()
