"""Files that say whose addresses are: every form, nested prefixes, several networks, lines that are none."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from darkhours.model.errors import InputError
from darkhours.sources.mrt.networks import read_networks
from darkhours.sources.mrt.spans import SpanList

IPTOASN = (
    "1.0.0.0\t1.0.0.255\t13335\tUS\tCLOUDFLARENET\n1.0.1.0\t1.0.3.255\t0\tNone\tNot routed\n"
    "2001:200::\t2001:200:5ff:ffff:ffff:ffff:ffff:ffff\t2500\tJP\tWIDE-BB\n"
)
SMALL = IPTOASN.splitlines(keepends=True)[0]
PREFIX2AS = "1.0.0.0\t24\t13335\n1.0.4.0\t22\t38803_56203\n1.0.4.0\t24\t{10},20\n".replace("{10}", "10")
IPASN = "; IP-ASN32-DAT file\n; Original file : rib\n1.0.0.0/24\t13335\n2001:200::/32\t2500\n"
CSV = '1.0.0.0,1.0.0.255,13335,"Cloudflare, Inc."\n1.0.4.0,1.0.7.255,AS38803,Gtelecom\n'
NUMBERS = (
    "16777216,16777471,13335,x\n"
    "42540528726795050063891204319802818560,42540528806023212578155541913346768895,2500,y\n"
)


def owned(file):
    """Return form and (family, first, last, networks) of each interval; addresses have 32 and 64 bits."""
    networks, (form,) = read_networks([file])
    spans, n_ipv4 = networks.spans, int(networks.spans.bounds[0])
    rows = []
    for at, (begin, end, code) in enumerate(zip(*(column.tolist() for column in spans[:3]), strict=True)):
        shift = 32 if at < n_ipv4 else 0
        of = networks.asn[networks.first[code] : networks.first[code + 1]].tolist()
        rows.append((4 if at < n_ipv4 else 6, begin >> shift, end >> shift, of))
    return form, rows


ONE = (4, 1 << 24, (1 << 24) + 255)
WIDE = (6, 0x2001_0200 << 32)


@pytest.mark.parametrize(("text", "form", "rows"), [
    pytest.param(IPTOASN, "iptoasn", [
        (*ONE, [13335]), (4, (1 << 24) + 256, (1 << 24) + 1023, []),
        (*WIDE, (0x2001_0200_05FF << 16) | 0xFFFF, [2500]),
    ], id="iptoasn"),
    pytest.param(PREFIX2AS, "prefix2as", [
        (*ONE, [13335]), (4, (1 << 24) + 1024, (1 << 24) + 1279, [10, 20]),
        (4, (1 << 24) + 1280, (1 << 24) + 2047, [38803, 56203]),
    ], id="prefix2as-several-and-inside"),
    pytest.param(IPASN, "ipasn", [(*ONE, [13335]), (*WIDE, (0x2001_0201 << 32) - 1, [2500])], id="pyasn"),
    pytest.param(CSV, "asn-csv", [
        (*ONE, [13335]), (4, (1 << 24) + 1024, (1 << 24) + 2047, [38803]),
    ], id="csv"),
    pytest.param(NUMBERS, "asn-csv", [
        (*ONE, [13335]), (*WIDE, (0x2001_0201 << 32) - 1, [2500]),
    ], id="csv-numbers"),
])  # fmt: skip
@pytest.mark.parametrize("packed", [False, True])
def test_a_file_is_read_in_the_form_that_it_has(tmp_path, text, form, rows, packed):
    file = tmp_path / "networks"
    file.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    assert owned(file) == (form, rows)


@pytest.mark.parametrize(("text", "said"), [
    pytest.param("", "networks: expected iptoasn", id="empty"),
    pytest.param("<html>Not found</html>\n", "got '<html>Not found</html>'", id="page"),
    pytest.param("1.0.0.0,1.0.0.255,AU\n", "networks: expected iptoasn", id="places"),
    pytest.param("1.0.0.0\t1.0.0.255\t13335\n", "networks: expected iptoasn", id="neither-form"),
    pytest.param(SMALL + "1.0.1.0\t24\t1\n", "networks:2: expected first, last, network", id="mixed"),
    pytest.param(SMALL + "1.0.2.0\t1.0.1.0\t1\tUS\tx\n", "networks:2: expected an int", id="backwards"),
    pytest.param(SMALL + "1.0.2\t1.0.2.0\t1\tUS\tx\n", "networks:2: expected an address", id="address"),
    pytest.param(SMALL + "1.0.1.0\t1.0.1.9\tNone\tUS\tx\n", "networks:2: expected the number", id="word"),
    pytest.param("1.0.0.0\t24\t4294967296\n", "networks:1: expected the number of a network", id="too-large"),
    pytest.param("1.0.0.0\t24\t1__2\n", "networks:1: expected the number of a network", id="gap-in-a-list"),
    pytest.param("1.0.0.0\t33\t1\n", "networks:1: expected the length of a prefix, 0 to 32", id="long"),
    pytest.param("1.0.0.1/24\t1\n", "which has bits behind its length", id="bits-behind"),
    pytest.param("1.0.0.0/\t1\n", "expected the length of a prefix", id="no-length"),
    pytest.param(CSV + "1.0.0.0,1.0.0.255\n", "networks:3: expected first,last,network,name", id="csv-short"),
])  # fmt: skip
def test_what_cannot_be_read_is_named_with_its_line(tmp_path, text, said):
    file = tmp_path / "networks"
    file.write_text(text)
    with pytest.raises(InputError) as error:
        read_networks([file])
    assert said in str(error.value)


LAST = (1 << 32) - 1


@pytest.mark.parametrize(("spans", "flat"), [
    pytest.param([(0, 9), (10, 19)], [(0, 9, 1), (10, 19, 2)], id="apart"),
    pytest.param([(0, 9), (5, 14)], [(0, 4, 1), (5, 14, 2)], id="over-the-end"),
    pytest.param([(0, 9), (2, 3)], [(0, 1, 1), (2, 3, 2), (4, 9, 1)], id="inside"),
    pytest.param([(2, 3), (0, 9)], [(0, 1, 2), (2, 3, 1), (4, 9, 2)], id="inside-and-first"),
    pytest.param([(0, 9), (0, 3), (0, 9)], [(0, 3, 2), (4, 9, 3)], id="alike-the-later-wins"),
    pytest.param([(0, LAST), (5, LAST)], [(0, 4, 1), (5, LAST, 2)], id="to-the-last-address"),
    pytest.param([(0, 20), (5, 8), (6, 12), (30, 31)],
                 [(0, 4, 1), (5, 5, 2), (6, 12, 3), (13, 20, 1), (30, 31, 4)], id="chain"),
    pytest.param([], [], id="none"),
])  # fmt: skip
def test_intervals_are_cut_so_that_none_overlap(spans, flat):
    made = SpanList()
    for code, (first, last) in enumerate(spans, start=1):
        made.add(4, first, last, code)
    cut = made.spans()
    low = np.uint64(32)
    assert (
        list(zip((cut.begin >> low).tolist(), (cut.end >> low).tolist(), cut.code.tolist(), strict=True))
        == flat
    )
