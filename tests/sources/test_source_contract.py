"""What holds for every source and every format, whatever it reads."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_answers import ANNOTATIONS, ANSWERS, IODA_EVENTS, NOW, OONI, RADAR, encode

from darkhours.model.errors import InputError, SourceMalformed
from darkhours.sources import FORMATS, TableOptions, cloudflare, ioda_api, read_recording, recognise
from darkhours.sources.answer import Asked
from darkhours.sources.detect import ANSWERS as PARSERS

IODA_CSV = (
    '"Time (UTC)","BGP (#Visible /24s)","Active Probing (#/24s Up)","Mozilla (City Count)"\n'
    + "".join(
        f'"2022-01-05 {at // 2:02}:{at % 2 * 30:02}:00",{900 + at},{at or ""},{(at % 2 and " ") or at}\n'
        for at in range(40)
    )
).replace(" \n", "\n")
MONASH = "iso,id_1,name_1,id_2,name_2,time_e,time_e_str,lat,lon,connectivity\n" + "".join(
    f"IRN,1,Kerman,{county},{name},{1573430400 + 3600 * hour},x,29.1,58.4,{value}\n"
    for county, name in ((1, "Bam"), (2, "Kerman"))
    for hour, value in enumerate((100, "", 0, 90))
)
TABLE = "time,value\n2022-01-05 00:00,1\n2022-01-05 01:00,\n2022-01-05 02:00,0\n2022-01-05 03:00,9\n"
POINTS = "time,entity,signal,family,datasource,kind,step_s,value,attribution\n" + "".join(
    f'2022-01-05T0{hour}:00:00Z,country:KZ,{signal},{family},ooni,{kind},3600,{value},"OONI, CC BY 4.0"\n'
    for signal, family, kind in (("ooni.web_ok_pct", "ooni.web", "index"), ("a_cnt", "b.c", "count"))
    for hour, value in enumerate((9, "", 0, 7.5))
)
FILES = {
    "table": ("town.csv", TABLE.encode()),
    "ioda-csv": ("ioda-kazakhstan.csv", IODA_CSV.encode()),
    "monash": ("monash.csv", MONASH.encode()),
    "points": ("fetched.csv", POINTS.encode()),
    **{name: (f"{name}.json", encode(answer)) for name, answer in ANSWERS.items()},
}
BROKEN = [
    pytest.param(b"", id="empty"),
    pytest.param(b"<html><body>502 Bad Gateway</body></html>", id="html"),
    pytest.param(b'{"type": "weather", "data": {"rain": true}}', id="other-json"),
    pytest.param(b"[1, 2]", id="list-of-numbers"),
    pytest.param(b"null", id="null"),
    pytest.param(b"\xff\xfe\x00\x01", id="binary"),
    pytest.param(b"[" * 100_000, id="deep"),
]


@pytest.fixture(params=sorted(FILES))
def recording(request, tmp_path):
    name, data = FILES[request.param]
    path = tmp_path / name
    path.write_bytes(data)
    return lambda: read_recording(path, format=request.param)


def test_every_format_but_parquet_is_held_to_this_contract():
    assert set(FILES) == set(FORMATS) - {"parquet"}


@pytest.mark.parametrize("name", sorted(set(FILES) - {"table"}))
def test_a_format_with_a_shape_of_its_own_is_recognised(name):
    assert recognise(FILES[name][1]) == name


@pytest.mark.parametrize("data", [encode(OONI), encode(ANNOTATIONS), encode(IODA_EVENTS)])
def test_answers_of_other_kinds_are_recognised_too(data):
    assert recognise(data) is not None


def test_what_is_not_certain_is_not_recognised():
    assert recognise(FILES["table"][1]) is None
    assert recognise(b'{"some": "json"}') is None
    assert recognise(b"") is None


@pytest.mark.parametrize("name", sorted(FILES))
@pytest.mark.parametrize("data", BROKEN)
def test_a_broken_file_is_an_input_error_that_names_it(name, data, tmp_path):
    path = tmp_path / "broken.dat"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"^broken\.dat"):
        read_recording(path, TableOptions(time="time", value="value"), format=name)


@pytest.mark.parametrize("name", sorted(PARSERS))
@pytest.mark.parametrize("data", BROKEN)
def test_a_broken_answer_is_malformed(name, data):
    with pytest.raises(SourceMalformed, match=name):
        PARSERS[name](data, Asked())


@pytest.mark.parametrize("name", sorted(PARSERS))
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_an_answer_that_is_cut_off_is_malformed(name, share):
    data = encode(ANSWERS[name])
    with pytest.raises(SourceMalformed):
        PARSERS[name](data[: int(share * len(data))], Asked())


ODD = st.sampled_from([None, -1, 0, 1e300, 10**40, True, "", "x", "\0", [], [[]], {}, {"id": None}])


def _walk(answer, path=()):
    yield path
    if isinstance(answer, list):
        answer = dict(enumerate(answer))
    for key, child in answer.items() if isinstance(answer, dict) else ():
        yield from _walk(child, (*path, key))


def _put(answer, path, odd):
    if not path:
        return odd
    changed = dict(answer) if isinstance(answer, dict) else list(answer)
    changed[path[0]] = _put(answer[path[0]], path[1:], odd)
    return changed


@pytest.mark.parametrize("name", sorted(PARSERS))
@given(data=st.data())
def test_an_answer_with_any_part_replaced_is_read_or_malformed_and_nothing_else(name, data):
    path = data.draw(st.sampled_from(list(_walk(ANSWERS[name]))))
    changed = _put(ANSWERS[name], path, data.draw(ODD))
    with suppress(SourceMalformed):
        PARSERS[name](encode(changed), Asked())


def test_provenance_is_filled(recording):
    origin = recording().origin
    assert len(origin.sha256) == 64
    assert origin.source in FORMATS
    assert origin.parser.startswith("darkhours ")
    assert origin.parser.endswith(origin.source)
    assert origin.file
    assert origin.attribution or origin.source == "table"


def test_an_answer_keeps_when_and_where_it_was_asked_for():
    for name, parse in PARSERS.items():
        origin = parse(encode(ANSWERS[name]), Asked("https://service/path?query", NOW)).origin
        assert (origin.file, origin.fetched) == ("https://service/path?query", NOW)


def test_every_panel_names_signal_family_publisher_and_its_entities(recording):
    panels = recording().panels
    assert panels
    for panel in panels:
        assert panel.family.count(".") == 1
        assert panel.datasource
        assert panel.grid.n_bins == panel.values.shape[1]
        assert len({entity.id for entity in panel.entities}) == len(panel.entities)
        assert all(entity.name and entity.tz for entity in panel.entities)
        assert panel.grid.start.utcoffset() is not None


def test_a_second_read_gives_equal_panels(recording):
    first, second = recording(), recording()
    assert first.origin == second.origin
    for one, other in zip(first.panels, second.panels, strict=True):
        assert (one.signal, one.family, one.grid, one.entities) == (
            other.signal,
            other.family,
            other.grid,
            other.entities,
        )
        np.testing.assert_array_equal(one.values, other.values)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("table", [[1, None, 0, 9]], id="table"),
        pytest.param("ioda-api", [[100, None, 0, 7.5], [5, 6, 7, 8]], id="ioda-api"),
        pytest.param("monash", [[100, None, 0, 90], [100, None, 0, 90]], id="monash"),
        pytest.param("ooni", [[90, 40, None, 80, None]], id="ooni"),
        pytest.param("ripestat", [[800, 800, 800, None, None, 7]], id="ripestat"),
        pytest.param("ripe-atlas", [[2]], id="ripe-atlas"),
        pytest.param("cloudflare-radar", [[0.5, None, None, 0]], id="cloudflare-radar"),
    ],
)
def test_null_is_not_measured_and_zero_is_zero(name, expected, tmp_path):
    path = tmp_path / FILES[name][0]
    path.write_bytes(FILES[name][1])
    values = read_recording(path, format=name).panels[0].values
    assert [[None if np.isnan(cell) else cell for cell in row] for row in values] == expected


def test_each_signal_of_an_ioda_export_has_its_own_family_and_rhythm(tmp_path):
    path = tmp_path / "ioda-kazakhstan.csv"
    path.write_bytes(IODA_CSV.encode())
    read = read_recording(path)
    assert [panel.family for panel in read.panels] == ["ioda.bgp", "ioda.probing", "mozilla.telemetry"]
    assert [panel.grid.step_h for panel in read.panels] == [0.5, 0.5, 1]
    assert [panel.signal.kind for panel in read.panels] == ["count", "count", "count"]
    assert read.panels[0].entities[0].id == "country:KZ"


def test_an_unknown_datasource_of_ioda_is_named_and_left_out():
    read = ioda_api.parse(encode(ANSWERS["ioda-api"]))
    assert [panel.family for panel in read.panels] == ["ioda.bgp", "ioda.probing"]
    assert any("new-sensor" in note for note in read.notes)
    assert read.unrelated


def test_what_a_service_detected_is_reported_and_never_a_panel():
    events = ioda_api.parse(encode(IODA_EVENTS))
    assert events.panels == ()
    assert [(each[2], each[3]) for each in events.reported] == [
        ("country:KZ", "event of IODA: bgp, score 12.5")
    ]
    annotations = cloudflare.parse(encode(ANNOTATIONS))
    assert annotations.panels == ()
    assert [each[1:] for each in annotations.reported] == [
        (None, "country:KZ", "Unrest, GOVERNMENT_DIRECTED"),
        (None, "asn:9198", "Unrest, GOVERNMENT_DIRECTED"),
    ]


def test_a_series_of_radar_is_about_whom_was_asked_for():
    read = cloudflare.parse(encode(RADAR), Asked(entity="country:KZ", signal="traffic.requests_idx"))
    assert read.panels[0].entities[0].id == "country:KZ"
    assert read.panels[0].family == "cloudflare.http"


def test_a_missing_file_and_an_unknown_format_are_errors(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_recording(tmp_path / "nothing.csv")
    (tmp_path / "a.csv").write_text(TABLE)
    with pytest.raises(InputError, match="--format: expected one of"):
        read_recording(tmp_path / "a.csv", format="excel")
