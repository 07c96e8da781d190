"""What the commands say when something is wrong, and with which exit code."""

from __future__ import annotations

import stat

import pytest
from town import CASE, SHIPPED, run, somewhere  # noqa: F401 — the fixture works by being here

from darkhours import cli
from darkhours.model.errors import (
    ConfigError,
    DarkhoursError,
    InputError,
    SourceMalformed,
    SourceUnavailable,
    StoreError,
)

USAGE = [
    pytest.param(["fly"], 'Unknown command "fly"', id="unknown-command"),
    pytest.param(["account"], "CASE", id="case-missing"),
    pytest.param(["account", CASE, "--colour"], "--colour", id="unknown-flag"),
    pytest.param(["account", CASE, "--step", "fast"], "--step: expected minutes or hours", id="bad-step"),
    pytest.param(["account", CASE, "--step", "7m"], "that divide a day", id="step-does-not-divide-a-day"),
    pytest.param(["account", CASE, "--step", "12h"], "from 1m to 6h", id="step-too-wide"),
    pytest.param(["account", CASE, "--as-of", "yesterday"], "--as-of: expected an ISO time", id="bad-as-of"),
    pytest.param(["account", CASE, "--as-of", "0001-01-01T00:00+23:00"], "--as-of: expected", id="year-zero"),
    pytest.param(["account", CASE, "--as-of", "2023-01-01"], "after the case begins", id="as-of-too-early"),
    pytest.param(["account", CASE, "--seed", "x"], "--seed", id="seed-no-number"),
    pytest.param(
        ["account", CASE, "--seed", "-1"], "--seed: expected a whole number from 0", id="seed-negative"
    ),
    pytest.param(
        ["account", CASE, "--service", "pigeon"], "--service: expected one of", id="unknown-service"
    ),
    pytest.param(["account", CASE, "--all", "--entity", "Town"], "--all: expected alone", id="all-and-one"),
    pytest.param(
        ["account", CASE, "--json", "--html", "x"], "--json and --html: expected one", id="two-forms"
    ),
    pytest.param(["schema", "claims"], "account", id="unknown-schema"),
    pytest.param(["new", "Bad Name"], "CASE_ID: expected small letters", id="bad-case-id"),
    pytest.param(["new", "../up"], "CASE_ID: expected small letters", id="case-id-is-no-path"),
    pytest.param(
        ["new", "x-1", "--from", "soon", "--until", "later"], "--from: expected a date", id="no-date"
    ),
    pytest.param(["new", "x-1", "--from", "2022-01-02"], "expected both", id="half-a-span"),
    pytest.param(
        ["new", "x-1", "--from", "2022-01-02", "--until", "2022-01-02"],
        "--until: expected a day after",
        id="empty",
    ),
    pytest.param(["diff", f"{CASE}@noon", f"{CASE}@noon"], f"{CASE}@: expected an ISO time", id="bad-at"),
]


@pytest.mark.parametrize(("words", "message"), USAGE)
def test_wrong_usage_is_told_on_stderr_with_exit_code_2(capsys, words, message):
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert err.startswith("darkhours: ")
    assert message in err
    assert "Traceback" not in err


