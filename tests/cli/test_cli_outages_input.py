"""What `outages` says of a file that it cannot work on: who, what was expected, what came."""

from __future__ import annotations

import gzip

import pytest
from town import run, somewhere  # noqa: F401 — the fixture works by being here

HEAD = "time,net,v\n"


def table(last="Z", value=lambda i: 100 + i % 7, n=200):
    stamps = [f"2024-01-{1 + i // 24:02d}T{i % 24:02d}:00:00" for i in range(n)]
    return HEAD + "".join(f"{t}{last if i % 2 else 'Z'},a,{value(i)}\n" for i, t in enumerate(stamps))


BACKWARDS = HEAD + "2024-01-02T00:00:00Z,a,3\n2024-01-01T00:00:00Z,a,3\n" * 9
PLAIN = ["--entity", "net", "--value", "v"]
BAD = [
    pytest.param(gzip.compress(table().encode())[:90], PLAIN, "a whole gzip file, it ends early", id="gzip"),
    pytest.param(b"<!DOCTYPE html><html>504</html>", PLAIN, "got HTML or XML", id="html"),
    pytest.param(b'{"data": [[', PLAIN, "got JSON that no reader here knows", id="half-json"),
    pytest.param(b"", PLAIN, "the file is empty", id="empty"),
    pytest.param(bytes(range(256)) * 9, PLAIN, "got binary data", id="binary"),
    pytest.param(table("").encode(), PLAIN, "t.csv:3: time: expected times that all bear a zone", id="zones"),
    pytest.param(BACKWARDS.encode(), PLAIN, "t.csv:3: time: expected times that do not decrease", id="order"),
    pytest.param(
        table(value=lambda _: "high").encode(),
        PLAIN,
        "t.csv:2: v: expected a number of at least 0",
        id="words",
    ),
    pytest.param(
        (HEAD + "2024-01-01T00:00:00Z,a,3\n").encode(), PLAIN, "expected rows at two instants", id="one-row"
    ),
    pytest.param(table().encode(), [*PLAIN, "--entity", "nope"], "no column 'nope'", id="column"),
    pytest.param(table().encode(), [*PLAIN, "--tz", "Mars/X"], "expected an IANA zone", id="zone"),
    pytest.param(table().encode(), [*PLAIN, "--format", "nope"], "--format: expected one of", id="format"),
]
USAGE = [
    pytest.param(
        ["--count", "--value", "v"], "--count and --value: expected one of them", id="count-and-value"
    ),
    pytest.param([*PLAIN, "--step", "0m"], "--step: expected a duration", id="step"),
    pytest.param([*PLAIN, "--smoothed", "abc"], "--smoothed: expected a duration", id="smoothed"),
    pytest.param([*PLAIN, "--family", " "], "--family: expected a name such as", id="family"),
    pytest.param([*PLAIN, "--signal", ""], "--signal: expected a name such as", id="signal"),
    pytest.param([*PLAIN, "--seed", "-1"], "--seed: expected a whole number", id="seed"),
]


def refused(capsys, tmp_path, data, words):
    file, page = tmp_path / "t.csv", tmp_path / "page.html"
    file.write_bytes(data)
    code, _, said = run(capsys, "outages", str(file), *words, "--html", str(page))
    assert not list(tmp_path.glob("*page*"))
    assert "Traceback" not in said
    return code, said


@pytest.mark.parametrize(("data", "words", "message"), BAD)
def test_a_bad_file_is_told_with_exit_code_3_and_nothing_is_written(capsys, tmp_path, data, words, message):
    code, said = refused(capsys, tmp_path, data, words)
    assert code == 3
    assert "t.csv" in said
    assert message in said


@pytest.mark.parametrize(("words", "message"), USAGE)
def test_bad_flags_are_usage(capsys, tmp_path, words, message):
    code, said = refused(capsys, tmp_path, table().encode(), words)
    assert code == 2
    assert message in said


def test_a_folder_is_told(capsys, tmp_path):
    code, _, said = run(capsys, "outages", str(tmp_path))
    assert code == 3
    assert "cannot be read" in said


def test_hostile_names_are_text_on_the_page(capsys, tmp_path):
    rows = [line.split(",") for line in table(n=200).splitlines()[1:]]
    names = ("<script>alert(1)</script>", "\u202eevil", "=cmd()", "../../etc")
    file, page = tmp_path / "t.csv", tmp_path / "page.html"
    body = "".join(
        f"{t},{name},{0 if 150 < i < 170 else v}\n" for name in names for i, (t, _, v) in enumerate(rows)
    )
    file.write_text(HEAD + body, encoding="utf-8")
    code, _, said = run(capsys, "outages", str(file), *PLAIN, "--html", str(page))
    assert code == 0, said
    assert "<script>alert" not in page.read_text(encoding="utf-8")
