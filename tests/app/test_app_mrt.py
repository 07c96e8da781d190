"""The commands on raw BGP archives: counts, tables, errors, and what `outages` makes of them."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from mrt_writer import message, path, peer_index, prefix, rib, session, state, update_body

from darkhours.app.codes import EXIT_INPUT, EXIT_USAGE
from darkhours.app.mrt_visibility import Visibility, make_asked
from darkhours.cli import main

START = 1_600_000_200
PEERS = [("192.0.2.1", 64501), ("192.0.2.2", 64502), ("2001:db8::1", 64503)]


def tell(minute, new=(), gone=(), peer=0):
    body = update_body([prefix(net) for net in gone], path([64501, 65001]), [prefix(net) for net in new])
    return session(message(body), peer=PEERS[peer], time=START + 60 * minute)


@pytest.fixture
def updates(tmp_path):
    """Return a day of a collector: two peers, 20 networks, dark from the 200th bin to the 250th."""
    nets = [f"10.{number}.0.0/16" for number in range(20)]
    records = [tell(0, nets, peer=peer) for peer in (0, 1)]
    for number in range(1, 288):
        records.append(tell(5 * number, ["172.16.0.0/16"]))
        if number in {200, 250}:
            dark = number == 200
            records += [
                tell(5 * number, () if dark else nets[1:], nets[1:] if dark else (), peer) for peer in (0, 1)
            ]
    file = tmp_path / "updates.mrt"
    file.write_bytes(b"".join(records))
    return file


def test_elements_are_counted_by_peer(updates, capsys):
    assert main(["mrt", "elements", str(updates), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["announcements"], told["withdrawals"], told["rib_entries"]) == (40 + 287 + 38, 38, 0)
    assert told["peers"] == [
        {"address": "192.0.2.1", "asn": 64501, "announcements": 326, "withdrawals": 19, "rib_entries": 0},
        {"address": "192.0.2.2", "asn": 64502, "announcements": 39, "withdrawals": 19, "rib_entries": 0},
    ]
    assert (told["malformed_records"], told["broken"]) == (0, None)


def test_elements_are_told_to_a_person(updates, capsys):
    assert main(["mrt", "elements", str(updates)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["peer", "192.0.2.1", "192.0.2.2", "all"]


def test_elements_become_a_table(tmp_path, capsys):
    file, target = tmp_path / "bview.mrt", tmp_path / "table.parquet"
    set_of = path([]) + b"\x40\x02\x0a\x01\x02\x00\x00\xfd\xe9\x00\x00\xfd\xea"
    file.write_bytes(
        peer_index(PEERS)
        + rib("10.0.0.0/16", [(0, path([64501, 65001])), (1, set_of)])
        + rib("2001:db8::/32", [(2, 7, path([64503, 65001]))], 10)
        + state(6, 1, peer=PEERS[0])
    )
    assert main(["mrt", "elements", str(file), "--parquet", str(target)]) == 0
    assert capsys.readouterr().out.strip() == str(target)
    asked = (
        "SELECT kind, peer_asn, prefix, family, path_id, origin_asn, state, record_at FROM read_parquet(?)"
    )
    rows = duckdb.execute(asked, [str(target)]).fetchall()
    assert [row[:7] for row in rows] == [
        ("rib_entry", 64501, "10.0.0.0/16", 4, 0, 65001, None),
        ("rib_entry", 64502, "10.0.0.0/16", 4, 0, None, None),
        ("rib_entry", 64503, "2001:db8::/32", 6, 7, 65001, None),
        ("state_change", 64501, None, None, 0, None, 1),
    ]
    assert rows[0][7] == len(peer_index(PEERS))


def test_a_broken_file_is_read_as_far_as_it_goes_and_said_so(updates, capsys):
    updates.write_bytes(updates.read_bytes()[:-5])
    assert main(["mrt", "elements", str(updates)]) == 0
    assert "1 malformed record(s) left out; the first at byte" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["elements", "visibility"])
def test_what_is_no_mrt_is_bad_input(tmp_path, command, capsys):
    file = tmp_path / "page.html"
    file.write_text("<html>Not found</html>")
    assert main(["mrt", command, str(file)]) == EXIT_INPUT
    assert "page.html: byte 0: expected MRT, got b'<html>" in capsys.readouterr().err


def test_what_is_visible_is_a_table_that_outages_reads_as_it_is(updates, tmp_path, capsys):
    target = tmp_path / "seen.csv"
    words = ["--full-ipv4", "0", "--csv", str(target)]
    assert main(["mrt", "visibility", str(updates), *words]) == 0
    rows = list(csv.DictReader(target.read_text().splitlines()))
    assert rows[0] == {
        "time": "2020-09-13T12:30:00Z",
        "entity": "asn:65001",
        "bgp.visible_slash24_cnt": "5120",
    }
    assert len(rows) == 288
    capsys.readouterr()
    assert main(["outages", str(target), "--entity", "entity", "--json"]) == 0
    (account,) = json.loads(capsys.readouterr().out)["accounts"]
    assert account["entity"]["id"] == "asn:65001"
    assert 3.5 < account["totals"]["dark_h"]["value"] < 4.7


def test_the_same_as_json_and_parquet(updates, tmp_path, capsys):
    target = tmp_path / "seen.parquet"
    assert main(["mrt", "visibility", str(updates), "--full-ipv4", "5", "--parquet", str(target)]) == 0
    capsys.readouterr()
    assert main(["mrt", "visibility", str(updates), "--full-ipv4", "5", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["full_feeds"] == [2] * 200 + [0] * 50 + [2] * 38
    assert told["entities"][0]["values"] == [5120] * 200 + [None] * 50 + [5120] * 38
    rows = duckdb.execute('SELECT "bgp.visible_slash24_cnt" FROM read_parquet(?)', [str(target)]).fetchall()
    assert [row[0] for row in rows] == told["entities"][0]["values"]


def test_places_come_from_a_file(updates, tmp_path, capsys):
    places = tmp_path / "places.csv"
    places.write_text("10.0.0.0,10.9.255.255,KZ,KZ-75\n10.10.0.0,10.255.255.255,RU\n")
    words = ["--places", str(places), "--full-ipv4", "5", "--json"]
    assert main(["mrt", "visibility", str(updates), *words]) == 0
    told = {each["entity"]: each["values"][0] for each in json.loads(capsys.readouterr().out)["entities"]}
    assert told == {"country:KZ": 2560, "country:RU": 2560, "region:KZ-75": 2560}


KINDS = ("country", "region", "asn", "asn-country", "asn-region")
SIGNALS = ("slash24", "slash48", "prefix4", "prefix6")


def _kind_of(entity):
    kind, _, code = entity.partition(":")
    inside = code.partition("@")[2]
    return kind + (("-region" if "-" in inside else "-country") if inside else "")


@pytest.fixture
def wide(tmp_path):
    """Return a table of both families, of networks that lie in several places, as words of the command."""
    places, table = tmp_path / "places.csv", tmp_path / "bview.mrt"
    places.write_text(
        "10.0.0.0,10.0.0.127,KZ,KZ-75\n10.0.0.128,10.0.3.255,RU,RU-MOW\n10.0.4.0,10.0.255.255,KZ\n"
        "2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,KZ,KZ-71\n"
    )
    heard = [(0, path([64501, 65001])), (1, path([64502, 65001]))]
    nets = ("10.0.0.0/16", "10.0.2.0/24", "2001:db8::/32", "172.16.0.0/16")
    ribs = [rib(net, heard, time=START) for net in nets]
    table.write_bytes(b"".join([peer_index(PEERS[:2], START), *ribs]))
    updates = tmp_path / "updates.mrt"
    told = update_body([], path([64501, 65002]), [prefix("10.0.4.0/22")])
    updates.write_bytes(b"".join(session(message(told), peer=peer, time=START + 600) for peer in PEERS[:2]))
    words = ["--places", str(places), "--full-ipv4", "0", "--full-ipv6", "0"]
    return ["mrt", "visibility", str(table), str(updates), *words]


@pytest.mark.parametrize("signal", SIGNALS)
@pytest.mark.parametrize("kinds", [*((kind,) for kind in KINDS), ("region", "asn-country"), KINDS[:3]])
def test_fewer_kinds_are_the_same_rows_without_the_others(wide, kinds, signal, capsys):
    def rows(kinds):
        words = [word for kind in kinds for word in ("--per", kind)]
        assert main([*wide, "--signal", signal, *words]) == 0
        return [line.split(",") for line in capsys.readouterr().out.splitlines()[1:]]

    everything = rows(KINDS)
    assert {_kind_of(entity) for _, entity, _ in everything} == set(KINDS)
    assert rows(kinds) == [row for row in everything if _kind_of(row[1]) in kinds]


def test_a_table_of_several_groups_is_the_same_table(wide, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("darkhours.app.mrt_visibility._PORTION", 2)
    monkeypatch.setattr("darkhours.sources.mrt.series.GROUP", 4)
    told, target = [], tmp_path / "seen.parquet"
    for words in ((), ("--parquet", str(target))):
        assert main([*wide, *(word for kind in KINDS for word in ("--per", kind)), *words]) == 0
        told.append(capsys.readouterr().out)
    asked = 'SELECT epoch(time)::INT, entity, "bgp.visible_slash24_cnt" FROM read_parquet(?)'
    rows = duckdb.execute(asked, [str(target)]).fetchall()
    cells = [line.split(",") for line in told[0].splitlines()[1:]]
    times = [int(datetime.fromisoformat(time).timestamp()) for time, *_ in cells]
    assert [row[0] for row in rows] == times
    assert [row[1:] for row in rows] == [(name, float(value) if value else None) for _, name, value in cells]
    groups = duckdb.execute("SELECT count(DISTINCT row_group_id) FROM parquet_metadata(?)", [str(target)])
    assert groups.fetchone()[0] > len(set(times))


def test_the_values_of_a_bin_are_asked_for_before_the_next(wide):
    rule = {"full": (0, 0), "least_peers": 1, "step": timedelta(minutes=5)}
    asked = make_asked(
        [Path(wide[2]), Path(wide[3])], places=(), networks=(), per=(), signal="slash24", **rule
    )
    first, *_ = Visibility(asked).bins()
    with pytest.raises(ValueError, match="before the next"):
        list(first.rows())


def test_networks_come_from_a_file_and_the_document_says_so(updates, tmp_path, capsys):
    networks = tmp_path / "asn.tsv"
    networks.write_text("10.0.0.0\t12\t9198\n10.16.0.0\t14\t21299\n")
    words = [str(updates), "--full-ipv4", "5", "--json"]
    assert main(["mrt", "visibility", *words, "--networks", str(networks)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {each["entity"]: each["values"][0] for each in told["entities"]} == {
        "asn:9198": 4096,
        "asn:21299": 1024,
    }
    assert told["provenance"] == {
        "networks_by": "file",
        "held": [
            {
                "what": "networks", "file": "asn.tsv", "form": "prefix2as", "since": None,
                "first_bin": "2020-09-13T12:30:00Z", "last_bin": "2020-09-14T12:25:00Z",
                "younger_than_first_bin": False,
            }
        ],
    }  # fmt: skip
    assert main(["mrt", "visibility", *words]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["provenance"] == {"networks_by": "path", "held": []}


@pytest.mark.parametrize("way", ["by-hand", "by-head"])
def test_each_bin_is_read_with_the_newest_places_that_are_not_younger(updates, tmp_path, capsys, way):
    """The recording goes from noon of the 13th to noon of the 14th: of 288 bins 138 lie before midnight."""
    words = []
    for day, country in (("2020-09-01", "KZ"), ("2020-09-14", "RU"), ("2020-09-15", "UZ")):
        file, short = tmp_path / day, day.replace("-", "")
        if way == "by-hand":
            file.write_text(f"10.0.0.0,10.255.255.255,{country}\n")
        else:
            head = f"2|ripencc|{short}|1|19830705|{short}|+0000"
            file.write_text(f"{head}\nripencc|{country}|ipv4|10.0.0.0|16777216|20100101|allocated\n")
        words = ["--places", f"{day}={file}" if way == "by-hand" else str(file), *words]
    assert main(["mrt", "visibility", str(updates), "--full-ipv4", "5", "--json", *words]) == 0
    shown = capsys.readouterr()
    told = json.loads(shown.out)
    values = {each["entity"]: each["values"] for each in told["entities"]}
    full = [5120 if feeds else None for feeds in told["full_feeds"]]
    assert values == {"country:KZ": [*full[:138], *(each and 0 for each in full[138:])],
                      "country:RU": [None] * 138 + full[138:]}  # fmt: skip
    assert [(use["file"], use["first_bin"], use["last_bin"]) for use in told["provenance"]["held"]] == [
        ("2020-09-01", "2020-09-13T12:30:00Z", "2020-09-13T23:55:00Z"),
        ("2020-09-14", "2020-09-14T00:00:00Z", "2020-09-14T12:25:00Z"),
    ]
    assert "places: 2020-09-14, which holds since 2020-09-14, was used for the bins from" in shown.err


def test_before_the_first_file_the_oldest_is_taken_and_that_is_said(updates, tmp_path, capsys):
    networks = tmp_path / "asn.tsv"
    networks.write_text("10.0.0.0\t8\t9198\n")
    words = [
        "--full-ipv4",
        "5",
        "--networks",
        f"2022-01-01={networks}",
        "--parquet",
        str(tmp_path / "seen.parquet"),
    ]
    assert main(["mrt", "visibility", str(updates), *words]) == 0
    assert "none is as old as the first of them, so the oldest was taken" in capsys.readouterr().err
    asked = "SELECT decode(value) FROM parquet_kv_metadata(?) WHERE decode(key) = 'darkhours'"
    (noted,) = duckdb.execute(asked, [str(tmp_path / "seen.parquet")]).fetchone()
    assert json.loads(noted)["held"][0]["younger_than_first_bin"] is True


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["--places", "a", "--places", "2022-01-01=b"], "a has none", id="no-day"),
        pytest.param(["--places", "2022-02-30=a"], "expected a day such as 2022-01-31", id="wild-day"),
        pytest.param(["--networks", "n", "--places", "a", "--per", "country"], "add --per asn", id="idle"),
        pytest.param(["--networks", "a"], "a: expected iptoasn", id="places-as-networks"),
        pytest.param(["--places", "n"], "n:1: expected first,last,country", id="networks-as-places"),
        pytest.param(["--networks", "none"], "none: cannot be read", id="no-file"),
        pytest.param(["--per", "country"], "add --places", id="places-without-a-file"),
        pytest.param(["--least-peers", "0"], "--least-peers of 1 or more", id="no-peer"),
        pytest.param(["--step", "7h"], "--step: expected", id="step"),
        pytest.param(["--json", "--csv", "x.csv"], "--csv", id="two-forms"),
    ],
)
def test_wishes_that_cannot_be_are_named(updates, words, said, capsys, monkeypatch):
    monkeypatch.chdir(updates.parent)
    for name, text in (("a", "10.0.0.0,10.9.255.255,KZ\n"), ("b", ""), ("n", "10.0.0.0\t12\t9198\n")):
        updates.with_name(name).write_text(text)
    assert main(["mrt", "visibility", str(updates), *words]) in {EXIT_USAGE, EXIT_INPUT}
    assert said in capsys.readouterr().err


def test_help_loads_no_compiler():
    script = "import sys; from darkhours.cli import main; main(['mrt', '--help'])"
    script += "; sys.exit('numba' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False, capture_output=True).returncode == 0


def test_without_the_extra_the_error_names_it(updates):
    script = (
        "import sys; sys.modules['llvmlite.binding'] = None; from darkhours.cli import main; "
        f"sys.exit(main(['mrt', 'elements', {str(updates)!r}]))"
    )
    ran = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    assert ran.returncode == EXIT_USAGE
    assert "pip install 'darkhours[mrt]'" in ran.stderr


def test_once_compiled_it_is_read_without_the_compiler(updates, capsys):
    assert main(["mrt", "elements", str(updates)]) == 0
    script = (
        "import sys; sys.modules['numba'] = None; from darkhours.cli import main; "
        f"sys.exit(main(['mrt', 'elements', {str(updates)!r}]))"
    )
    ran = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, capsys.readouterr().out)


@pytest.mark.slow
def test_where_no_cache_can_be_written_it_works_all_the_same(updates, tmp_path):
    """A file stands where the folder of the cache would be."""
    (tmp_path / "taken").touch()
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path / "taken"), "NUMBA_CACHE_DIR": ""}
    script = (
        f"import sys; from darkhours.cli import main; sys.exit(main(['mrt', 'elements', {str(updates)!r}]))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True, env=environment
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1].split() == ["all", "365", "38", "0"]
