"""Recordings of real collectors hold what bgpdump counts in them, peer by peer."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
import visibility_by_bgpdump
from mrt_rows import read_rows
from test_mrt_elements import count, count_with_bgpdump

from darkhours.cli import main

pytestmark = pytest.mark.shared_data
NEEDS_BGPDUMP = pytest.mark.skipif(shutil.which("bgpdump") is None, reason="needs the program bgpdump")
WITH_BGPDUMP = (
    "updates.et-header.2015.gz", "updates.20160811.1600.gz", "updates.20100227.1600.gz",
    "updates.20100227.1610.gz", "updates.19991214.1621.gz", "updates.20001104.0124.gz",
    "ris.rrc06.updates.1427846400.gz", "routeviews.route-views.jinx.updates.1427846400.bz2",
)  # fmt: skip
SEEN = (
    "updates.20100227.1600.gz", "updates.20160811.1600.gz", "ris.rrc06.updates.1427846400.gz",
    "routeviews.route-views.jinx.updates.1427846400.bz2",
)  # fmt: skip
KNOWN = {
    # name: records, announced, withdrawn, entries of tables, malformed
    "updates.et-header.2015.gz": (89_686, 577_737, 3, 0, 0),
    "updates.20160811.1600.gz": (17_406, 39_256, 1_956, 0, 0),
    "updates.20100227.1600.gz": (6_615, 52_468, 1_318, 0, 0),
    "updates.20100227.1610.gz": (1_953, 5_920, 1_549, 0, 0),
    "updates.19991214.1621.gz": (18_203, 54_126, 1_363, 0, 0),
    # 42 changes of state and 21 OPENs without a peer, which Zebra shortened.
    "updates.20001104.0124.gz": (1_286, 378, 141, 0, 63),
    "ris.rrc06.updates.1427846400.gz": (795, 1_435, 122, 0, 0),
    "routeviews.route-views.jinx.updates.1427846400.bz2": (1_756, 8_160, 451, 0, 0),
    # bgpdump finds one entry here: it does not know records that are four bytes longer than they say.
    "bview.20000111.0032.gz": (2_490, 0, 0, 452_018, 0),
}


@NEEDS_BGPDUMP
@pytest.mark.parametrize("name", WITH_BGPDUMP)
def test_a_recording_holds_for_each_peer_what_bgpdump_counts(shared_data, name):
    file = shared_data / "mrt" / name
    assert count(read_rows(file)[0]) == count_with_bgpdump(file)


@pytest.mark.parametrize("name", KNOWN)
def test_a_recording_holds_what_is_known_of_it(shared_data, name):
    rows, tally = read_rows(shared_data / "mrt" / name)
    kinds = [sum(row[0] == kind for row in rows) for kind in "AWB"]
    assert (tally.records, *kinds, tally.malformed) == KNOWN[name]
    assert tally.broken == ""


def test_counts_of_jinx_that_others_publish_leave_out_ipv6(shared_data):
    """The notes beside the recording say 8,149 and 440: that is its IPv4, without 11 and 11 of one peer."""
    rows, _ = read_rows(shared_data / "mrt" / "routeviews.route-views.jinx.updates.1427846400.bz2")
    for family, announced, withdrawn in ((4, 8_149, 440), (6, 11, 11)):
        kinds = [row[0] for row in rows if row[3] == family]
        assert (kinds.count("A"), kinds.count("W")) == (announced, withdrawn)
    assert {row[1:3] for row in rows if row[3] == 6 and row[0] in "AW"} == {("2001:43f8:1f0::46", 37105)}


@pytest.mark.slow
@NEEDS_BGPDUMP
@pytest.mark.parametrize("signal", ["slash24", "slash48", "prefix4"])
@pytest.mark.parametrize("name", SEEN)
def test_what_is_visible_is_what_a_program_over_bgpdump_finds(shared_data, name, signal, capsys):
    """Full feeds have more than 50 prefixes here: a few minutes of updates have no larger ones."""
    file = str(shared_data / "mrt" / name)
    words = ["--full-ipv4", "50", "--full-ipv6", "10", "--per", "asn", "--signal", signal]
    assert main(["mrt", "visibility", file, *words]) == 0
    ours = capsys.readouterr().out
    asked = [sys.executable, visibility_by_bgpdump.__file__, "50", "10", signal, "-", "asn", file]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert sorted(ours.splitlines()) == sorted(told.splitlines())
