"""Every type of record becomes the rows that a slow reader and bgpdump find in it too."""

from __future__ import annotations

import bz2
import gzip
import random
import shutil
import subprocess
from collections import Counter

import mrt_reference
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mrt_rows import join, make_records, read_rows
from mrt_writer import PEER, message, path, prefix, record, session, update_body

from darkhours.model.errors import InputError
from darkhours.sources.mrt.elements import Reader

RECORDS = make_records()
INDEX = 21
RIBS = range(22, 30)
"""Where the peer index table stands among the records, and those that need one before them."""
NEEDS_BGPDUMP = pytest.mark.skipif(shutil.which("bgpdump") is None, reason="needs the program bgpdump")


def count_with_bgpdump(file):
    """Return how many elements of each kind each peer has, as bgpdump prints them."""
    told = subprocess.run(["bgpdump", "-m", file], capture_output=True, text=True, check=True).stdout
    lines = [line.split("|") for line in told.splitlines()]
    return Counter((line[2], line[3], int(line[4])) for line in lines if line[2] in {"A", "W", "B"})


def make_noise(size):
    """Return records of noise, which no packing makes small."""
    return b"".join(record(48, 0, random.Random(seed).randbytes(5_000)) for seed in range(size // 5_000))


def write_record(file, place):
    file.write_bytes((RECORDS[INDEX] if place in RIBS else b"") + RECORDS[place])


def count(rows):
    return Counter(row[:3] for row in rows if row[0] != "S")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "updates.mrt"


@pytest.mark.parametrize("place", range(len(RECORDS)))
def test_a_record_of_each_type_is_read_as_by_the_slow_reader(file, place):
    write_record(file, place)
    rows, tally = read_rows(file)
    told = mrt_reference.read(file.read_bytes())
    assert rows == told.rows
    assert (tally.records, tally.malformed, tally.unsupported) == (
        told.records,
        told.malformed,
        told.unsupported,
    )


def test_no_record_of_a_known_type_is_malformed_or_left_out(file):
    file.write_bytes(join(RECORDS))
    rows, tally = read_rows(file)
    assert (tally.records, tally.malformed, tally.unsupported) == (len(RECORDS), 0, 0)
    assert {row[0] for row in rows} == set("AWBS")
    assert {row[3] for row in rows} == {4, 6}


@pytest.mark.parametrize("rows_in_a_batch", [1, 2, 5, 1000])
def test_the_size_of_a_batch_changes_nothing(file, rows_in_a_batch):
    file.write_bytes(join(RECORDS) * 3)
    assert read_rows(file, batch_rows=rows_in_a_batch) == read_rows(file)


@pytest.mark.parametrize(
    "pack",
    [
        pytest.param(gzip.compress, id="gzip"),
        pytest.param(lambda data: gzip.compress(data[:700]) + gzip.compress(data[700:]), id="two-members"),
        pytest.param(lambda data: gzip.compress(data) + bytes(512), id="padded-with-zeros"),
        pytest.param(bz2.compress, id="bzip2"),
    ],
)
def test_a_packed_file_is_read_as_the_plain_one(file, pack):
    data = join(RECORDS) * 50
    file.write_bytes(data)
    plain = read_rows(file)
    file.write_bytes(pack(data))
    assert read_rows(file) == plain


def test_a_file_longer_than_a_window_is_read_whole(file):
    data = join(RECORDS) * 4000
    assert len(data) > 9 << 20
    file.write_bytes(gzip.compress(data, 1))
    reader = Reader()
    batches = [batch.kind.size for batch in reader.read(file)]
    file.write_bytes(join(RECORDS))
    assert sum(batches) == 4000 * len(read_rows(file)[0])
    assert (reader.tally().malformed, reader.tally().records) == (0, 4000 * len(RECORDS))


OTHERWISE = {
    2: "prints the IPv4 address of a peer as IPv6 where a local message withdraws IPv6",
    7: "names the collector as the peer of a local message with path identifiers",
    9: "names the collector as the peer of a local message with path identifiers",
    23: "does not read multicast tables",
    25: "does not read multicast tables",
    26: "does not read RIB_GENERIC",
    27: "does not read RIB_GENERIC with path identifiers",
    30: "reads only the first entry of a record of 2000",
}
"""Records that bgpdump reads otherwise, and how; the page on reading MRT says the same."""


@NEEDS_BGPDUMP
@pytest.mark.parametrize("place", OTHERWISE)
def test_bgpdump_reads_otherwise_what_is_said_of_it(file, place):
    write_record(file, place)
    told, ours = count_with_bgpdump(file), count(read_rows(file)[0])
    assert told != ours
    assert told.total() == (ours.total() if place < INDEX else min(ours.total() - 1, told.total()))


@NEEDS_BGPDUMP
@pytest.mark.parametrize("place", sorted(set(range(len(RECORDS))) - set(OTHERWISE)))
def test_bgpdump_counts_the_same(file, place):
    write_record(file, place)
    assert count(read_rows(file)[0]) == count_with_bgpdump(file)


@pytest.mark.parametrize("size", [1, 11, 12, 40])
def test_a_cut_file_says_so_and_gives_what_came_before(file, size):
    whole = session(message(update_body([], path([1, 2]), [prefix("10.0.0.0/8")])))
    file.write_bytes(whole + whole[:size])
    rows, tally = read_rows(file)
    assert len(rows) == 1
    assert tally.faults == ((len(whole), "the file ends inside it"),)


def test_a_cut_gzip_says_so_and_gives_what_came_before(file):
    data = join(RECORDS) * 400
    file.write_bytes(gzip.compress(data)[:-2000])
    rows, tally = read_rows(file)
    assert tally.broken == "it ends inside its packing"
    assert len(rows) > 1000
    assert "what came before was read" in tally.sentences()[0]


def test_a_broken_bzip2_says_so(file):
    packed = bytearray(bz2.compress(make_noise(3_000_000)))
    packed[len(packed) // 2] ^= 0xFF
    file.write_bytes(packed)
    _, tally = read_rows(file)
    assert "its packing is broken" in tally.broken
    assert tally.records > 0


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"", "got nothing", id="empty"),
        pytest.param(b"<html><body>Not found</body></html>", "expected MRT, got b'<html>", id="html"),
        pytest.param(b"time,value\n2022-01-01,5\n", "expected MRT", id="csv"),
        pytest.param(b"\0\0", "expected MRT", id="two-bytes"),
        pytest.param(gzip.compress(b""), "got nothing", id="empty-gzip"),
    ],
)
def test_what_is_no_mrt_is_refused_by_name(file, data, said):
    file.write_bytes(data)
    with pytest.raises(InputError, match=r"updates\.mrt: byte 0: ") as error:
        list(Reader().read(file))
    assert said in str(error.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        list(Reader().read(tmp_path / "none"))


def test_noise_between_records_is_skipped_and_its_offset_named(file):
    whole = session(message(update_body([], path([1, 2]), [prefix("10.0.0.0/8")])))
    file.write_bytes(whole + b"\xee" * 77 + whole * 2)
    rows, tally = read_rows(file)
    assert len(rows) == 3
    assert tally.skipped == 77
    assert tally.faults == ((len(whole), "no record begins here; reading went on at the next plausible one"),)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(update_body([], path([1]), [b"\x21" + bytes(5)]), "longer than an address", id="prefix"),
        pytest.param(b"\xff\xff" + bytes(20), "longer than what holds it", id="withdrawn-too-long"),
        pytest.param(update_body([], b"\x40\x02\x50"), "longer than what holds it", id="attribute-too-long"),
        pytest.param(update_body([], b"\x40\x02\x04\x02\x09\0\0"), "AS path", id="path-too-long"),
        pytest.param(
            update_body([], path([1]), [b"\x18\x0a\0"]), "longer than what holds it", id="cut-prefix"
        ),
    ],
)
def test_a_malformed_record_is_left_out_whole_and_named(file, body, said):
    good = session(message(update_body([], path([1, 2]), [prefix("10.0.0.0/8")])))
    file.write_bytes(good + session(message(body)) + good)
    rows, tally = read_rows(file)
    assert len(rows) == 2
    ((offset, reason),) = tally.faults
    assert offset == len(good)
    assert said in reason


