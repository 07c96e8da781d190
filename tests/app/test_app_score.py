"""Accounts are scored against a table of truth; whatever is wrong with the table is named by its line."""

from __future__ import annotations

import pytest
from hand_made import PLACE, account, at

from darkhours.app import score as use_case
from darkhours.app.score import choose_scores, score_accounts, score_synthetic
from darkhours.app.truth import read_truths
from darkhours.model.document import outages_document, to_json
from darkhours.model.errors import ConfigError, InputError

HEAD = "entity,start,end,state\n"


def time(hours):
    return at(hours).strftime("%Y-%m-%dT%H:%MZ")


def table(*rows):
    return HEAD + "".join(f"{entity},{start},{end},{state}\n" for entity, start, end, state in rows)


DARK = (PLACE, time(24), time(48), "dark")


@pytest.fixture
def saved(tmp_path):
    """Write accounts and a table; return their paths."""

    def save(text, accounts=None):
        document, truth = tmp_path / "accounts.json", tmp_path / "truth.csv"
        document.write_text(to_json(outages_document(accounts or [account()])), encoding="utf-8")
        truth.write_text(text, encoding="utf-8")
        return document, truth

    return save


def test_an_account_that_is_right_scores_one(saved):
    (line,) = score_accounts(*saved(table(DARK))).lines
    score = line.score
    assert (line.what, score.precision, score.recall, score.coverage) == (PLACE, 1.0, 1.0, 1.0)
    assert (score.edge_p90_min, score.width_median_min, score.dark_error_h) == (0.0, 60.0, 0.0)


def test_an_entity_without_a_row_was_up(saved):
    (line,) = score_accounts(*saved(HEAD)).lines
    assert (line.score.precision, line.score.recall, line.score.tally.false) == (0.0, None, 1)


def test_several_accounts_have_a_line_for_all(saved):
    two = [account(), account(entity="local:B")]
    scores = score_accounts(*saved(table(DARK), two))
    assert [line.what for line in scores.lines] == [PLACE, "local:B", "all"]
    assert scores.lines[-1].score.tally.true == 1


def test_a_window_that_reaches_past_the_account_is_cut(saved):
    truths = read_truths("t.csv", table((PLACE, time(-5), time(500), "dark")), [account()])
    (window,) = truths[PLACE].windows
    assert (window.start, window.end) == (at(0), None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "t.csv:1: expected the columns entity,start,end,state, got nothing", id="empty"),
        pytest.param("<html>", "got <html>; mend the first line", id="html"),
        pytest.param(table(("local:X", *DARK[1:])), "t.csv:2: entity: expected one", id="unknown-entity"),
        pytest.param(table((*DARK[:3], "off")), "state: expected dark, degraded or unknown", id="state"),
        pytest.param(table((PLACE, "soon", "", "dark")), "t.csv:2: start: expected an ISO time", id="start"),
        pytest.param(table((PLACE, time(2), time(2), "dark")), "end: expected a time after", id="no-length"),
        pytest.param(
            table((PLACE, time(96), "", "dark")), "expected a time in the span", id="after-the-span"
        ),
        pytest.param(table((PLACE, time(-9), time(0), "dark")), "in the span", id="before-the-span"),
        pytest.param(table(DARK, (PLACE, time(47), time(50), "dark")), "t.csv:3: start", id="overlap"),
        pytest.param(table(DARK[:1] * 2 + ("", "")), "t.csv:2", id="cells-in-the-wrong-place"),
        pytest.param(HEAD + "x\n", "t.csv:2: state", id="cells-missing"),
    ],
)
def test_what_is_wrong_with_a_table_is_named_by_its_line(text, said):
    with pytest.raises(InputError) as caught:
        read_truths("t.csv", text, [account()])
    assert said in str(caught.value)


def test_windows_side_by_side_are_two():
    text = table(DARK, (PLACE, time(48), time(50), "degraded"))
    assert len(read_truths("t.csv", text, [account()])[PLACE].windows) == 2


def test_every_problem_of_a_table_is_told():
    text = table((*DARK[:3], "off"), ("local:X", *DARK[1:]))
    with pytest.raises(InputError) as caught:
        read_truths("t.csv", text, [account()])
    assert [problem.line for problem in caught.value.problems] == [2, 3]


@pytest.mark.parametrize(
    ("accounts", "said"),
    [
        pytest.param([account(service="web")], "expected accounts of the service internet", id="no-internet"),
        pytest.param([account(), account()], "found two", id="twice"),
    ],
)
def test_accounts_that_cannot_be_scored_are_refused(saved, accounts, said):
    with pytest.raises(InputError, match=said):
        score_accounts(*saved(table(DARK), accounts))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param({}, "or --synthetic", id="nothing"),
        pytest.param({"synthetic": True, "seeds": 0}, "--seeds: expected 1 or more", id="no-draw"),
        pytest.param({"synthetic": True, "recipes": ["soup"]}, "--recipe: expected one of", id="recipe"),
        pytest.param({"synthetic": True, "detectors": ["dog"]}, "--detector: expected one of", id="detector"),
        pytest.param({"seeds": 3}, "add --synthetic", id="seeds-of-accounts"),
    ],
)
def test_words_that_do_not_fit_are_refused(words, said):
    with pytest.raises(ConfigError, match=said):
        choose_scores(None, None, **words)


def test_a_file_has_no_place_beside_synthetic_truth(tmp_path):
    with pytest.raises(ConfigError, match="leave out"):
        choose_scores(tmp_path, None, synthetic=True)


def test_a_detector_that_can_read_nothing_of_a_recipe_has_no_line():
    scores = score_synthetic(["probes", "step"], ["disco"], 1)
    assert [line.what for line in scores.lines] == ["probes"]


def test_more_seeds_are_more_truth():
    one, two = (score_synthetic(["probes"], ["cdn"], seeds).lines[0].score.tally for seeds in (1, 2))
    assert two.weeks == 2 * one.weeks
    assert two.true > one.true


def test_the_detector_that_is_scored_unless_told_exists():
    assert callable(use_case.find_detector(use_case.DEFAULT_DETECTOR))
