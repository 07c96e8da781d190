"""Detection over an archive: what goes on from a state tells what a run over everything tells."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from darkhours.app.detect import Wish, detect
from darkhours.app.detect_batch import find_events, pack, unpack, work
from darkhours.app.measured import Question, find_outages
from darkhours.cli import main
from darkhours.model.document import account_to_document
from darkhours.model.entity import Entity
from darkhours.model.errors import ConfigError, InputError
from darkhours.model.evidence import Grid
from darkhours.model.panel import Origin, Panel, Recording
from darkhours.model.signal import describe_signal
from darkhours.spread import Place
from darkhours.store import create_archive, open_archive

START = datetime(2024, 1, 1, tzinfo=UTC)
DAY = 24
DAYS = 50
PLACES = ("a", "b", "c", "d", "quiet")
# Days from the first: begin and end of each outage, what is left of the signal, by place.
OUTAGES = {
    "a": [(12.3, 12.9, 0.02), (40.1, 41.0, 0.05)],
    "b": [(33.5, 39.2, 0.03)],
    "c": [(30.0, 30.4, 0.5), (36.9, 60.0, 0.01)],
    "d": [(20 + k, 20.3 + k, 0.02) for k in range(14)],
}


def place(name: str) -> Entity:
    return Entity(f"local:{name}", name, "UTC")


def panel(signal, family, seed, *, from_day=0.0, until_day=DAYS, level=1000.0, names=PLACES) -> Panel:
    rng, hours = np.random.default_rng(seed), np.arange(DAYS * DAY)
    rows = []
    for name in names:
        share = np.ones(hours.size)
        for first, last, left in OUTAGES.get(name, []):
            share[(hours >= first * DAY) & (hours < last * DAY)] = left
        swing = 1 + 0.2 * np.sin(2 * np.pi * hours / DAY)
        rows.append(np.round(level * share * swing * np.exp(rng.normal(0, 0.03, hours.size))))
    first, until = round(from_day * DAY), round(until_day * DAY)
    grid = Grid(START + first * timedelta(hours=1), timedelta(hours=1), until - first)
    values = np.array(rows)[:, first:until]
    return Panel(describe_signal(signal), family, "made", tuple(map(place, names)), grid, values)


def probing(**how):
    return panel("probing.slash24_up_cnt", "us.probing", 1, **how)


def traffic(**how):
    return panel("traffic.bytes_idx", "them.traffic", 2, **how)


def store(folder, *panels, revise=False):
    if not folder.exists():
        create_archive(folder)
    with open_archive(folder) as archive:
        archive.add(Recording(panels, Origin("made", "made.csv", "0" * 64, "test", "Nobody")), revise=revise)


def outages(found):
    return {(e.entity, e.key): e.body for e in found.events}


def told_by_accounts(*panels):
    accounts = [found.account for found in find_outages(panels, Question())]
    documents = [account_to_document(account) for account in accounts]
    return {(d["entity"]["id"], o["start"]["at"]): o for d in documents for o in d["outages"]}


@pytest.mark.parametrize("makers", [(probing,), (probing, traffic)], ids=["one-signal", "two-families"])
def test_it_tells_what_outages_tells_of_a_file(tmp_path, makers):
    panels = [make() for make in makers]
    store(tmp_path / "archive", *panels)
    found, expected = outages(detect(Wish(tmp_path / "archive"))), told_by_accounts(*panels)
    assert found.keys() == expected.keys()
    for key, body in found.items():
        assert {**body, "windows": None, "returns": None} == {
            **expected[key],
            "windows": None,
            "returns": None,
        }
        assert [back["at"] for back in body["returns"]] == [back["at"] for back in expected[key]["returns"]]


@pytest.mark.parametrize("makers", [(probing,), (probing, traffic)], ids=["one-signal", "two-families"])
@pytest.mark.parametrize(
    "days",
    [
        (30, 37, 50),
        (31, 38.5, 40.5, 41, 45, 50),
        (10, 20, 50),
        (37.2, 37.3, 38.4, 39.5, 40.5, 40.6, 42.2, 43.9, 45, 47.1, 50),
    ],
    ids=len,
)
def test_going_on_from_day_to_day_tells_what_one_run_tells(tmp_path, makers, days):
    grown, whole = tmp_path / "grown", tmp_path / "whole"
    since = 0.0
    for day in days:
        store(grown, *(make(from_day=since, until_day=day) for make in makers))
        last = detect(Wish(grown))
        since = day
    store(whole, *(make() for make in makers))
    assert outages(last) == outages(detect(Wish(whole)))


def test_a_run_over_what_is_known_weighs_nothing_and_tells_the_same(tmp_path):
    store(tmp_path / "archive", probing())
    first, again = detect(Wish(tmp_path / "archive")), detect(Wish(tmp_path / "archive"))
    assert (first.worked, again.worked) == ((5, 5), (0, 0))
    assert outages(first) == outages(again)


def test_only_places_that_were_not_settled_are_weighed_anew(tmp_path):
    store(tmp_path / "archive", probing(until_day=45))
    detect(Wish(tmp_path / "archive"))
    store(tmp_path / "archive", probing(from_day=45))
    weighed, anew = detect(Wish(tmp_path / "archive")).worked
    assert (weighed, anew) == (6, 0)  # c is dark, and told again from a state of before it


def test_a_place_is_weighed_from_its_first_bin_once_for_each_outage_that_stays_open(tmp_path):
    store(tmp_path / "archive", probing(until_day=36))
    anew = [detect(Wish(tmp_path / "archive")).worked[1]]
    for day in range(36, 44):
        store(tmp_path / "archive", probing(from_day=day, until_day=day + 1))
        anew.append(detect(Wish(tmp_path / "archive")).worked[1])
    assert anew[0] == 5
    assert sum(anew[1:]) <= 5  # a, b, c and d, and c once more
    assert anew[-1] == 0


def test_states_of_outages_that_are_over_do_not_stay(tmp_path):
    folder, open_ones, kept = tmp_path / "archive", [], []
    for since, day in ((0.0, 36.0), (36.0, 38.0), (38.0, 45.0)):
        store(folder, probing(from_day=since, until_day=day))
        found = outages(detect(Wish(folder)))
        open_ones.append({entity for (entity, _), body in found.items() if body["end"] is None})
        with contextlib.closing(sqlite3.connect(folder / "darkhours-archive.sqlite")) as sql:
            kept.append({name for (name,) in sql.execute("SELECT batch FROM states")})
    assert open_ones[1] >= {"local:c"}
    held = [{name.removeprefix("held/") for name in each if name.startswith("held/")} for each in kept]
    assert "local:b" in held[0]
    assert "local:b" not in held[2]  # back since day 39, and its probation is over
    assert held[2] >= {"local:c"}
    assert all("index" in each for each in kept)


def test_a_detection_anew_leaves_no_state_of_the_one_before(tmp_path):
    folder = tmp_path / "archive"
    store(folder, probing())
    detect(Wish(folder))
    with open_archive(folder) as archive:
        job = archive.events()[0] and next(w for w in archive.writes(0) if w.kind == "events")
        name = job.provenance["job"]
        archive.record_events(name, (), {"0/local:gone": b"x"})
        archive.record_events("another", (), {"0/local:gone": b"y"})
    detect(Wish(folder, anew=True))
    with open_archive(folder) as archive:
        assert archive.load_state(name, "0/local:gone") is None
        assert archive.load_state("another", "0/local:gone") is not None
        assert archive.load_state(name, "index") is not None


def test_a_correction_of_the_past_lets_go_of_every_state(tmp_path):
    folder = tmp_path / "archive"
    store(folder, probing())
    before = detect(Wish(folder))
    mended = probing(from_day=12, until_day=13.5, names=("a",))
    mended = Panel(
        mended.signal,
        mended.family,
        mended.datasource,
        mended.entities,
        mended.grid,
        np.full_like(mended.values, 1000),
    )
    store(folder, mended, revise=True)
    after = detect(Wish(folder))
    gone = outages(before).keys() - outages(after).keys()
    assert [entity for entity, _ in gone] == ["local:a"]
    with open_archive(folder) as archive:  # what was known before can still be read
        assert gone <= {(e.entity, e.key) for e in archive.events(as_of_version=before.version)}


def test_a_place_that_comes_later_is_weighed_from_its_first_bin(tmp_path):
    folder = tmp_path / "archive"
    store(folder, probing(until_day=45, names=("a", "quiet")))
    detect(Wish(folder))
    store(folder, probing(from_day=45, names=("a", "quiet")), probing(names=("b",)))
    found = detect(Wish(folder))
    assert {entity for entity, _ in outages(found)} == {"local:a", "local:b"}


def test_some_places_are_weighed_whole_and_nothing_is_kept(tmp_path):
    folder = tmp_path / "archive"
    store(folder, probing())
    some = detect(Wish(folder, ("local:b",)))
    assert [event.entity for event in some.events] == ["local:b"]
    assert outages(some).items() <= outages(detect(Wish(folder))).items()


def test_countries_are_compared_by_the_control_gate(tmp_path):
    codes = ("KZ", "KG", "UZ", "TJ", "TM", "MN", "AZ", "GE", "AM", "MD")
    hours, rng = np.arange(DAYS * DAY), np.random.default_rng(3)
    values = np.round(1000 * np.exp(rng.normal(0, 0.03, (len(codes), hours.size))))
    values[:, 36 * DAY : 37 * DAY] *= 0.02  # the sensor
    values[3, 44 * DAY : 45 * DAY] *= 0.02  # a country
    grid = Grid(START, timedelta(hours=1), hours.size)
    names = tuple(Entity(f"country:{code}", code, "UTC") for code in codes)
    whole = Panel(describe_signal("probing.slash24_up_cnt"), "us.probing", "made", names, grid, values)
    store(tmp_path / "archive", whole)
    assert [event.entity for event in detect(Wish(tmp_path / "archive")).events] == ["country:TJ"]


def test_a_batch_is_a_pure_function_of_bytes():
    panels, question = [probing(), traffic()], Question()
    data = pack(panels, b"", question)
    again, state, asked = unpack(data)
    assert (state, asked.seed) == (b"", question.seed)
    assert all(
        np.array_equal(a.values, b.values) and a.grid == b.grid for a, b in zip(again, panels, strict=True)
    )
    assert work(data) == work(data)
    assert find_events(panels, b"", question).again == ()


@pytest.mark.slow
def test_two_processes_tell_the_same_to_the_last_byte(tmp_path, monkeypatch):
    monkeypatch.setattr("darkhours.app.detect_plan.AT_ONCE", DAYS * DAY)
    store(tmp_path / "archive", probing())
    alone = detect(Wish(tmp_path / "archive"))
    assert outages(detect(Wish(tmp_path / "archive", place=Place(2), anew=True))) == outages(alone)


def test_the_command_tells_a_line_for_each_outage_and_takes_its_archive_from_outside(
    tmp_path, monkeypatch, capsys
):
    store(tmp_path / "archive", probing())
    monkeypatch.setenv("DARKHOURS_ARCHIVE", str(tmp_path / "archive"))
    assert main(["detect", "all", "--from", "2024-02-01", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "darkhours.events/1"
    assert {event["entity"]["name"] for event in document["events"]} == {"a", "b", "c", "d"}
    assert main(["detect", "local:b"]) == 0
    assert "local:b" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wish", "error", "said"),
    [
        pytest.param({"signals": ("nope",)}, InputError, "no signal 'nope'", id="no-such-signal"),
        pytest.param({"entities": ("local:nobody",)}, InputError, "local:nobody", id="no-such-place"),
        pytest.param({"place": Place(0)}, ConfigError, "processes", id="no-process"),
    ],
)
def test_what_cannot_be_done_is_named(tmp_path, wish, error, said):
    store(tmp_path / "archive", probing())
    with pytest.raises(error, match=said):
        detect(Wish(tmp_path / "archive", **wish))
