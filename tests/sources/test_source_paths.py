"""Ways to one panel never differ: CSV and Parquet, quick and slow, written and read back."""

from __future__ import annotations

import csv
import io
import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkhours.model.errors import ConfigError, InputError
from darkhours.sources import TableOptions, read_recording
from darkhours.sources.instants import read_instant
from darkhours.sources.quick_times import read_quickly
from darkhours.sources.table import parse

START = datetime(2022, 1, 1, tzinfo=UTC)
OPTIONS = TableOptions(time="time", value="value", entity=("province", "county"))
HOSTILE = "2022-01-05 03:00,P,C,-1,1,1\n2022-01-05 04:00,P,C,inf,1,1\n,P,C,4,1,1\n2022-01-05 05:00,P,C,,1,1\n"


def _write_csv(folder):
    rng = np.random.default_rng(11)
    lines = ["time,province,county,value,lat,lon"]
    for hour in range(200):
        stamp = (START + timedelta(hours=hour)).strftime("%Y-%m-%d %H:%M:%S")
        for county in range(5):
            value = "" if rng.random() < 0.1 else f"{rng.random() * 100:.4f}"
            lines.append(f"{stamp},P{county % 2},C{county},{value},{county}.5,{county}")
    path = folder / "town.csv"
    path.write_text("\n".join(lines) + "\n" + HOSTILE.replace("2022-01-05", "2022-02-05"))
    return path


def _to_parquet(path, select="time::TIMESTAMP AS time, province, county, value::DOUBLE AS value, lat, lon"):
    duckdb = pytest.importorskip("duckdb")
    target = path.with_suffix(".parquet")
    with duckdb.connect() as connection:
        source = f"SELECT {select} FROM read_csv('{path}', all_varchar = true)"  # noqa: S608 — a path of the test's own
        connection.execute(f"COPY ({source}) TO '{target}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
    return target


@pytest.mark.parametrize(
    "select",
    [
        pytest.param(
            "time::TIMESTAMP AS time, province, county, value::DOUBLE AS value, lat, lon", id="typed"
        ),
        pytest.param("time, province, county, value, lat, lon", id="text"),
        pytest.param(
            "time::TIMESTAMP AS time, province, county, value::DECIMAL(9, 4) AS value, "
            "lat::DOUBLE AS lat, lon::DOUBLE AS lon",
            id="decimal",
        ),
    ],
)
@pytest.mark.parametrize(
    "options", [OPTIONS, TableOptions(time="time", count=True, entity=("county",), tz="Asia/Tehran")]
)
def test_csv_and_parquet_of_one_table_give_equal_panels(tmp_path, select, options):
    path = _write_csv(tmp_path)
    if "DECIMAL" in select:
        path.write_text(path.read_text().replace("inf", "-2"))
    one, other = read_recording(path, options), read_recording(_to_parquet(path, select), options)
    assert one.panels[0].grid == other.panels[0].grid
    assert one.panels[0].entities == other.panels[0].entities
    np.testing.assert_array_equal(one.panels[0].values, other.panels[0].values)
    assert sum(each.count for each in one.unreadable) == sum(each.count for each in other.unreadable)
    assert one.notes == other.notes


def test_a_timestamp_with_a_zone_is_an_instant_and_one_without_is_local(tmp_path):
    path = _write_csv(tmp_path)
    zoned = "(time || '+00')::TIMESTAMPTZ AS time, province, county, value"
    in_tehran = TableOptions(time="time", value="value", entity=("county",), tz="Asia/Tehran")
    aware = read_recording(_to_parquet(path, zoned), in_tehran)
    assert aware.panels[0].grid.start == START
    local = read_recording(_to_parquet(path), in_tehran)
    assert local.panels[0].grid.start == START - timedelta(hours=3, minutes=30)


def test_a_broken_parquet_file_is_an_input_error(tmp_path):
    target = _to_parquet(_write_csv(tmp_path))
    target.write_bytes(target.read_bytes()[:-100])
    with pytest.raises(InputError, match="sound Parquet"):
        read_recording(target, OPTIONS)
    with pytest.raises(InputError, match="begins with PAR1"):
        read_recording(tmp_path / "town.csv", OPTIONS, format="parquet")


def test_without_the_extra_a_parquet_file_says_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "town.parquet").write_bytes(b"PAR1 and more")
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(ConfigError, match=r"pip install 'darkhours\[parquet\]'"):
        read_recording(tmp_path / "town.parquet", OPTIONS)


def test_reading_a_table_loads_no_extra():
    import subprocess
    import sys

    asked = "import sys, darkhours.sources; print(sorted({'duckdb', 'httpx2', 'stamina'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


_SECONDS = st.integers(0, 4_102_444_799)
_FORMS = st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "epoch", "epoch.5"])


def _write(seconds, form):
    if form.startswith("epoch"):
        return str(seconds) + form.removeprefix("epoch")
    return datetime.fromtimestamp(seconds, UTC).strftime(form)


@given(
    st.lists(_SECONDS, min_size=1, max_size=20),
    _FORMS,
    st.lists(st.text("0123456789-:TZ. ", max_size=20), max_size=2),
)
def test_a_column_read_at_once_is_what_its_cells_are_one_by_one(seconds, form, odd):
    cells = [_write(each, form) for each in seconds] + odd
    quick = read_quickly(cells)
    if quick is not None:
        stamps = [read_instant(cell) for cell in cells]
        assert None not in stamps
        assert [stamp.micros for stamp in stamps] == quick.micros.tolist()
        assert {stamp.aware for stamp in stamps} == {quick.aware}


_CELLS = st.one_of(st.none(), st.floats(0, 1e12, allow_nan=False), st.integers(0, 10**9))
_NAMES = st.lists(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=12
    ).filter(lambda name: name == name.strip() and "\x00" not in name),
    min_size=1,
    max_size=4,
    unique=True,
)


@given(
    names=_NAMES,
    table=st.lists(st.lists(_CELLS, min_size=4, max_size=4), min_size=3, max_size=12),
    step=st.sampled_from([timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)]),
    tz=st.sampled_from([None, "Asia/Tehran", "America/Caracas"]),
    delimiter=st.sampled_from([",", ";", "\t"]),
)
def test_a_table_that_was_written_is_read_back(names, table, step, tz, delimiter):
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter)
    writer.writerow(["time", "place", "value"])
    zone = "" if tz else "Z"
    for row, cells in enumerate(table):
        for name, cell in zip(names, cells, strict=False):
            stamp = (START + row * step).strftime("%Y-%m-%dT%H:%M:%S") + zone
            writer.writerow([stamp, name, "" if cell is None else repr(cell)])
    options = TableOptions(time="time", value="value", entity=("place",), tz=tz, step=step)
    (panel,) = parse(written.getvalue().encode(), options).panels
    assert panel.grid.n_bins == len(table)
    assert [" ".join(entity.name.split()) for entity in panel.entities] == [
        " ".join(name.split()) for name in names
    ]
    expected = [[math.nan if cell is None else float(cell) for cell in row[: len(names)]] for row in table]
    np.testing.assert_array_equal(panel.values, np.array(expected).T)