INPUT = [
    pytest.param(["account", "almaty-2021"], f"did you mean '{SHIPPED}'?", id="unknown-case-near"),
    pytest.param(["check", "nowhere"], f"({SHIPPED}", id="unknown-case-lists-what-there-is"),
    pytest.param(["check", "."], "expected a folder with a case.toml", id="folder-without-case"),
    pytest.param(["account", CASE, "--entity", "Atlantis-on-Sea"], "Atlantis-on-Sea", id="unknown-entity"),
    pytest.param(["account", CASE, "--entity", "Tokyo"], "expected an entity of the case", id="elsewhere"),
    pytest.param(["account", CASE, "--html", "no/such/x.html"], "cannot write here", id="no-folder"),
    pytest.param(["account", CASE, "--svg", "."], "cannot write here: it is a folder", id="a-folder"),
    pytest.param(["demo", "--out", "/dev/null/x.html"], "cannot write here", id="demo-unwritable"),
    pytest.param(["entity", "Atlantis-on-Sea"], "Atlantis-on-Sea", id="entity-unknown"),
    pytest.param(["diff", "no.json", "no.json"], "no.json: cannot be read: no such file", id="no-file"),
    pytest.param(["diff", "broken.json", "broken.json"], "expected an account as JSON", id="broken-json"),
    pytest.param(["diff", "deep.json", "deep.json"], "expected an account as JSON", id="deep-json"),
    pytest.param(["diff", "latin.json", "latin.json"], "expected text in UTF-8", id="not-utf-8"),
    pytest.param(["diff", "other.json", "other.json"], "schema: expected here, but missing", id="other-json"),
    pytest.param(["diff", "empty.json", "empty.json"], "found none", id="no-accounts"),
    pytest.param(["new", "there"], "is there already", id="never-overwrites"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "message"), INPUT)
def test_bad_input_is_told_on_stderr_with_exit_code_3(capsys, tmp_path, words, message):
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    (tmp_path / "deep.json").write_text("[" * 100_000, encoding="utf-8")
    (tmp_path / "latin.json").write_bytes(b'"\xe9"')
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    (tmp_path / "empty.json").write_text(
        '{"schema": "darkhours.outages/1", "accounts": []}', encoding="utf-8"
    )
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "case.toml").write_text("# mine", encoding="utf-8")
    code, out, err = run(capsys, *words)
    assert (code, out) == (3, "")
    assert err.startswith("darkhours: ")
    assert message in err
    assert "Traceback" not in err
    assert (tmp_path / "there" / "case.toml").read_text(encoding="utf-8") == "# mine"


def test_a_missing_folder_of_cases_is_told(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("DARKHOURS_CASES", str(tmp_path / "gone"))
    code, _, err = run(capsys, "cases")
    assert code == 3
    assert "DARKHOURS_CASES: expected a folder of cases" in err


def test_a_failed_write_leaves_the_old_file_as_it_was(capsys, tmp_path):
    target = tmp_path / "old"
    target.mkdir()
    (target / "kept").write_text("kept", encoding="utf-8")
    assert run(capsys, "demo", "--out", target)[0] == 3
    assert [path.name for path in target.iterdir()] == ["kept"]


def test_a_written_file_has_the_mode_of_any_new_file(capsys, tmp_path):
    (tmp_path / "ordinary").touch()
    run(capsys, "account", CASE, "--step", "1h", "--csv", "made")
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("ordinary", "made")}
    assert len(modes) == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        pytest.param(ConfigError("x"), 2, id="config"),
        pytest.param(InputError("x", []), 3, id="input"),
        pytest.param(StoreError("x"), 3, id="store"),
        pytest.param(DarkhoursError("x"), 3, id="any"),
        pytest.param(SourceUnavailable("x"), 4, id="unavailable"),
        pytest.param(SourceMalformed("x"), 4, id="malformed"),
    ],
)
def test_the_exit_code_tells_what_can_be_done(error, code):
    assert cli.exit_code(error) == code


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        pytest.param(KeyboardInterrupt(), 130, id="ctrl-c"),
        pytest.param(RuntimeError("boom"), 1, id="our-bug"),
    ],
)
def test_what_stops_the_program_is_told_in_words(capsys, caplog, monkeypatch, raised, code):
    def stop(_tokens):
        raise raised

    monkeypatch.setattr(cli, "_run", stop)
    found, _, err = run(capsys, "cases")
    assert found == code
    assert "interrupted\n" in err or "this is our bug" in caplog.text


def test_a_hostile_name_is_repeated_without_its_control_characters(capsys):
    code, _, err = run(capsys, "account", "\x1b[2Jevil\u202e")
    assert code == 3
    assert "evil" in err
    assert not set("\x1b\u202e") & set(err)
