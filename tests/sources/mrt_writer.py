"""Writes MRT records of every type that is read, from values; for tests alone.

Source: RFC 6396, RFC 8050, RFC 4271, RFC 4760.
"""

from __future__ import annotations

import struct
from ipaddress import ip_address, ip_network

PEER, LOCAL = ("192.0.2.1", 64501), ("192.0.2.254", 64999)
PEER6 = ("2001:db8::1", 64502)


def record(kind, subtype, body, time=1_600_000_000, micros=None):
    """Return a record with its head; `micros` makes it one of BGP4MP_ET."""
    if micros is not None:
        kind, body = 17, struct.pack(">I", micros) + body
    return struct.pack(">IHHI", time, kind, subtype, len(body)) + body


def prefix(text, path_id=None):
    """Return a prefix as BGP writes it."""
    net = ip_network(text)
    told = b"" if path_id is None else struct.pack(">I", path_id)
    return told + bytes([net.prefixlen]) + net.network_address.packed[: (net.prefixlen + 7) // 8]


def attribute(code, value, flags=0x40):
    """Return a path attribute, with two bytes of length where it needs them."""
    if len(value) > 255:
        return struct.pack(">BBH", flags | 0x10, code, len(value)) + value
    return struct.pack(">BBB", flags, code, len(value)) + value


def segment(asns, width=4, kind=2):
    """Return a segment of an AS path: 1 set, 2 sequence, 3 and 4 of a confederation."""
    return bytes([kind, len(asns)]) + b"".join(asn.to_bytes(width, "big") for asn in asns)


def path(asns, width=4):
    """Return the attributes that every announcement has: origin, AS path, next hop."""
    segments = segment(asns, width) if asns else b""
    return attribute(1, b"\0") + attribute(2, segments) + attribute(3, ip_address("192.0.2.1").packed)


def reach(prefixes, afi=2, safi=1, next_hop="2001:db8::1"):
    """Return MP_REACH_NLRI."""
    hop = ip_address(next_hop).packed
    return attribute(14, struct.pack(">HBB", afi, safi, len(hop)) + hop + b"\0" + b"".join(prefixes), 0x80)


def unreach(prefixes, afi=2, safi=1):
    """Return MP_UNREACH_NLRI."""
    return attribute(15, struct.pack(">HB", afi, safi) + b"".join(prefixes), 0x80)


def update_body(gone=(), attributes=b"", new=()):
    """Return an UPDATE without the head of a message."""
    withdrawn, announced = b"".join(gone), b"".join(new)
    lengths = struct.pack(">H", len(withdrawn)), struct.pack(">H", len(attributes))
    return lengths[0] + withdrawn + lengths[1] + attributes + announced


def message(body, kind=2):
    """Return a BGP message."""
    return b"\xff" * 16 + struct.pack(">HB", 19 + len(body), kind) + body


def session(body, subtype=4, peer=PEER, *, local=LOCAL, time=1_600_000_000, micros=None):
    """Return a record of BGP4MP around a message, or around two states."""
    wide = subtype in {4, 5, 7, 9, 11}
    address = ip_address(peer[0])
    own = ip_address(local[0] if address.version == 4 else "2001:db8::fe")
    head = struct.pack(">II" if wide else ">HH", peer[1], local[1])
    head += struct.pack(">HH", 0, 1 if address.version == 4 else 2) + address.packed + own.packed
    return record(16, subtype, head + body, time, micros)


def state(old, new, **of):
    """Return a change of state, with four bytes for a network unless `subtype` is 0."""
    return session(struct.pack(">HH", old, new), subtype=of.pop("subtype", 5), **of)


def legacy_update(body, peer=PEER, time=947_000_000):
    """Return an update as collectors of 1999 wrote it."""
    own = struct.pack(">H", LOCAL[1]) + ip_address(LOCAL[0]).packed
    return record(5, 1, struct.pack(">H", peer[1]) + ip_address(peer[0]).packed + own + body, time)


def dump_entry(net, attributes, peer=PEER, time=1_600_000_000, width=2):
    """Return an entry of TABLE_DUMP without view and sequence."""
    of = ip_network(net)
    return (
        of.network_address.packed + struct.pack(">BBI", of.prefixlen, 1, time) + ip_address(peer[0]).packed
        + peer[1].to_bytes(width, "big") + struct.pack(">H", len(attributes)) + attributes
    )  # fmt: skip


def dump(net, attributes, peer=PEER, time=1_600_000_000):
    """Return a record of TABLE_DUMP."""
    subtype = 1 if ip_network(net).version == 4 else 2
    return record(12, subtype, struct.pack(">HH", 0, 0) + dump_entry(net, attributes, peer, time), time)


def legacy_dump(entries, time=947_000_000):
    """Return many entries in one record whose length is four bytes short."""
    body = struct.pack(">HH", 0, 0) + b"".join(entries)
    return struct.pack(">IHHI", time, 12, 1, len(body) - 4) + body


def peer_index(peers, time=1_600_000_000):
    """Return PEER_INDEX_TABLE."""
    told = b""
    for address, asn in peers:
        packed = ip_address(address).packed
        told += bytes([(len(packed) == 16) | 2]) + bytes(4) + packed + struct.pack(">I", asn)
    return record(
        13, 1, bytes(4) + struct.pack(">H", 4) + b"view" + struct.pack(">H", len(peers)) + told, time
    )


def rib(net, entries, subtype=None, time=1_600_000_000):
    """Return a record of TABLE_DUMP_V2; entries are (peer, attributes) or (peer, path id, attributes)."""
    subtype = subtype or (2 if ip_network(net).version == 4 else 4)
    generic = struct.pack(">HB", 1 if ip_network(net).version == 4 else 2, 1) if subtype in {6, 12} else b""
    told = b""
    for peer, *paths, attributes in entries:
        ids = b"".join(struct.pack(">I", path_id) for path_id in paths)
        told += struct.pack(">HI", peer, time) + ids + struct.pack(">H", len(attributes)) + attributes
    return record(
        13, subtype, bytes(4) + generic + prefix(net) + struct.pack(">H", len(entries)) + told, time
    )
