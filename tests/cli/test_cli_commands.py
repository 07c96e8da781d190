"""The commands, run in this process as a person would type them."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from town import CASE, COMMANDS, SHIPPED, run, run_json, somewhere  # noqa: F401 — the fixture works by being here

from darkhours.app.cases import open_case
from darkhours.model.document import schema


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
