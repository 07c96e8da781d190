"""The PDF in other languages: the same bytes, two pages, from right to left where it is so, never a box."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace

import almaty_fixture as fixture
import odd_fixtures as odd
import pytest
from test_render_catalogues import forms, messages
from test_render_pdf import inflate

from darkhours.model.errors import ConfigError
from darkhours.render import pdf_fonts
from darkhours.render.language import LANGUAGES, RIGHT_TO_LEFT, language
from darkhours.render.pdf import _lacking, fonts_for, pdf
from darkhours.render.pdf_fonts import FACES, OWN, Face
from darkhours.render.pdf_text import SAFE
from darkhours.render.pdf_values import values_of

typst = pytest.importorskip("typst", reason="the extra pdf is not installed")
OTHERS = [code for code in LANGUAGES if code != "en"]
SAID = {
    "ru": "от первого отключения до первого восстановления",
    "kk": "алғашқы өшіруден алғаш қалпына келгенше",
    "fa": "از نخستین قطعی تا نخستین بازگشت",
    "ar": "من أول قطع إلى أول عودة",
    "my": "ပထမအကြိမ်ဖြတ်တောက်ချိန်မှ ပထမအကြိမ်ပြန်ရသည်အထိ",
}
"""The end of the statement of Almaty."""
TURNS = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def spoken(code):
    """Return a language that can be set here."""
    found = language(code)
    try:
        fonts_for(found)
    except ConfigError as error:
        pytest.skip(str(error))
    return found


def read(made, folder, *how):
    """Return what pdftotext reads, without the marks of direction that it adds."""
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext is not there to read what was set")
    (folder / "a.pdf").write_bytes(made)
    ran = subprocess.run([reader, *how, folder / "a.pdf", "-"], capture_output=True, check=True)
    return " ".join(TURNS.sub("", ran.stdout.decode()).split())


@pytest.fixture(scope="module", params=OTHERS)
def almaty(request):
    """Almaty in a language."""
    found = spoken(request.param)
    return found, pdf(fixture.almaty(), fixture.case(), language=found)


def test_the_same_account_gives_the_same_bytes_in_every_language(almaty):
    found, made = almaty
    assert pdf(fixture.almaty(), fixture.case(), language=found) == made


def test_two_pages_say_their_language_and_are_tagged(almaty):
    found, made = almaty
    assert f"/Lang({found.code})".encode() in made
    assert b"<pdfuaid:part>1</pdfuaid:part>" in inflate(made)
    assert len(re.findall(rb"/Type\s*/Page\b", inflate(made))) == 2


def test_the_statement_is_read_in_its_order_and_nothing_is_spelled_by_number(almaty, tmp_path):
    found, made = almaty
    text = read(made, tmp_path)
    assert SAID[found.code] in text
    assert "[U+" not in text
    assert "https://www.accessnow.org" in text


def test_columns_run_as_the_language_does(almaty, tmp_path):
    found, made = almaty
    text = read(made, tmp_path, "-bbox", "-l", "1")
    words = re.findall(r'xMin="([\d.]+)" yMin="[\d.]+"[^>]*>([^<]+)</word>', text)
    first = found.state("degraded").split()[0]  # pdftotext gives the letters of a box as they lie
    state = next(float(x) for x, word in words if word in {first, first[::-1]})
    share = next(float(x) for x, word in words if word == "p")
    assert (state > share) == (found.code in RIGHT_TO_LEFT)


@pytest.mark.parametrize("code", OTHERS)
def test_no_word_of_ours_is_left_in_english(code):
    english = values_of(fixture.almaty(), fixture.case())
    other = values_of(fixture.almaty(), fixture.case(), language(code))
    for name in ("statement", "summary", "windows_note", "method", "limits", "attribution", "heads"):
        assert other[name] != english[name], name
    assert {row["word"] for row in other["windows"]} & {"up", "degraded", "dark", "unknown"} == set()


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("name", odd.ODD)
def test_an_account_of_any_sort_is_set_in_every_language(code, name):
    assert pdf(odd.ODD[name](), None, language=spoken(code)).startswith(b"%PDF")


@pytest.mark.parametrize("code", OTHERS)
def test_hostile_words_are_set_in_every_language_and_cannot_turn_it(code, tmp_path):
    accounts, case = odd.hostile()
    made = pdf(accounts[0], case, language=spoken(code))
    assert b"/URI (javascript" not in inflate(made)
    text = read(made, tmp_path)
    assert not re.search("[\u202d\u202e]", text)


@pytest.mark.parametrize("code", sorted(FACES))
def test_the_letters_that_a_font_must_have_are_those_of_the_catalogue(code):
    said = {char for message in messages(code) for form in forms(message) for char in form}
    digits = set(language(code).digits("0123456789"))
    assert (said | digits) - SAFE - set(FACES[code].letters) - {"\u200c"} == set()


def test_english_russian_and_kazakh_ask_the_machine_for_no_font():
    assert {fonts_for(language(code)) for code in ("en", "ru", "kk")} == {OWN}


@pytest.mark.parametrize(
    "face",
    [
        pytest.param(Face(("No Such Font",), "\u1000"), id="not-there"),
        pytest.param(Face(OWN[2:], "\u1000"), id="no-such-letters"),
    ],
)
def test_a_language_in_letters_that_no_font_has_is_refused(monkeypatch, face):
    monkeypatch.setattr(pdf_fonts, "FACES", {})
    monkeypatch.setattr("darkhours.render.pdf.FACES", {"my": face})
    with pytest.raises(ConfigError, match=r"--pdf in my: expected a font with its letters .* install one"):
        pdf(fixture.almaty(), fixture.case(), language=language("my"))


def test_a_report_in_letters_that_the_fonts_have_is_shown_in_an_english_document(tmp_path):
    case = fixture.case()
    sources = {key: replace(source, publisher="Время, قطع") for key, source in case.sources.items()}
    assert _lacking(typst, frozenset("Времяقطع")) == frozenset()
    text = read(pdf(fixture.almaty(), replace(case, sources=sources)), tmp_path)
    assert "Время" in text
    assert "[U+" not in text
