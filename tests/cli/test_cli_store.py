"""The commands of the archive, as a person types them."""

from __future__ import annotations

import json

import pytest
from town import run, somewhere  # noqa: F401 — the fixture works by being here

PLAIN = ["--family", "test.probing", "--entity", "place"]
HEAD = "time,place,probing.slash24_up_cnt\n"
FIRST = [100, 0, "", 90]


def _write(path, values, first=0):
    rows = [f"2024-01-01T{first + at:02d}:00:00Z,KZ,{value}\n" for at, value in enumerate(values)]
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    return str(path)


@pytest.fixture
def archive(capsys, tmp_path):
    folder = str(tmp_path / "archive")
    assert run(capsys, "store", "init", folder)[0] == 0
    code, said, _ = run(capsys, "store", "add", folder, _write(tmp_path / "a.csv", FIRST), *PLAIN)
    assert (code, said) == (0, "version 1\n")
    return folder


def _read(capsys, archive, *words):
    code, said, _ = run(capsys, "store", "read", archive, "local:KZ", *words, "--json")
    assert code == 0
    return json.loads(said)["values"]["local:KZ"]


def test_what_was_added_is_read_and_adding_it_again_changes_nothing(capsys, archive, tmp_path):
    assert _read(capsys, archive) == [100, 0, None, 90]
    _, said, _ = run(capsys, "store", "add", archive, str(tmp_path / "a.csv"), *PLAIN)
    assert said == "nothing new; still version 1\n"


def test_what_is_read_is_a_table_that_outages_reads(capsys, archive, tmp_path):
    _, said, _ = run(capsys, "store", "read", archive, "local:KZ", "--from", "2024-01-01T01:00Z")
    assert said.splitlines() == [
        "time,entity,probing.slash24_up_cnt",
        "2024-01-01T01:00:00Z,local:KZ,0",
        "2024-01-01T02:00:00Z,local:KZ,",
        "2024-01-01T03:00:00Z,local:KZ,90",
    ]


def test_another_value_is_refused_until_it_is_called_a_revision(capsys, archive, tmp_path):
    other = _write(tmp_path / "b.csv", [100, 0, 5, 95, 80])
    code, _, said = run(capsys, "store", "add", archive, other, *PLAIN)
    assert code == 3
    assert "local:KZ at 2024-01-01T03:00:00Z: expected 90, got 95" in said
    assert run(capsys, "store", "add", archive, other, *PLAIN, "--revise")[0] == 0
    assert _read(capsys, archive) == [100, 0, 5, 95, 80]
    assert _read(capsys, archive, "--version", "1") == [100, 0, None, 90, None]


def test_append_takes_what_is_newer_alone(capsys, archive, tmp_path):
    window = _write(tmp_path / "b.csv", [77, 77, 85, 86], first=2)
    assert run(capsys, "store", "append", archive, window, *PLAIN)[0] == 0
    assert _read(capsys, archive) == [100, 0, None, 90, 85, 86]


def test_care_changes_nothing_that_can_be_read(capsys, archive):
    for words in (
        ["compact", "--grace", "0s"],
        ["check", "--deep"],
        ["repair"],
        ["retain", "--history-days", "0"],
    ):
        assert run(capsys, "store", words[0], archive, *words[1:])[0] == 0
    assert _read(capsys, archive) == [100, 0, None, 90]


def test_a_damaged_file_is_told_with_exit_three(capsys, archive, tmp_path):
    (path,) = (tmp_path / "archive" / "points").rglob("*.parquet")
    path.write_bytes(b"no")
    code, said, _ = run(capsys, "store", "check", archive, "--json")
    assert code == 3
    assert json.loads(said)["findings"][0]["kind"] == "damaged"


def test_info_says_what_there_is(capsys, archive):
    _, said, _ = run(capsys, "store", "info", archive)
    assert "version 1, 1 places, 1 series" in said
    assert "2024-01-01T00:00:00Z to 2024-01-01T04:00:00Z, 1 files" in said


def test_a_locked_archive_is_to_be_tried_again_later(capsys, archive, tmp_path):
    from darkhours.store import open_archive

    with open_archive(archive) as other:
        other.repair()
        code, _, said = run(capsys, "store", "compact", archive)
    assert code == 4
    assert "expected to be the one that writes" in said


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        pytest.param(["info", "nowhere"], 3, "darkhours store init", id="no-archive"),
        pytest.param(["retain", "nowhere"], 2, "--points-days or --history-days", id="nothing-to-let-go"),
        pytest.param(["compact", "nowhere", "--grace", "soon"], 2, "--grace: expected", id="grace"),
        pytest.param(["init", "x", "--points", "ftp//no"], 2, "points: expected an address", id="points"),
        pytest.param(
            ["read", "x", "country:KZ", "--as-of", "2024-01-01", "--version", "1"],
            2,
            "one of them",
            id="both",
        ),
    ],
)
def test_what_cannot_be_done_says_why(
    capsys,
    somewhere,  # noqa: F811 — see above
    words,
    code,
    message,
):
    got, _, said = run(capsys, "store", *words)
    assert (got, message in said) == (code, True), said
