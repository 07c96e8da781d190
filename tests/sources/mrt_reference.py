"""A slow reader of MRT that cannot read past an end: every field is a slice that must be whole.

The kernels are held against it. It knows no chunk, no table of peers and no column.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from ipaddress import ip_address

DAY_S, LARGEST = 86_400, 16 << 20
TYPES = {*range(14), 16, 17, 32, 33, 48, 49}
OURS = {5, 12, 13, 16, 17}


class BrokenError(Exception):
    """A record that does not fit."""


class OtherError(Exception):
    """A record that has no prefixes for us."""


class Span:
    """Bytes that are taken from the left; none beyond the end."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        if self.at + n > len(self.data):
            raise BrokenError
        self.at += n
        return self.data[self.at - n : self.at]

    def number(self, n):
        return int.from_bytes(self.take(n), "big")

    def span(self, n):
        return Span(self.take(n))

    def left(self):
        return len(self.data) - self.at


@dataclass
class Reading:
    """Rows: kind, peer, asn, family, safi, bits, address, path id, origin, state, time; and what is none."""

    rows: list = field(default_factory=list)
    malformed: int = 0
    unsupported: int = 0
    records: int = 0
    index: list | None = None


def read(data, *, plain_peers=False):
    """Return the reading of a whole unpacked file; addresses of peers as text, or as plain numbers."""
    told = _read(data)
    write = (lambda raw: int.from_bytes(raw, "big")) if plain_peers else (lambda raw: str(ip_address(raw)))
    told.rows = [(row[0], write(row[1]), *row[2:]) for row in told.rows]
    return told


def _read(data):
    told, at, last, lost = Reading(), 0, 0, False
    while at + 12 <= len(data):
        if lost or not _is_head(data, at):
            told.malformed += not lost
            at = _regain(data, at if lost else at + 1, last)
            lost = at + 12 > len(data)
            continue
        length = struct.unpack_from(">I", data, at + 8)[0]
        if at + 12 + length > len(data):
            break
        last = struct.unpack_from(">I", data, at)[0]
        at = _take(told, data, at, at + 12 + length)
    if at < len(data) and not lost:
        told.malformed += 1
    return told


def _is_head(data, at):
    _, kind, _, length = struct.unpack_from(">IHHI", data, at)
    return kind in TYPES and length <= LARGEST


def _regain(data, at, last):
    while at + 12 <= len(data):
        time, kind, subtype, length = struct.unpack_from(">IHHI", data, at)
        after = at + 12 + length
        likely = kind in OURS and subtype <= 12 and 0 < length <= LARGEST and abs(time - last) <= DAY_S
        if likely and (
            after + 12 > len(data)
            or (_is_head(data, after) and abs(struct.unpack_from(">I", data, after)[0] - last) <= DAY_S)
        ):
            return at
        at += 1
    return at


def _take(told, data, at, end):
    told.records += 1
    before = len(told.rows)
    try:
        return _record(told, data, at, end)
    except BrokenError:
        told.malformed += 1
    except OtherError:
        told.unsupported += 1
    del told.rows[before:]
    return end


def _record(told, data, at, end):
    time, kind, subtype, _ = struct.unpack_from(">IHHI", data, at)
    body, micros = Span(data[at + 12 : end]), 0
    if kind == 17:
        micros = min(body.number(4), 999_999)
    stamp = time * 1_000_000 + micros
    if kind == 12:
        return _dump(told, data, at + 12, end, subtype, stamp)
    if kind in {16, 17}:
        _session(told, body, subtype, stamp)
    elif kind == 13:
        _rib(told, body, subtype, stamp)
    elif kind == 5:
        _legacy(told, body, subtype, stamp)
    else:
        raise OtherError
    return end


def _session(told, body, subtype, stamp):
    if subtype not in {0, 1, 4, 5, 6, 7, 8, 9, 10, 11}:
        raise OtherError
    width = 4 if subtype in {4, 5, 7, 9, 11} else 2
    asn, _, _, afi = body.number(width), body.number(width), body.take(2), body.number(2)
    if afi not in {1, 2}:
        raise BrokenError
    size = 4 if afi == 1 else 16
    peer = body.take(size)
    body.take(size)
    if subtype in {0, 5}:
        body.take(2)
        told.rows.append(("S", peer, asn, 4, 0, 0, 0, 0, 0, min(body.number(2), 255), stamp))
        return
    head = body.take(19)
    size, kind = struct.unpack(">HB", head[16:])
    if size < 19:
        raise BrokenError
    rest = body.span(size - 19)
    if kind == 2:
        _update(told, rest, width, subtype >= 8, peer, asn, stamp)


def _legacy(told, body, subtype, stamp):
    if subtype not in {1, 3}:
        raise OtherError
    asn, peer = body.number(2), body.take(4)
    if subtype == 3:
        body.take(2)
        told.rows.append(("S", peer, asn, 4, 0, 0, 0, 0, 0, min(body.number(2), 255), stamp))
        return
    body.take(6)
    _update(told, body, 2, False, peer, asn, stamp)


