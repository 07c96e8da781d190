"""`darkhours account --pdf`: two pages of the flagship, refused before the work where it cannot be."""

from __future__ import annotations

import re
import sys

import pytest

from darkhours.cli import main

CASE = "almaty-2022"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.delenv("DARKHOURS_CASES", raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_flagship_is_two_pages_and_the_same_bytes_each_time(capsys, tmp_path):
    pytest.importorskip("typst", reason="the extra pdf is not installed")
    codes = [main(["account", CASE, "--pdf", name]) for name in ("a.pdf", "b.pdf")]
    assert (codes, capsys.readouterr().out) == ([0, 0], f"{tmp_path / 'a.pdf'}\n{tmp_path / 'b.pdf'}\n")
    made = (tmp_path / "a.pdf").read_bytes()
    assert made == (tmp_path / "b.pdf").read_bytes()
    assert made.startswith(b"%PDF")
    assert [int(count) for count in re.findall(rb"/Type ?/Pages.*?/Count (\d+)", made, re.DOTALL)] == [2]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pdf", "b.pdf"]


def test_without_its_extra_it_is_refused_before_the_work(capsys, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "typst", None)
    assert main(["account", "no-such-case", "--pdf", "a.pdf"]) == 2
    assert "pip install 'darkhours[pdf]'" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("more", "message", "code"),
    [
        pytest.param(["--all"], "--pdf: expected one account, got --all", 2, id="all"),
        pytest.param(["--html", "a.html"], "--html and --pdf: expected one form of output", 2, id="html-too"),
        pytest.param(["--json"], "--json and --pdf: expected one form of output", 2, id="json-too"),
        pytest.param(["--pdf", "no/such/a.pdf"], "cannot write here", 3, id="no-folder"),
    ],
)
def test_a_pdf_that_cannot_be_is_told(capsys, tmp_path, more, message, code):
    pytest.importorskip("typst", reason="the extra pdf is not installed")
    given = more if "--pdf" in more else ["--pdf", "a.pdf", *more]
    assert main(["account", CASE, *given]) == code
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
