"""`darkhours account --lang`: the page and the drawing in another language, refused where it cannot be."""

from __future__ import annotations

import re

import pytest

from darkhours.app.screen import Screen, put_accounts
from darkhours.cli import main
from darkhours.model.errors import ConfigError
from darkhours.render import pdf_fonts
from darkhours.render.language import LANGUAGES, language

CASE = "almaty-2022"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.delenv("DARKHOURS_CASES", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("form", ["--html", "--svg"])
def test_a_file_speaks_the_language_that_was_asked_for(capsys, tmp_path, form):
    assert main(["account", CASE, form, "a", "--lang", "fa"]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'a'}\n"
    text = (tmp_path / "a").read_text(encoding="utf-8")
    assert re.search(r'lang="fa"', text[:400])
    assert language("fa").say("to the first return") in text


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_the_story_speaks_the_language_that_was_asked_for(capsys, code):
    assert main(["account", CASE, "--lang", code]) == 0
    story, spoken = capsys.readouterr().out, language(code)
    for word in ("How long", "Contested: both sides are kept", "contested"):
        assert spoken.say(word) in story
    assert spoken.state("dark") in story
    assert "█" in story
    assert not re.search("[\u2066-\u2069]|[^ ]\\n\\n\\n", story)


def test_a_story_for_an_output_of_ascii_alone_is_refused():
    with pytest.raises(ConfigError, match="--lang: expected an output that takes Unicode"):
        put_accounts((), None, Screen(ascii_only=True), lang="ru")


def test_a_pdf_speaks_the_language_that_was_asked_for(tmp_path):
    pytest.importorskip("typst", reason="the extra pdf is not installed")
    assert main(["account", CASE, "--pdf", "a", "--lang", "ru"]) == 0
    made = (tmp_path / "a").read_bytes()
    assert b"/Lang(ru)" in made
    assert b"/Type/Pages/Count 2/" in made  # in somewhat smaller letters than in English


def test_a_pdf_in_letters_that_no_font_here_has_is_refused_before_the_work(capsys, tmp_path, monkeypatch):
    pytest.importorskip("typst", reason="the extra pdf is not installed")
    monkeypatch.setitem(pdf_fonts.FACES, "my", pdf_fonts.Face(("No Such Font",), "\u1000"))
    assert main(["account", CASE, "--pdf", "a", "--lang", "my"]) == 2
    told = capsys.readouterr().err
    assert "--pdf in my: expected a font with its letters (No Such Font), found none; install one" in told
    assert list(tmp_path.iterdir()) == []


def test_outages_refuses_a_language_for_what_is_in_english(capsys, tmp_path):
    (tmp_path / "a.csv").write_text("time,value\n2022-01-01T00:00Z,1\n", encoding="utf-8")
    assert main(["outages", "a.csv", "--csv", "b.csv", "--lang", "fa"]) == 2
    assert "--lang: expected with --html, got --csv" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "message", "code"),
    [
        pytest.param(["--html", "a", "--lang", "rus"], "got 'rus'; did you mean 'ru'?", 3, id="unknown"),
        pytest.param(["--json", "--lang", "ru"], "the story in the terminal, got --json", 2, id="json"),
        pytest.param(["--all", "--lang", "ru"], "got --all, which is in English", 2, id="list"),
        pytest.param(["--csv", "a", "--lang", "ru"], "--lang: expected with --html or --svg", 2, id="csv"),
    ],
)
def test_a_language_that_cannot_be_is_told_before_the_work(capsys, tmp_path, more, message, code):
    assert main(["account", CASE, *more]) == code
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
