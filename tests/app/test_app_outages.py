"""The use case `outages`: a file of one's own in, accounts, table and page out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from darkhours.app.flags import TableFlags
from darkhours.app.outages import Wish, find, make_wish, read_flags, write_csv, write_page
from darkhours.model.errors import ConfigError, InputError
from darkhours.model.state import State

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
FELL, ROSE = 300, 312


def write(path, *, places=("Town", "Village"), days=20, lines=()):
    """Write hours at 100 with an outage in the first place; the lines come last."""
    rng = np.random.default_rng(0)
    rows = ["time,place,reach"]
    for index, place in enumerate(places):
        values = 100 * np.exp(0.02 * rng.normal(size=days * 24))
        if index == 0:
            values[FELL:ROSE] = 4
        rows += [
            f"{BEGIN + timedelta(hours=h):%Y-%m-%dT%H:%M:%SZ},{place},{v:.2f}" for h, v in enumerate(values)
        ]
    path.write_text("\n".join([*rows, *lines]) + "\n", encoding="utf-8")
    return path


FLAGS = TableFlags(entity=("place",), signal="probing.up_pct", family="own.probing")


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return write(tmp_path_factory.mktemp("own") / "own.csv", lines=["2024-01-20T23:30:00Z,Village,what"])


@pytest.fixture(scope="module")
def outcome(file):
    return find(make_wish([file], FLAGS))


def test_every_place_of_the_file_has_its_account(outcome):
    assert [account.name for account in outcome.accounts] == ["Town", "Village"]
    assert [account.status for account in outcome.accounts] == ["ended", "none"]
    dark = [window for window in outcome.accounts[0].windows if window.state is State.DARK]
    assert [abs(w.start.at - BEGIN - timedelta(hours=FELL)) <= timedelta(minutes=30) for w in dark] == [True]
    assert outcome.accounts[0].totals["dark_h"].value == pytest.approx(ROSE - FELL, abs=0.5)


def test_what_made_an_account_is_printed_with_it(outcome):
    made = outcome.accounts[0].provenance
    assert made.inputs[0].startswith("own.csv sha256:")
    assert made.parameters["dark_below"] == 0.2
    assert made.parameters["form"] == "final"


def test_a_row_that_cannot_be_read_is_counted_and_named(outcome):
    (note,) = [note for note in outcome.notes if "not read" in note]
    assert note.startswith("own.csv: 1 row not read, first in line 962")
    assert note.endswith("what")


def test_strict_stops_at_it(file):
    with pytest.raises(InputError, match="962"):
        find(make_wish([file], replace(FLAGS, strict=True)))


def test_the_document_holds_every_account_and_every_note(outcome):
    told = json.loads(outcome.as_json())
    assert told["schema"] == "darkhours.outages/1"
    assert len(told["accounts"]) == 2
    assert told["notes"] == list(outcome.notes)


def test_page_and_table_name_every_place(outcome, tmp_path):
    page = write_page(outcome, tmp_path / "own.html").read_text(encoding="utf-8")
    table = write_csv(outcome, tmp_path / "own.table").read_text(encoding="utf-8")
    assert all(name in text for text in (page, table) for name in ("Town", "Village"))
    assert "http://" not in page.replace("http://www.w3.org", "")


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        pytest.param("2024-01-13T11:00Z", "none", id="before-it-fell"),
        pytest.param("2024-01-13T20:00Z", "ongoing", id="while-it-was-dark"),
        pytest.param("2024-01-14T12:00Z", "probation", id="just-back"),
        pytest.param("2024-01-18T12:00Z", "ended", id="back-for-good"),
    ],
)
def test_as_of_knows_only_what_was_measured_by_then(file, as_of, status):
    assert find(make_wish([file], FLAGS, as_of=as_of)).accounts[0].status == status


def test_before_anything_was_measured_there_is_nothing_to_tell(file):
    with pytest.raises(InputError, match="nothing was measured by then"):
        find(make_wish([file], FLAGS, as_of="2023-01-01T00:00Z"))


@pytest.mark.parametrize(("n_bins", "enough"), [(7, False), (8, True)])
def test_a_file_has_at_least_eight_bins(tmp_path, n_bins, enough):
    rows = [f"{BEGIN + timedelta(hours=h):%Y-%m-%dT%H:%M:%SZ},100" for h in range(n_bins)]
    short = tmp_path / "short.csv"
    short.write_text("\n".join(["time,reach", *rows]) + "\n", encoding="utf-8")
    if enough:
        assert [account.status for account in find(Wish((short,))).accounts] == ["none"]
        return
    with pytest.raises(InputError, match="at least 8 bins"):
        find(Wish((short,)))


def test_two_files_of_one_place_are_two_witnesses(tmp_path):
    one, two = (write(tmp_path / name, places=("Town",)) for name in ("one.csv", "two.csv"))
    flags = TableFlags(entity=("place",))
    (account,) = find(make_wish([one, two], flags)).accounts
    (dark,) = [window for window in account.windows if window.state is State.DARK]
    assert dark.families == ("file.one", "file.two")
    assert not dark.single_source


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        pytest.param({"step": "10m"}, {"step": timedelta(minutes=10)}, id="step"),
        pytest.param({"smoothed": "6h"}, {"smoothed": timedelta(hours=6)}, id="smoothed"),
        pytest.param({}, {"smoothed": timedelta(0), "step": None}, id="neither"),
        pytest.param({"as_": "Iran"}, {"as_entity": "country:IR"}, id="a-place-by-name"),
        pytest.param(
            {"count": True, "tz": "Asia/Tehran"}, {"count": True, "tz": "Asia/Tehran"}, id="as-they-are"
        ),
    ],
)
def test_flags_become_options(flags, expected):
    options = read_flags(TableFlags(**flags))
    assert {name: getattr(options, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("flags", "seed", "match"),
    [
        pytest.param({}, -1, "--seed", id="a-seed-below-zero"),
        pytest.param({"step": "soon"}, None, "--step", id="no-duration"),
        pytest.param({"smoothed": "3d"}, None, "--smoothed", id="longer-than-two-days"),
    ],
)
def test_what_is_out_of_range_is_an_error_of_the_setting(file, flags, seed, match):
    with pytest.raises(ConfigError, match=match):
        make_wish([file], replace(FLAGS, **flags), seed=seed)
