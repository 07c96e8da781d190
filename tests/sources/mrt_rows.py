"""Rows of the kernels as the tuples of the reference reader, and files of every type of record."""

from __future__ import annotations

from functools import reduce

from mrt_writer import (
    PEER,
    PEER6,
    attribute,
    dump,
    dump_entry,
    legacy_dump,
    legacy_update,
    message,
    path,
    peer_index,
    prefix,
    reach,
    rib,
    segment,
    session,
    state,
    unreach,
    update_body,
)  # fmt: skip

from darkhours.sources.mrt.elements import Reader

KINDS = "AWBS"


def read_rows(file, **how):
    """Return the rows of a file as the reference reader has them, and what else the file held."""
    reader = Reader(**how)
    batches = list(reader.read(file))
    peers = reader.peers()
    rows = []
    for batch in batches:
        for time, kind, peer, family, safi, bits, hi, lo, path_id, origin, new, _, _ in zip(
            *(column.tolist() for column in batch), strict=True
        ):
            address = hi >> 32 if family == 4 else (hi << 64) | lo
            of = peers[peer]
            rows.append(
                (KINDS[kind], of.address, of.asn, family, safi, bits, address, path_id, origin, new, time)
            )
    return rows, reader.tally()


def make_records():
    """Return one record, or more, of every type and subtype that is read."""
    new4, gone4 = [prefix("198.51.100.0/24"), prefix("203.0.113.0/25")], [prefix("192.0.2.0/24")]
    new6, gone6 = [prefix("2001:db8:1::/48")], [prefix("2001:db8:2::/47")]
    wide = path([64501, 64510, 4_200_000_001])
    narrow = path([64501, 23456], 2) + attribute(17, segment([4_200_000_002]), 0xC0)
    both = update_body(gone4, wide + reach(new6) + unreach(gone6), new4)
    small = update_body(gone4, narrow, new4)
    paths = update_body(
        [prefix("192.0.2.0/24", 7)], wide + reach([prefix("2001:db8:1::/48", 9)]), [prefix("10.0.0.0/8", 8)]
    )
    small_paths = update_body([prefix("192.0.2.0/24", 7)], narrow, [prefix("10.0.0.0/8", 8)])
    aggregated = attribute(2, segment([64501]) + segment([64511, 64512], kind=1))
    return [
        *(session(message(both), subtype, peer) for subtype in (4, 7) for peer in (PEER, PEER6)),
        *(session(message(small), subtype) for subtype in (1, 6)),
        *(session(message(paths), subtype) for subtype in (9, 11)),
        *(session(message(small_paths), subtype) for subtype in (8, 10)),
        session(message(both), micros=123_456),
        session(message(b"", kind=4)),
        session(message(update_body([], aggregated, new4))),
        session(message(update_body([], wide + reach(new4, 1, 2, "192.0.2.1")))),
        session(message(update_body())),
        state(3, 6), state(6, 1, subtype=0), state(6, 1, peer=PEER6, micros=5),
        legacy_update(small, time=1_600_000_000),
        dump("198.51.100.0/24", path([64501], 2)), dump("2001:db8::/32", path([64502], 2), PEER6),
        peer_index([PEER, PEER6]),
        rib("198.51.100.0/24", [(0, wide), (1, wide)]), rib("198.51.100.0/24", [(0, wide)], 3),
        rib("2001:db8::/32", [(1, wide)]), rib("2001:db8::/32", [(1, wide)], 5),
        rib("198.51.100.0/24", [(0, wide)], 6), rib("2001:db8::/32", [(1, 5, wide)], 12),
        rib("198.51.100.0/24", [(0, 1, wide), (0, 2, wide)], 8), rib("2001:db8::/32", [(1, 2, wide)], 10),
        legacy_dump([dump_entry("10.0.0.0/8", narrow), dump_entry("11.0.0.0/8", b"")], 1_600_000_000),
        dump("198.51.100.0/24", path([64501], 2)),
    ]  # fmt: skip


def join(records):
    """Return records as the bytes of a file."""
    return reduce(bytes.__add__, records, b"")
