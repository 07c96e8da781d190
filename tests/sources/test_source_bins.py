"""Rows of a table fall into bins by rule: steps, beats, duplicates, gaps, counted rows."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from small_tables import HOUR, NAN, at, fail, hourly, read, rows

from darkhours.sources import TableOptions


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param("count", 9, id="largest-count"),
        pytest.param("gauge", 6, id="mean-gauge"),
        pytest.param("index", 6, id="mean-index"),
    ],
)
def test_one_instant_told_differently_follows_the_rule_of_its_kind(kind, expected):
    text = hourly(1, 2) + "2022-01-05 02:00,9\n2022-01-05 02:00,3\n2022-01-05 03:00,4\n"
    found = read(text, kind=kind)
    assert found.panels[0].values.tolist() == [[1, 2, expected, 4]]
    assert any("different values" in note for note in found.notes)


def test_one_instant_told_twice_alike_counts_once():
    text = rows("2022-01-05 00:00,7", "2022-01-05 00:00,7", "2022-01-05 01:00,8", "2022-01-05 02:00,9")
    found = read(text)
    assert found.panels[0].values.tolist() == [[7, 8, 9]]
    assert any("one value" in note for note in found.notes)


def test_an_absent_row_is_not_measured_and_never_zero():
    text = rows("2022-01-05 00:00,1", "2022-01-05 01:00,2", "2022-01-05 04:00,3", "2022-01-05 05:00,3")
    assert read(text).panels[0].values[0] == pytest.approx([1, 2, NAN, NAN, 3, 3], nan_ok=True)


@pytest.mark.parametrize(
    ("seconds", "step_s"),
    [
        pytest.param(range(0, 6000, 600), 600, id="regular"),
        pytest.param(range(0, 4200, 420), 420, id="a-rhythm-of-its-own-of-whole-minutes"),
        pytest.param([0, 601, 1198, 1803, 2399, 3002, 3600], 600, id="jitter-is-snapped"),
        pytest.param([0, 600, 1200, 3000, 3600, 9000, 9600], 600, id="gaps-do-not-count"),
    ],
)
def test_the_step_is_the_most_common_gap(seconds, step_s):
    (panel,) = read(rows(*(f"{1641340800 + each},1" for each in seconds))).panels
    assert panel.grid.step == timedelta(seconds=step_s)
    assert panel.grid.start == at("2022-01-05T00:00")


def test_rows_a_little_off_the_beat_stand_in_the_bin_of_the_nearest():
    seconds = [3, 601, 1198, 1803, 2399, 3002, 3600, 4199]
    found = read(rows(*(f"{1641340800 + each},{at}" for at, each in enumerate(seconds))))
    assert found.panels[0].values.tolist() == [list(range(8))]
    assert any("nearest" in note for note in found.notes)


def test_a_longer_step_takes_the_mean_of_its_instants():
    found = read(hourly(2, 4, 6, 8), step=timedelta(hours=2))
    assert found.panels[0].values.tolist() == [[3, 7]]


def test_counted_rows_are_the_value_and_silence_is_zero_only_while_the_file_was_written():
    text = rows(
        "2022-01-05 00:05,a",
        "2022-01-05 00:06,b",
        "2022-01-05 00:31,a",
        "2022-01-05 00:39,a",
        header="t,place",
    )
    counted = TableOptions(time="t", count=True, entity=("place",), step=timedelta(minutes=10))
    (panel,) = read(text, counted).panels
    assert panel.grid.start == at("2022-01-05T00:00")
    assert panel.values.tolist() == [[1, 0, 0, 2], [1, 0, 0, 0]]
    assert panel.counted
    assert panel.partial.tolist() == [True, False, False, True]
    assert panel.signal.kind == "count"


def test_counted_rows_of_rounds_are_not_cut_finer_than_the_rounds():
    text = rows(*(f"2022-01-05 {hour:02}:00,a" for hour in range(8) for _ in range(50)), header="t,place")
    (panel,) = read(text, TableOptions(time="t", count=True, entity=("place",))).panels
    assert panel.grid.step == HOUR


def test_an_entity_that_goes_back_in_time_is_an_error_unless_told():
    text = rows("2022-01-05 02:00,3", "2022-01-05 01:00,2", "2022-01-05 00:00,1")
    assert fail(text).startswith("town.csv:3: t:")
    assert read(text, unordered=True).panels[0].values.tolist() == [[1, 2, 3]]


def test_one_wrong_year_is_told_with_its_line_instead_of_filling_the_memory():
    text = rows("1990-01-01 00:00:00,1", *(f"2022-01-05 00:00:{second:02},1" for second in range(30)))
    message = fail(text)
    assert "1990-01-01 (line 2)" in message
    assert "--step" in message


def test_a_column_that_is_denser_than_its_values_has_the_rhythm_of_its_values():
    cells = [str(at) if at % 2 == 0 else "" for at in range(48)]
    lines = [f"2022-01-05 {at // 2:02}:{at % 2 * 30:02},{cell}" for at, cell in enumerate(cells)]
    (panel,) = read(rows(*lines)).panels
    assert panel.grid.step == HOUR
    assert panel.values[0].tolist() == list(range(0, 48, 2))


def stamps(*seconds, value=1):
    return rows(*(f"{1641340800 + each},{value}" for each in seconds))


@pytest.mark.parametrize(
    ("gaps", "step_s"),
    [
        pytest.param([420, 420, 660, 720], 420, id="half-of-the-gaps-are-a-rhythm"),
        pytest.param([420, 420, 650, 710, 720], 600, id="less-than-half-are-snapped"),
        pytest.param([423, 423, 423, 423], 300, id="no-whole-minutes-are-snapped"),
        pytest.param([600, 600, 1200, 1200], 600, id="of-equals-the-shortest"),
    ],
)
def test_a_rhythm_of_its_own_has_half_of_the_gaps(gaps, step_s):
    seconds = np.cumsum([0, *gaps]).tolist()
    (panel,) = read(stamps(*seconds)).panels
    assert panel.grid.step == timedelta(seconds=step_s)


@pytest.mark.parametrize(
    ("off_s", "n_bins"),
    [
        pytest.param(150, 21, id="a-quarter-of-a-step-is-late"),
        pytest.param(-150, 21, id="a-quarter-of-a-step-is-early"),
    ],
)
def test_rows_up_to_a_quarter_of_a_step_off_the_beat_are_late(off_s, n_bins):
    seconds = [600 * at for at in range(21)]
    seconds[10] += off_s
    (panel,) = read(stamps(*seconds)).panels
    assert panel.grid.n_bins == n_bins
    assert not np.isnan(panel.values).any()


@pytest.mark.parametrize(
    ("per_ten_minutes", "minutes"),
    [
        pytest.param(16, 5, id="eight-in-five-minutes"),
        pytest.param(8, 10, id="eight-in-ten-minutes"),
        pytest.param(4, 20, id="eight-in-twenty-minutes"),
        pytest.param(0.5, 60, id="never-longer-than-an-hour"),
    ],
)
def test_counted_rows_are_eight_in_a_bin(per_ten_minutes, minutes):
    gap = 600 / per_ten_minutes
    # No common beat: each row a little later than the last would be.
    lines = [f"{1641340800 + at * gap + (at * 7 % 11) * gap / 40:.3f}" for at in range(2000)]
    (panel,) = read(rows(*lines, header="t"), TableOptions(time="t", count=True)).panels
    assert panel.grid.step == timedelta(minutes=minutes)


@pytest.mark.parametrize("bad", [pytest.param(2, id="half"), pytest.param(3, id="more-than-half")])
def test_a_column_of_which_more_than_half_is_no_number_is_none(bad):
    text = hourly(*["x"] * bad, *[1] * (4 - bad))
    if bad == 2:
        assert read(text).unreadable[0].count == 2
    else:
        assert "name another --value" in fail(text)


def test_eleven_measured_rows_have_no_rhythm_of_their_own_and_twelve_do():
    for count, step_s in ((11, 1800), (12, 3600)):
        cells = ["1" if at % 2 == 0 and at < 2 * count else "" for at in range(48)]
        lines = [f"2022-01-05 {at // 2:02}:{at % 2 * 30:02},{cell}" for at, cell in enumerate(cells)]
        assert read(rows(*lines)).panels[0].grid.step == timedelta(seconds=step_s)


def test_an_answer_in_a_file_takes_the_options_that_hold_for_any_format(tmp_path):
    from small_answers import RADAR, encode

    from darkhours.sources import read_recording

    (tmp_path / "radar.json").write_bytes(encode(RADAR))
    told = TableOptions(as_entity="country:KZ", smoothed=timedelta(hours=6), unrelated=True)
    read_answer = read_recording(tmp_path / "radar.json", told)
    assert read_answer.panels[0].smoothed == timedelta(hours=6)
    assert read_answer.panels[0].entities[0].id == "country:KZ"
    assert read_answer.unrelated
