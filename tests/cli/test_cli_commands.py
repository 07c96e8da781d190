"""The commands, run in this process as a person would type them."""

from __future__ import annotations

import json
import stat

import pytest
from jsonschema import Draft202012Validator

from darkhours import cli
from darkhours.app.cases import open_case
from darkhours.cli import main
from darkhours.model.document import schema
from darkhours.model.errors import (
    ConfigError,
    DarkhoursError,
    InputError,
    SourceMalformed,
    SourceUnavailable,
    StoreError,
)

SHIPPED = "almaty-2022"
CASE = "town.toml"
TOWN = """
[case]
id = "town-2024"
tz = "Asia/Almaty"
from = 2024-01-01T00:00:00
until = 2024-01-08T00:00:00
entities = ["local:Town", "local:Village"]

[[entity]]
id = "local:Town"
name = "Town"
tz = "Asia/Almaty"

[[entity]]
id = "local:Village"
name = "Село"
tz = "Asia/Almaty"

[[source]]
id = "meter"
publisher = "Meter"
kind = "measurement"
url = "https://example.org/meter"

[[claim]]
id = "t-1"
source = "meter"
entity = "local:Town"
service = "internet"
says = "dark"
when = { turn = 2024-01-02T10:00:00, give = "30m" }
published = 2024-01-02T06:00:00Z
note = "It went dark."

[[claim]]
id = "t-2"
source = "meter"
entity = "local:Town"
service = "internet"
says = "up"
when = { turn = 2024-01-03T10:00:00, give = "30m" }
published = 2024-01-03T06:00:00Z
note = "It came back."

[[claim]]
id = "t-3"
source = "meter"
entity = "local:Town"
service = "internet"
says = { total = "dark_h", value = 24 }
published = 2024-01-03T06:00:00Z
note = "A day without."

[[claim]]
id = "t-4"
source = "meter"
entity = "local:Village"
service = "fixed"
says = "dark"
when = { during = [2024-01-02T10:00:00, 2024-01-02T20:00:00] }
published = 2024-01-03T06:00:00Z
note = "The village had no wired service."
"""
"""A case that needs no gazetteer and little time."""
COMMANDS = ["demo", "account", "check", "new", "diff", "cases", "entity", "schema", "doctor"]