def test_other_types_are_counted_and_skipped(file):
    file.write_bytes(record(48, 0, b"ospf") + record(13, 7, b"geo") + record(16, 2, b"entry"))
    rows, tally = read_rows(file)
    assert (rows, tally.records, tally.unsupported, tally.malformed) == ([], 3, 3, 0)


def test_a_reader_remembers_its_peers_from_file_to_file(file):
    reader = Reader()
    for _ in range(2):
        file.write_bytes(session(message(update_body([prefix("10.0.0.0/8")]))))
        assert [batch.peer.tolist() for batch in reader.read(file)] == [[0]]
    assert [(peer.address, peer.asn) for peer in reader.peers()] == [PEER]


networks = st.integers(0, 2**32 - 1).flatmap(
    lambda address: st.integers(0, 32).map(lambda bits: (address >> (32 - bits) << (32 - bits), bits))
)
asns = st.lists(st.integers(1, 2**32 - 1), max_size=5)


@given(st.lists(st.tuples(st.lists(networks, max_size=4), asns, st.lists(networks, max_size=4)), min_size=1))
def test_what_is_written_is_read_again(tmp_path_factory, updates):
    file = tmp_path_factory.mktemp("mrt") / "updates"
    text = lambda told: prefix((told[0], told[1]))  # noqa: E731 — one word for it
    file.write_bytes(
        join(
            session(message(update_body(map(text, gone), path(asns), map(text, new))))
            for gone, asns, new in updates
        )
    )
    rows, tally = read_rows(file)
    expected = [
        (kind, bits, address, origin)
        for gone, told, new in updates
        for kind, origin, nets in (("W", 0, gone), ("A", told[-1] if told else 0, new))
        for address, bits in nets
    ]
    assert [(row[0], row[5], row[6], row[8]) for row in rows] == expected
    assert tally.malformed == 0
