"""`darkhours score`, as a person types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from town import CASE, run, run_json, somewhere  # noqa: F401 — the fixture works by being here


def test_synthetic_truth_is_scored_by_recipe(capsys):
    code, out, err = run(capsys, "score", "--synthetic", "--recipe", "probes", "--detector", "disco")
    assert (code, err) == (0, "")
    assert out.startswith("Scored: disco; synthetic truth, seeds 0 to 0.\n")
    assert out.splitlines()[-1].split()[:6] == ["probes", "disco", "18", "18", "1.00", "1.00"]


def test_the_same_words_give_the_same_scores(capsys):
    words = ["score", "--synthetic", "--recipe", "thin", "--detector", "trinocular", "--seeds", "2"]
    told = run_json(capsys, *words)
    assert told == run_json(capsys, *words)
    assert told["scores"][0]["recall"] > 0.9


def test_saved_accounts_are_scored_against_a_table(capsys):
    account = run(capsys, "account", CASE, "--step", "1h", "--json")[1]
    Path("a.json").write_text(account, encoding="utf-8")
    row = "local:Town,2024-01-02T10:00+05:00,2024-01-03T10:00+05:00,dark"
    Path("t.csv").write_text(f"entity,start,end,state\n{row}\n", encoding="utf-8")
    code, out, _ = run(capsys, "score", "--truth", "t.csv", "a.json")
    assert code == 0
    assert "local:Town" in out
    told = run_json(capsys, "score", "a.json", "--truth", "t.csv")["scores"][0]
    assert (told["matched"], told["recall"]) == (1, 1.0)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param(["score"], 2, "or --synthetic", id="nothing"),
        pytest.param(["score", "--synthetic", "--recipe", "soup"], 2, "--recipe", id="recipe"),
        pytest.param(["score", CASE, "--truth", CASE], 3, "expected an account as JSON", id="no-account"),
        pytest.param(["score", "gone.json", "--truth", CASE], 3, "cannot be read", id="no-file"),
    ],
)
def test_what_is_wrong_is_told_with_its_exit_code(capsys, words, code, said):
    got, out, err = run(capsys, *words)
    assert (got, out) == (code, "")
    assert said in err
