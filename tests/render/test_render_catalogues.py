"""The catalogues: whole, in step with the tree, safe; and the pages that speak through them."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter

import data_fixture as data
import pytest
from babel.messages.plurals import get_plural
from test_render_data_set import EVERY as SETS
from test_render_data_set import make as make_set
from test_render_page import ALMATY, EVERY, accounts_of, read

from darkhours.render import page, svg
from darkhours.render.language import LANGUAGES, RIGHT_TO_LEFT, Language, language
from darkhours.render.mirror import mirrored
from darkhours.render.pdf_values import values_of
from darkhours.render.sheet import style

ROOT = Path(__file__).resolve().parents[2]
OTHERS = [code for code in LANGUAGES if code != "en"]
WHOLE = {"ru": 1.0, "fa": 0.95, "ar": 0.95, "kk": 0.95, "my": 0.95}
"""The least share of all messages that each catalogue translates; the rest is said in English."""
WORDS = {
    "state",
    "detail",
    "service",
    "kind",
    "status",
    "rule",
    "standing",
    "verdict",
    "extent",
    "level",
    "column",
}
"""Contexts whose words no language may lack: those that an account is read by."""
HEADINGS = (
    "What the published figures really count",
    "Contested, and left so",
    "In which order it came back",
    "What happened around it",
    "How this was made, and how to make it again",
    "Other readings",
    "All windows, with their edges",
    "Why each window was called",
    "Sources",
    "To the first return",
    "To the lasting return",
    "Dark in all",
    "Degraded in all",
    "Disrupted in all",
    "Restored",
    "Local days",
    "contested",
    "single source",
    "{who} was cut off for",
    "from the first blackout to the first return",
    "{hours} h",
    "hours to the first return",
    "hours to the lasting return",
    "of them dark",
    "{low} to {high}",
    "{time}Z",
    "Account of connectivity",
    "as of {instant}",
    "How long",
    "90 % interval",
    "Windows",
    "Contested: both sides are kept",
    "What was not measured",
    "Provenance",
    "one source alone",
    "not over",
)
"""Headings, totals and units without a context that no language may lack."""
EXACT = {"n", "count"}
"""Places that a plural form may leave out: Arabic has words for one and for two."""


@cache
def words():
    """Return the script that makes the catalogues."""
    found = importlib.util.spec_from_file_location("words", ROOT / "scripts" / "words.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@cache
def gathered():
    return words().gather()


@cache
def messages(code):
    """Return the messages of a catalogue."""
    return [message for message in words().read(code) if message.id]


def ids(message):
    return message.id if isinstance(message.id, tuple) else (message.id,)


def forms(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def places(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def translated(code):
    return [message for message in messages(code) if words().is_translated(message)]


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_holds_what_the_tree_says_and_is_compiled(code):
    renewed = words().renewed(code, gathered())
    path = words().po_path(code)
    assert path.read_bytes() == words().po_bytes(renewed), "run: make words"
    assert path.with_suffix(".mo").read_bytes() == words().mo_bytes(renewed), "run: make words"
    assert b"Date" not in path.read_bytes()


@pytest.mark.parametrize("code", OTHERS)
def test_coverage_is_counted(code):
    share = len(translated(code)) / len(messages(code))
    missing = [ids(message)[0] for message in messages(code) if message not in translated(code)]
    assert share >= WHOLE[code], missing


@pytest.mark.parametrize("code", OTHERS)
def test_the_words_of_the_account_are_whole_in_every_language(code):
    wanted = [item for item in messages(code) if item.context in WORDS or ids(item)[0] in HEADINGS]
    assert len(wanted) > len(HEADINGS) + 50
    assert [ids(item)[0] for item in wanted if not words().is_translated(item)] == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_the_places_of_its_message(code):
    for message in translated(code):
        wanted = places(ids(message)[-1])
        for form in forms(message):
            spare = EXACT if len(forms(message)) > 1 else set()
            assert places(form) <= wanted, form
            assert wanted - places(form) <= spare, form


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_carries_no_markup_and_nothing_that_turns_or_hides(code):
    for message in translated(code):
        for form in forms(message):
            assert not set('<>&"\\') & set(form) - set(ids(message)[-1]), form
            assert not re.search("[\u0000-\u001f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]", form), (
                form
            )
            source = ids(message)[-1]
            assert form.strip(" ") == form or source.strip(" ") != source, form


@pytest.mark.parametrize("code", OTHERS)
def test_a_plural_has_every_form_that_its_language_asks_for(code):
    plural = [message for message in translated(code) if isinstance(message.id, tuple)]
    assert len(plural) > 10
    assert {len(message.string) for message in plural} == {get_plural(code).num_plurals}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("ru", {1: "1 день", 2: "2 дня", 5: "5 дней", 11: "11 дней", 21: "21 день"}, id="ru"),
        pytest.param(
            "ar", {0: "0 يوم", 1: "يوم واحد", 2: "يومان", 3: "3 أيام", 11: "11 يومًا", 100: "100 يوم"}, id="ar"
        ),
        pytest.param("fa", {1: "۱ روز", 2: "۲ روز"}, id="fa"),
        pytest.param("kk", {1: "1 күн", 2: "2 күн"}, id="kk"),
        pytest.param("my", {1: "၁ ရက်", 2: "၂ ရက်"}, id="my"),
    ],
)
def test_days_are_counted_as_the_language_counts(code, expected):
    spoken = language(code)
    told = {
        n: spoken.many("{n} day", "{n} days", n).translate({0x2068: None, 0x2069: None}) for n in expected
    }
    assert told == expected


@dataclass(frozen=True, slots=True)
class Listener(Language):
    """English that remembers what it was asked to say."""

    asked: set = field(default_factory=set, compare=False)

    def _look_up(self, message):
        self.asked.add((None, message))
        return message

    def _look_up_in(self, context, message):
        self.asked.add((context, message))
        return message

    def _look_up_many(self, one, more, n):
        self.asked.add((None, one))
        return one if n == 1 else more


def test_whatever_a_page_says_is_in_the_catalogues():
    listener = Listener("qq")
    place = data.place(0, 0, 130.0)
    for name in EVERY:
        accounts, case = accounts_of(name)
        page(accounts, case, language=listener)
        svg(accounts, case, language=listener)
        values_of(accounts[0], case, listener)
    page([place], None, traces=[data.trace(place), data.bgp(place)], language=listener)
    for name in SETS:
        make_set(name, listener)
    known = {(item.context, ids(item)[0]) for item in gathered() if item.id}
    assert len(listener.asked) > 350
    assert listener.asked - known == set()


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("name", EVERY)
def test_a_page_in_another_language_is_whole_and_speaks_it(code, name):
    accounts, case = accounts_of(name)
    text = page(accounts, case, language=language(code))
    reader = read(text)
    assert max(reader.ids.count(ident) for ident in reader.ids) == 1
    assert text.startswith(
        f'<!doctype html>\n<html lang="{code}" dir="{"rtl" if code in RIGHT_TO_LEFT else "ltr"}">'
    )
    assert "[U+206" not in text
    told = re.findall(r'-q"></i>([^<,]+)', text)
    assert told
    assert not {"up", "degraded", "dark", "unknown"} & {word.strip() for word in told}


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("name", ["5", "30", "73", "hostile", "curfew9", "mixed", "unmeasured", "one-odd"])
def test_a_page_of_a_data_set_is_whole_and_speaks_the_language(code, name):
    text = make_set(name, language(code))
    reader = read(text)
    assert max(reader.ids.count(ident) for ident in reader.ids) == 1
    assert f'<html lang="{code}" dir="{"rtl" if code in RIGHT_TO_LEFT else "ltr"}">' in text
    assert "[U+206" not in text
    told = re.findall(r'-q"></i>([^<,]+)', text)
    assert not {"up", "degraded", "dark", "unknown"} & {word.strip() for word in told}


def test_a_page_in_english_is_what_it_always_was():
    text = page(*accounts_of("almaty"))
    assert '<html lang="en">' in text
    assert not re.search("[\u2068\u2069]", text)
    assert style() in text


@pytest.mark.parametrize("code", sorted(RIGHT_TO_LEFT))
def test_a_page_from_right_to_left_is_mirrored_and_its_time_is_not(code):
    text = page(ALMATY, None, language=language(code))
    assert mirrored(style()) in text
    assert "svg{direction:ltr}" in text
    assert "\u2068" in text or "<bdi>" in text


def test_a_mirror_of_a_mirror_is_the_sheet_itself():
    assert mirrored(style()) != style()
    assert mirrored(mirrored(style())) == style()


@pytest.mark.parametrize("code", OTHERS)
def test_a_drawing_alone_says_its_language(code):
    accounts, case = accounts_of("almaty")
    text = svg(accounts, case, language=language(code))
    assert f'xml:lang="{code}"' in text
    assert "[U+206" not in text
    assert read(text).open == []