def _update(told, body, width, paths, *of):
    gone = body.span(body.number(2))
    found = _attributes(body.span(body.number(2)))
    origin = _origin(found, width)
    _prefixes(told, gone, ("W", 4, 1, 0), paths, of)
    if 15 in found:
        family, safi = _family(found[15])
        if family:
            _prefixes(told, found[15], ("W", family, safi, 0), paths, of)
    _prefixes(told, body, ("A", 4, 1, origin), paths, of)
    if 14 in found:
        family, safi = _family(found[14])
        hop = found[14].number(1)
        found[14].take(1)
        found[14].take(hop)
        if family:
            _prefixes(told, found[14], ("A", family, safi, origin), paths, of)


def _attributes(span, only=None):
    found = {}
    while span.left():
        flags, code = span.take(2)
        value = span.span(span.number(2 if flags & 0x10 else 1))
        if code in {2, 14, 15, 17}:
            found.setdefault(code, value)
        if code == only:
            break
    return found


def _family(span):
    afi, safi = span.number(2), span.number(1)
    return ({1: 4, 2: 6}.get(afi, 0) if safi in {1, 2, 3} else 0), safi


def _prefixes(told, span, kinds, paths, of):
    kind, family, safi, origin = kinds
    *peer, stamp = of
    while span.left():
        path_id = span.number(4) if paths else 0
        bits, address = _prefix(span, family)
        told.rows.append((kind, *peer, family, safi, bits, address, path_id, origin, 0, stamp))


def _prefix(span, family):
    bits, size = span.number(1), 32 if family == 4 else 128
    if bits > size:
        raise BrokenError
    raw = span.take((bits + 7) // 8)
    return bits, _cut(int.from_bytes(raw.ljust(size // 8, b"\0"), "big"), bits, size)


def _cut(address, bits, size):
    return address >> (size - bits) << (size - bits)


def _segments(data, width):
    span, told = Span(data), []
    while span.left():
        kind, n = span.take(2)
        told.append((kind, [span.number(width) for _ in range(n)]))
    return told


def _end(segments):
    last = [(kind, asns) for kind, asns in segments if asns and kind in {1, 2}]
    if not last:
        return 0
    kind, asns = last[-1]
    return asns[-1] if kind == 2 or len(asns) == 1 else 0


def _origin(found, width):
    if 2 not in found:
        return 0
    path = _segments(found[2].data, width)
    if width == 4 or 17 not in found:
        return _end(path)
    try:
        path4 = _segments(found[17].data, 4)
    except BrokenError:
        return _end(path)
    hops = [sum(len(a) if k == 2 else k == 1 for k, a in told) for told in (path, path4)]
    return _end(path) if hops[1] > hops[0] or not _end(path4) else _end(path4)


def _dump(told, data, at, end, *of):
    subtype, stamp = of
    if not 1 <= subtype <= 4:
        raise OtherError
    size, width = (4 if subtype in {1, 3} else 16), (4 if subtype >= 3 else 2)
    if at + 4 >= end:
        raise BrokenError
    at += 4
    while at < end:
        span = Span(data[at : min(end + 4, len(data))])
        address, bits, _, peer = span.number(size), span.number(1), span.take(5), span.take(size)
        asn = span.number(width)
        body = span.span(span.number(2))
        if bits > size * 8:
            raise BrokenError
        origin = _origin(_attributes(body), width)
        family = 4 if size == 4 else 6
        address = _cut(address, bits, size * 8)
        told.rows.append(("B", peer, asn, family, 1, bits, address, 0, origin, 0, stamp))
        at += span.at
    follows = at == len(data) or (at + 12 <= len(data) and data[at + 4 : at + 6] == b"\0\x0c")
    if at == end or (at == end + 4 and follows):
        return at
    raise BrokenError


def _rib(told, body, subtype, stamp):
    if subtype == 1:
        _index(told, body)
        return
    family, safi, paths = _kind(body, subtype)
    bits, address = _prefix(body, family)
    for _ in range(body.number(2)):
        place = body.number(2)
        body.take(4)
        path_id = body.number(4) if paths else 0
        attributes = body.span(body.number(2))
        if told.index is None or place >= len(told.index):
            raise BrokenError
        origin = _origin(_attributes(attributes, 2), 4)
        peer = told.index[place]
        told.rows.append(("B", *peer, family, safi, bits, address, path_id, origin, 0, stamp))


def _kind(body, subtype):
    if subtype in {6, 12}:
        body.take(4)
        family, safi = _family(body)
        if not family:
            raise OtherError
        return family, safi, subtype == 12
    plain = {2: (4, 1), 3: (4, 2), 4: (6, 1), 5: (6, 2)}
    if subtype in plain:
        body.take(4)
        return *plain[subtype], False
    if subtype - 6 in plain:
        body.take(4)
        return *plain[subtype - 6], True
    raise OtherError


def _index(told, body):
    told.index = None
    body.take(4)
    body.take(body.number(2))
    peers = []
    for _ in range(body.number(2)):
        kind, _ = body.number(1), body.take(4)
        address = body.take(16 if kind & 1 else 4)
        peers.append((address, body.number(4 if kind & 2 else 2)))
    told.index = peers