@pytest.fixture(autouse=True)
def _somewhere(tmp_path, monkeypatch):
    """Work in an empty folder, without the settings of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DARKHOURS_CASES", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    (tmp_path / CASE).write_text(TOWN, encoding="utf-8")


def run(capsys, *words):
    """Run a command; return its exit code, its data and its words."""
    code = main([str(word) for word in words])
    out, err = capsys.readouterr()
    return code, out, err


def run_json(capsys, *words):
    """Run a command that must succeed; return what it printed, read as JSON."""
    code, out, err = run(capsys, *words, "--json")
    assert code == 0, err
    return json.loads(out)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(capsys, command):
    code, out, err = run(capsys, command, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: darkhours {command}")
    assert "--json" in out
    assert "config" not in out.lower()


def test_the_help_names_every_command_and_the_exit_codes(capsys):
    _, out, _ = run(capsys, "--help")
    assert [word for word in COMMANDS if f" {word} " not in out] == []
    assert "Exit codes: 0 fine, 2 usage, 3 bad input, 4 source unavailable." in out


def test_without_a_command_the_help_is_shown(capsys):
    assert run(capsys)[1] == run(capsys, "--help")[1]


def test_the_version_is_one_line(capsys):
    code, out, _ = run(capsys, "--version")
    assert (code, out.count("\n")) == (0, 1)
    assert out.startswith("darkhours ")


@pytest.mark.parametrize("words", [[], ["--entity", "Село", "--service", "fixed"], ["--service", "web"]])
def test_an_account_as_json_passes_its_schema(capsys, words):
    document = run_json(capsys, "account", CASE, *words)
    Draft202012Validator(schema("account")).validate(document)
    assert document["case"] == "town-2024"


def test_the_shipped_account_as_json_passes_its_schema(capsys):
    document = run_json(capsys, "account", SHIPPED)
    Draft202012Validator(schema("account")).validate(document)
    assert (document["case"], document["status"]) == (SHIPPED, "ended")


def test_all_accounts_of_a_case_are_one_document(capsys):
    document = run_json(capsys, "account", CASE, "--all", "--step", "1h")
    Draft202012Validator(schema("outages")).validate(document)
    about = [(account["entity"]["id"], account["service"]) for account in document["accounts"]]
    assert about == [("local:Town", "internet"), ("local:Village", "internet"), ("local:Village", "fixed")]


def test_the_same_seed_gives_the_same_bytes(capsys):
    first, again = (run(capsys, "account", CASE, "--seed", "7", "--json")[1] for _ in range(2))
    assert first == again


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("Село", "local:Village", id="another-script"),
        pytest.param("town", "local:Town", id="small-letters"),
        pytest.param("local:Village", "local:Village", id="an-id"),
    ],
)
def test_an_entity_is_picked_by_name_or_id(capsys, name, expected):
    document = run_json(capsys, "account", CASE, "--entity", name, "--step", "1h")
    assert document["entity"]["id"] == expected


@pytest.mark.parametrize("instant", ["2024-01-03T06:00Z", "2024-01-03T06:00", "2024-01-03T12:00+06:00"])
def test_as_of_is_utc_unless_it_names_a_zone(capsys, instant):
    document = run_json(capsys, "account", CASE, "--as-of", instant, "--step", "1h")
    assert document["as_of"] == "2024-01-03T06:00:00Z"


def test_the_story_of_an_account_is_plain_text_where_nobody_watches(capsys):
    code, out, _ = run(capsys, "account", CASE)
    assert code == 0
    assert out.startswith("Town · internet · ended\n")
    assert "\x1b" not in out
    assert len(out.splitlines()) <= 40
    assert max(len(line) for line in out.splitlines()) <= 100


@pytest.mark.parametrize(
    ("flag", "begins"),
    [
        pytest.param("--html", "<!doctype html>", id="page"),
        pytest.param("--svg", "<svg", id="drawing"),
        pytest.param("--csv", "state,detail,start_utc", id="table"),
    ],
)
def test_an_account_is_written_to_a_file_and_the_path_printed(capsys, tmp_path, flag, begins):
    target = tmp_path / "out"
    code, out, _ = run(capsys, "account", CASE, "--step", "1h", flag, target)
    assert (code, out) == (0, f"{target}\n")
    assert target.read_text(encoding="utf-8").lower().lstrip().startswith(begins)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", CASE]


def test_the_demonstration_tells_the_story_and_writes_its_page(capsys, tmp_path):
    code, out, _ = run(capsys, "demo")
    page = tmp_path / "darkhours-almaty-2022.html"
    assert code == 0
    assert str(page) in out
    assert page.stat().st_size > 10_000
    assert len(out.splitlines()) <= 40
    assert "the restorations are still in it, not taken off" in " ".join(out.split())
    assert [line.split()[0] for line in out.splitlines() if "█" in line and "dark" not in line] == [
        "Almaty",
        "Nur-Sultan",
        "Kazakhstan",
    ]


def test_the_demonstration_as_json_is_a_document_of_accounts(capsys, monkeypatch):
    monkeypatch.setattr("darkhours.app.demo.open_case", lambda _name, folder: open_case(CASE, folder))
    document = run_json(capsys, "demo")
    Draft202012Validator(schema("outages")).validate(document)


def test_two_saved_accounts_that_are_the_same_have_no_difference(capsys, tmp_path):
    saved = tmp_path / "a.json"
    saved.write_text(run(capsys, "account", CASE, "--json")[1], encoding="utf-8")
    code, out, _ = run(capsys, "diff", saved, saved)
    assert (code, out) == (0, "Town · internet\n  nothing moved\n")


def test_a_case_as_of_two_instants_can_be_compared(capsys):
    told = run_json(capsys, "diff", f"{CASE}@2024-01-03T06:00Z", f"{CASE}@2024-01-07T06:00Z")
    changes = told["accounts"][0]["changes"]
    assert {"kind": "status", "what": "status", "before": "probation", "after": "ended"}.items() <= changes[
        0
    ].items()


def test_sets_of_accounts_are_compared_pair_by_pair(capsys, tmp_path):
    saved = tmp_path / "all.json"
    saved.write_text(run(capsys, "account", CASE, "--all", "--step", "1h", "--json")[1], encoding="utf-8")
    told = run_json(capsys, "diff", saved, saved)
    assert len(told["accounts"]) == 3
    assert not any(item["changes"] for item in told["accounts"])


def test_the_shipped_cases_are_listed_and_can_be_read(capsys):
    listed = {item["id"]: item for item in run_json(capsys, "cases")["cases"]}
    assert SHIPPED in listed
    assert [item["problem"] for item in listed.values() if item["problem"]] == []
    assert SHIPPED in run(capsys, "cases")[1]


def test_a_new_case_is_found_under_its_folder_and_passes_its_check(capsys, tmp_path, monkeypatch):
    mine = tmp_path / "mine"
    mine.mkdir()
    monkeypatch.setenv("DARKHOURS_CASES", str(mine))
    code, out, err = run(capsys, "new", "tehran-2019")
    path = mine / "tehran-2019" / "case.toml"
    assert (code, out) == (0, f"{path}\n")
    assert f"darkhours check {path}" in err
    assert run(capsys, "check", "tehran-2019")[0] == 0
    assert run_json(capsys, "check", "tehran-2019")["fine"] is True
    assert {"tehran-2019": False}.items() <= {
        item["id"]: item["shipped"] for item in run_json(capsys, "cases")["cases"]
    }.items()


def test_a_new_case_begins_with_what_is_known_of_it(capsys, tmp_path):
    words = ["--entity", "Nur-Sultan", "--entity", "KZ", "--from", "2022-01-02", "--until", "2022-01-18"]
    assert run(capsys, "new", "nur-sultan-2022", *words)[0] == 0
    case = open_case("nur-sultan-2022", None)
    assert (case.entities, case.tz) == (("city:1526273", "country:KZ"), "Asia/Almaty")
    assert (case.start.isoformat(), case.until.isoformat()) == (
        "2022-01-01T18:00:00+00:00",
        "2022-01-17T18:00:00+00:00",
    )


def test_columns_of_what_is_printed_stay_in_line(capsys):
    lines = run(capsys, "cases")[1].splitlines()
    assert {line[20:22] for line in lines} == {"  "}


def test_a_check_reports_all_problems_and_says_so_by_its_exit_code(capsys, tmp_path):
    bad = tmp_path / "case.toml"
    bad.write_text('[case]\nid = "x"\ntz = "Asia/Nowhere"\nfrom = 3\n', encoding="utf-8")
    code, out, _ = run(capsys, "check", bad)
    assert code == 3
    assert "problems to mend" in out
    code, out, _ = run(capsys, "check", bad, "--json")
    assert code == 3
    assert len(json.loads(out)["problems"]) > 1


def test_a_check_of_a_good_case_says_what_it_holds(capsys):
    code, out, _ = run(capsys, "check", CASE)
    assert code == 0
    assert "4 claims of 1 origins in 1 sources" in out
    assert f"darkhours account {CASE}" in out


def test_an_entity_is_told_with_its_zone_and_what_it_lies_in(capsys):
    card = run_json(capsys, "entity", "Almaty")
    assert (card["id"], card["tz"]) == ("city:1526384", "Asia/Almaty")
    assert "country:KZ" in [outer["id"] for outer in card["containers"]]
    assert "city:1526384" in run(capsys, "entity", "Almaty")[1]


def test_an_entity_bears_the_name_it_had_on_the_day(capsys):
    then = run_json(capsys, "entity", "city:1526273", "--at", "2022-01-05")
    today = run_json(capsys, "entity", "city:1526273")
    assert (then["name"], today["name"]) == ("Nur-Sultan", "Astana")


@pytest.mark.parametrize("name", ["account", "outages"])
def test_the_schemas_are_printed_as_they_are(capsys, name):
    assert run_json(capsys, "schema", name) == schema(name)
    assert json.loads(run(capsys, "schema", name)[1]) == schema(name)


def test_the_doctor_finds_this_installation_well(capsys):
    code, out, _ = run(capsys, "doctor")
    assert code == 0, out
    found = run_json(capsys, "doctor")["findings"]
    assert {"python", "time zones", "gazetteer", "shipped case", "this folder"} <= {f["name"] for f in found}
    assert all(finding["fix"] for finding in found if finding["verdict"] == "broken")


def test_the_doctor_names_the_fix_of_a_case_that_cannot_be_read(capsys, tmp_path, monkeypatch):
    (tmp_path / "broken.toml").write_text("[case", encoding="utf-8")
    monkeypatch.setenv("DARKHOURS_CASES", str(tmp_path))
    code, out, _ = run(capsys, "doctor")
    assert code == 3
    assert "to mend it: darkhours check broken" in out


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
