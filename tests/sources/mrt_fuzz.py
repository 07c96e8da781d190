"""Reads mutated files with the kernels and with the slow reader; run by the test of that name.

As a program: ``python mrt_fuzz.py MUTATIONS SEED``. Ends with 1 at the first difference.
"""

from __future__ import annotations

import random
import struct
import sys
import tempfile
import time
from pathlib import Path

import mrt_reference
import numpy as np
from mrt_rows import join, make_records

from darkhours.model.errors import InputError
from darkhours.sources.mrt.attributes import FOUND_SIZE
from darkhours.sources.mrt.codes import (
    C_LOST,
    C_MALFORMED,
    C_NEED,
    C_RECORDS,
    C_ROWS,
    C_UNSUPPORTED,
    NEED_ROWS,
)
from darkhours.sources.mrt.columns import make_cursor, make_faults, make_peers, make_rows
from darkhours.sources.mrt.ground import DatedFile, Ground
from darkhours.sources.mrt.scan import scan
from darkhours.sources.mrt.visibility import Rule, Watch

EDGES = (0, 1, 0x10, 0x20, 0x21, 0x7F, 0x80, 0x81, 0xFF)
GROUND = (
    ("places", "64.0.0.0,127.255.255.255,KZ,KZ-75\n2001::,2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff,KZ\n"),
    ("networks", "96.0.0.0\t3\t1_2\n198.51.100.0\t24\t3\n2001:db8::\t32\t4294967295\n"),
)
SLOWEST_S = 5.0
KINDS = "AWBS"
PEERS = make_peers()
FOLLOWED = 10
"""Of so many mutations one is followed to what is visible."""


def mutate(data, dice):
    """Return the bytes with a few of them changed, cut, doubled, moved or set to a telling number."""
    made = bytearray(data)
    for _ in range(dice.choice((1, 1, 1, 2, 3, 8))):
        at = dice.randrange(len(made))
        match dice.randrange(7):
            case 0:
                made[at] = dice.randrange(256)
            case 1:
                made[at] = dice.choice(EDGES)
            case 2:
                made[at] ^= 1 << dice.randrange(8)
            case 3:
                del made[at : at + dice.randrange(1, 9)]
            case 4:
                made[at:at] = dice.randbytes(dice.randrange(1, 9))
            case 5:
                size = dice.choice((0, 1, 0xFFFF, 0xFFFFFFFF, 1 << 24, len(made), 4096))
                made[at : at + 4] = struct.pack(">I", size)
            case _:
                made[at:] = made[at : at + dice.randrange(1, len(made))]
        if len(made) < 12:
            return bytes(data)
    return bytes(made)


def read_with_kernels(data, dice):
    """Return rows and counts; the bytes come in pieces of chance, and the rows have little room."""
    PEERS.slots[:] = 0
    cursor, found, faults = make_cursor(), np.empty(FOUND_SIZE, np.int64), make_faults()
    rows, told, at, size = make_rows(dice.choice((1, 7, 300))), [], 0, 0
    cut = dice.choice((len(data), 40, 300))
    while True:
        size = min(size + cut, len(data))
        last = size == len(data)
        buf = np.frombuffer(data[:size], np.uint8)  # a copy that ends where it ends
        while True:
            at, why = scan(buf, at, size, last, rows, PEERS, cursor, found, faults)
            if why != NEED_ROWS:
                break
            told += as_tuples(rows, cursor)
            rows = make_rows(max(rows.time.size, int(cursor[C_NEED])))
            cursor[C_ROWS] = 0
        if last:
            break
    told += as_tuples(rows, cursor)
    cut_off = at < size and cursor[C_LOST] == 0
    counts = cursor[C_RECORDS], cursor[C_MALFORMED] + cut_off, cursor[C_UNSUPPORTED]
    return told, tuple(int(each) for each in counts)


def as_tuples(rows, cursor):
    """Return rows as the slow reader has them, with addresses of peers as numbers."""
    made = []
    columns = (column[: cursor[C_ROWS]].tolist() for column in rows)
    for stamp, kind, peer, family, safi, bits, hi, lo, path_id, origin, new, _, _ in zip(
        *columns, strict=True
    ):
        wide = PEERS.family[peer] == 6
        of = (int(PEERS.hi[peer]) << 64 | int(PEERS.lo[peer])) if wide else int(PEERS.hi[peer]) >> 32
        address = hi >> 32 if family == 4 else (hi << 64) | lo
        net = int(PEERS.asn[peer])
        made.append((KINDS[kind], of, net, family, safi, bits, address, path_id, origin, new, stamp))
    return made


def follow(data, file):
    """Let the kernels of visibility take in what is in a file, whatever it is; with networks by turns."""
    file.write_bytes(data)
    names = [file.with_name(name) for name, _ in GROUND]
    ground = Ground([DatedFile(names[0])], [DatedFile(names[1])] * (len(data) % 2))
    try:
        for view in Watch(Rule(full=(0, 0)), ground).views([file], lambda *_: None):
            assert not (view.prefixes < 0).any()
            assert not (view.equivalents < 0).any()
    except InputError as error:
        if "expected MRT" not in str(error):
            raise


def main(mutations, seed):
    """Read so many mutations both ways; returns 1 at the first that differs or takes long."""
    dice, records = random.Random(seed), make_records()
    slowest, file = 0.0, Path(tempfile.mkdtemp()) / "mutation"
    for name, text in GROUND:
        file.with_name(name).write_text(text)
    for turn in range(mutations):
        few = [records[21]] * dice.randrange(2) + dice.choices(records, k=dice.randrange(1, 6))
        data = mutate(join(few), dice)
        began = time.perf_counter()
        rows, counts = read_with_kernels(data, dice)
        if turn:
            slowest = max(slowest, time.perf_counter() - began)
        if turn % FOLLOWED == 0:
            follow(data, file)
        told = mrt_reference.read(data, plain_peers=True)
        if rows != told.rows or counts != (told.records, told.malformed, told.unsupported):
            sys.stdout.write(f"mutation {turn} of seed {seed} differs: {data.hex()}\n")
            sys.stdout.write(f"{rows}\n{counts}\n{told}\n")
            return 1
    sys.stdout.write(f"{mutations} mutations, slowest {slowest * 1000:.1f} ms\n")
    return slowest > SLOWEST_S


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
