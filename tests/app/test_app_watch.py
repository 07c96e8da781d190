"""A watch tells each change once, in order, and agrees with the live account of the readable code."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from darkhours.app.detect import Wish, detect
from darkhours.app.measured import Question, find_outages
from darkhours.app.watch import WatchWish, watch
from darkhours.cli import main
from darkhours.model.entity import Entity
from darkhours.model.errors import StoreBusy
from darkhours.model.evidence import Grid
from darkhours.model.panel import Origin, Panel, Recording
from darkhours.model.signal import describe_signal
from darkhours.store import create_archive, open_archive

START = datetime(2024, 1, 1, tzinfo=UTC)
HOUR, DAY, DAYS = timedelta(hours=1), 24, 40
# Days from the first: begin and end of each outage, what is left of the signal, by place.
OUTAGES = {
    "drop": [(33.0, 33.5, 0.02)],
    "degrade": [(34.0, 34.6, 0.5)],
    "relapse": [(33.0, 33.5, 0.02), (34.5, 35.0, 0.02)],
    "lasts": [(36.0, 99.0, 0.0)],
    "old": [(29.5, 30.1, 0.02)],
    "quiet": [],
}
PLACES = tuple(OUTAGES)
SIGNAL = describe_signal("probing.slash24_up_cnt")


def values_of(names=PLACES, seed=1):
    rng, hours = np.random.default_rng(seed), np.arange(DAYS * DAY)
    rows = []
    for name in PLACES:
        share = np.ones(hours.size)
        for first, last, left in OUTAGES[name]:
            share[(hours >= first * DAY) & (hours < last * DAY)] = left
        swing = 1 + 0.2 * np.sin(2 * np.pi * hours / DAY)
        rows.append(np.round(1000 * share * swing * np.exp(rng.normal(0, 0.03, hours.size))))
    return np.array(rows)[[PLACES.index(name) for name in names]]


def panel(from_day=0.0, until_day=DAYS, names=PLACES, family="us.probing", seed=1):
    first, until = round(from_day * DAY), round(until_day * DAY)
    places = tuple(Entity(f"local:{name}", name, "Asia/Almaty") for name in names)
    values = values_of(names, seed)[:, first:until]
    return Panel(SIGNAL, family, "made", places, Grid(START + first * HOUR, HOUR, until - first), values)


def store(folder, *panels, revise=False):
    if not folder.exists():
        create_archive(folder)
    with open_archive(folder) as archive:
        archive.add(Recording(panels, Origin("made", "made.csv", "0" * 64, "test", "Nobody")), revise=revise)


def run(folder, **how):
    """Return what one watch tells until everything is taken."""
    told = []
    watch(WatchWish(folder, once=True, **how), lambda change, _: told.append(change), threading.Event())
    return told


def brief(told):
    return [(each.entity.removeprefix("local:"), each.kind, hour_of(each.until)) for each in told]


def hour_of(instant):
    return round((instant - START) / HOUR)


def grow(folder, days, **how):
    """Return what is told when an archive grows from day to day, a new watch each time."""
    since, told = 0.0, []
    for day in days:
        store(folder, panel(since, day))
        told += run(folder, **how)
        since = day
    return told


def live(until_day=DAYS, **how):
    return {f.entity.id: f.account for f in find_outages([panel(0, until_day, **how)], Question(form="live"))}


@pytest.mark.parametrize(
    "days", [(30.5, 40), (30.5, 33.2, 34.1, 35, 36.5, 40), (30.5, *np.arange(31, 40.2, 0.25))], ids=len
)
def test_changes_are_told_once_whatever_the_pauses(tmp_path, days):
    told = grow(tmp_path / "archive", days)
    by = {name: [(kind, at) for who, kind, at in brief(told) if who == name] for name in PLACES}
    assert by["drop"][:2] == [("dark", 33 * DAY + 3), ("back", 33.5 * DAY + 2)]
    assert [kind for kind, _ in by["drop"]] == ["dark", "back", "ended"]
    assert abs(by["drop"][2][1] - (33.5 + 3) * DAY) <= 1
    assert [kind for kind, _ in by["degrade"]] == ["degraded", "back", "ended"]
    assert [kind for kind, _ in by["relapse"]] == ["dark", "back", "dark", "back", "ended"]
    assert by["lasts"] == [("dark", 36 * DAY + 3)]
    assert [kind for kind, _ in by["old"]] == ["back", "ended"]
    assert by["quiet"] == []
    with open_archive(tmp_path / "archive") as archive:
        kept = archive.changes(0, 100)
    assert [each.cursor for each in kept] == list(range(1, len(told) + 1))
    assert sorted(brief(kept)) == sorted(brief(told))


@pytest.mark.parametrize("until", [33.0, 33.3, 34.3, 35.2, 36.6, 37.5, DAYS])
def test_what_is_known_now_is_what_the_live_account_says(tmp_path, until):
    folder = tmp_path / "archive"
    grow(folder, (30.5, until))
    accounts = live(until)
    with open_archive(folder) as archive:
        now = archive.current()
    assert set(now.entities) == set(accounts)
    for at in range(len(now)):
        row = now.row(at)
        account = accounts[row["entity"]]
        windows = [w for w in account.windows if w.state != "unknown"]
        assert (row["entity"], row["state"], row["status"]) == (
            row["entity"],
            windows[-1].state,
            account.status,
        )
        if account.outages:
            assert abs(row["begun"] - account.outages[-1].start.at) <= HOUR
        assert row["until"] == START + round(until * DAY) * HOUR


def test_edges_are_those_of_the_account(tmp_path):
    told = grow(tmp_path / "archive", (30.5, DAYS))
    accounts = live()
    for each in told:
        if each.kind in ("dark", "degraded"):
            starts = [window.start.at for window in accounts[each.entity].windows]
            assert min(abs(each.at - start) for start in starts) <= HOUR
            assert each.earliest <= each.at <= each.latest
            assert each.families == ("us.probing",)


def test_after_detect_a_watch_goes_on_from_its_states_and_tells_the_same(tmp_path):
    alone, after = tmp_path / "alone", tmp_path / "after"
    told = grow(alone, (32, DAYS))
    store(after, panel(0, 32))
    detect(Wish(after))
    store(after, panel(32, DAYS))
    assert sorted(brief(run(after))) == sorted(each for each in brief(told) if each[2] > 32 * DAY)


def test_only_some_places_are_told(tmp_path):
    told = grow(tmp_path / "archive", (30.5, DAYS), entities=("local:lasts",))
    assert brief(told) == [("lasts", "dark", 36 * DAY + 3)]
    with open_archive(tmp_path / "archive") as archive:
        assert archive.current().entities == ("local:lasts",)


def test_a_correction_withdraws_what_was_told(tmp_path):
    folder = tmp_path / "archive"
    grow(folder, (30.5, 36.5))
    fine = panel(35.9, 36.5, names=("lasts",))
    store(
        folder,
        Panel(
            SIGNAL, fine.family, "made", fine.entities, fine.grid, panel(35.9, 36.5, names=("quiet",)).values
        ),
        revise=True,
    )
    (change,) = run(folder)
    assert (change.entity, change.kind, change.status) == ("local:lasts", "withdrawn", "none")
    assert run(folder) == []


def test_a_watch_that_stays_takes_bins_as_they_come(tmp_path):
    folder, stop, told = tmp_path / "archive", threading.Event(), []
    store(folder, panel(0, 33))

    def tell(change, _):
        told.append(change)

    bins = iter(range(33 * DAY, 33 * DAY + 16))

    class Pause:
        def is_set(self):
            return stop.is_set()

        def wait(self, _):
            at = next(bins, None)
            if at is None:
                return True
            store(folder, panel(at / DAY, (at + 1) / DAY))
            return False

    assert watch(WatchWish(folder), tell, Pause()) == len(told)
    assert [each for each in brief(told) if each[0] == "drop"] == [
        ("drop", "dark", 33 * DAY + 3),
        ("drop", "back", 33.5 * DAY + 2),
    ]


def test_a_second_watch_is_refused(tmp_path):
    store(tmp_path / "archive", panel(0, 31))
    with open_archive(tmp_path / "archive") as other:
        other.claim_watch()
        with pytest.raises(StoreBusy, match="watches"):
            run(tmp_path / "archive")


def test_a_failure_in_the_loop_is_logged_and_the_watch_begins_anew(tmp_path, monkeypatch, caplog):
    folder, told = tmp_path / "archive", []
    store(folder, panel(0, 33))
    steps = iter([(33, 33.2), (33.2, 34)])

    class Pause:
        def is_set(self):
            return False

        def wait(self, _):
            step = next(steps, None)
            if step is None:
                return True
            store(folder, panel(*step))
            if step[0] == 33:
                monkeypatch.setattr("darkhours.app.watch_book.values_of", lambda *_: 1 / 0)
            else:
                monkeypatch.undo()
            return False

    watch(WatchWish(folder), lambda change, _: told.append(change), Pause())
    assert "begun anew" in caplog.text
    assert [each for each in brief(told) if each[0] == "drop"] == [
        ("drop", "dark", 33 * DAY + 3),
        ("drop", "back", 33.5 * DAY + 2),
    ]


def test_the_command_prints_a_line_for_each_change(tmp_path, capsys):
    folder = tmp_path / "archive"
    store(folder, panel(0, 33.6))
    assert main(["watch", str(folder), "all", "--once", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {(line["schema"], line["kind"], line["entity"]["name"]) for line in lines} == {
        ("darkhours.change/1", "back", name) for name in ("drop", "relapse")
    }
    store(folder, panel(33.6, 35))
    assert main(["watch", str(folder), "local:degrade", "--once"]) == 0
    text = capsys.readouterr().out
    assert "degraded" in text
    assert "2024-02-04 0" in text
    assert "(Sun 0" in text


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param(["--every", "soon"], 2, "--every", id="no-duration"),
        pytest.param(["--signal", "nope"], 3, "no signal 'nope'", id="no-such-signal"),
    ],
)
def test_what_cannot_be_done_is_named(tmp_path, words, code, said, capsys):
    store(tmp_path / "archive", panel(0, 2))
    assert main(["watch", str(tmp_path / "archive"), "--once", *words]) == code
    assert said in capsys.readouterr().err
