"""Languages: what each says, how numbers and times read in it, and what a reader's wish leads to."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from markupsafe import Markup

from darkhours.model.errors import InputError
from darkhours.render.language import ENGLISH, LANGUAGES, RIGHT_TO_LEFT, best_language, language

MOMENT = datetime(2022, 1, 5, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_knows_its_name_and_its_direction(code):
    spoken = language(code)
    assert (spoken.code, spoken.name) == (code, LANGUAGES[code])
    assert spoken.direction == ("rtl" if code in RIGHT_TO_LEFT else "ltr")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_message_without_translation_is_said_in_english(code):
    around = ("\u2068", "\u2069") if code in RIGHT_TO_LEFT else ("", "")
    told = "A sentence that no catalogue holds.".join(around)
    assert language(code).say("A sentence that no catalogue holds.") == told
    assert language(code).many("{n} such", "{n} such things", 2).endswith("such things" + around[1])
    assert language(code).state("no such state") == "no such state".join(around)


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
@pytest.mark.parametrize("state", ["up", "degraded", "dark", "unknown"])
def test_every_state_has_a_word_of_its_own(code, state):
    assert language(code).state(state) != ENGLISH.state(state)


@pytest.mark.parametrize(
    ("code", "number", "day", "share"),
    [
        pytest.param("en", "1,234.5", "5 Jan 2022", ">99 %", id="en"),
        pytest.param("ru", "1 234,5", "5 янв. 2022 г.", ">99 %", id="ru"),
        pytest.param("kk", "1 234,5", "2022 ж. 5 қаң.", ">99%", id="kk"),
        pytest.param("fa", "۱٬۲۳۴٫۵", "۵ ژانویه ۲۰۲۲", "بیش از ۹۹٪", id="fa"),
        pytest.param("ar", "1,234.5", "5 يناير 2022", "أكثر من 99%", id="ar"),
        pytest.param("my", "၁,၂၃၄.၅", "၂၀၂၂ ဇန် ၅", ">၉၉%", id="my"),
    ],
)
def test_numbers_and_dates_are_those_of_the_language(code, number, day, share):
    spoken = language(code)
    told = (spoken.number(1234.5), spoken.day(MOMENT.date(), year=True), spoken.share(0.999))
    plain = (re.sub("[\u2068\u2069]", "", " ".join(text.split())) for text in told)
    assert tuple(plain) == (number, day, share)


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_instant_says_utc_and_counts_hours_to_24(code):
    spoken = language(code)
    assert spoken.instant(MOMENT).endswith("UTC")
    assert spoken.time_of_day(MOMENT) in spoken.instant(MOMENT)
    assert spoken.time_of_day(MOMENT) in {"17:00", "۱۷:۰۰", "၁၇:၀၀"}


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("span", [timedelta(minutes=15), timedelta(hours=4), timedelta(days=3)])
def test_a_length_is_a_number_and_a_unit(code, span):
    assert any(char.isdigit() for char in language(code).length(span))
    assert language(code).days(date(2022, 1, 2), date(2022, 1, 2)).count("2022") <= 1


@pytest.mark.parametrize(
    ("header", "code"),
    [
        pytest.param(None, "en", id="none"),
        pytest.param("", "en", id="empty"),
        pytest.param("kk-KZ, ru;q=0.8, en;q=0.5", "kk", id="first"),
        pytest.param("de, fr;q=0.9, ar-EG;q=0.7, en;q=0.3", "ar", id="the-best-that-we-have"),
        pytest.param("en;q=0.3, ru;q=0.9", "ru", id="by-weight"),
        pytest.param("ru;q=0, my", "my", id="nought-is-never"),
        pytest.param("ru;q=much, FA", "fa", id="what-does-not-parse-is-passed-over"),
        pytest.param("ru;q=2, en", "en", id="weight-out-of-range"),
        pytest.param("*", "en", id="anything"),
        pytest.param(";;;===,,,q" * 5000, "en", id="rubbish"),
    ],
)
def test_a_reader_gets_the_language_that_they_like_best(header, code):
    assert best_language(header).code == code


def test_a_language_that_nobody_speaks_here_names_those_that_we_do():
    with pytest.raises(
        InputError, match="expected one of en, ru, kk, fa, ar, my: got 'ruu'; did you mean 'ru'"
    ):
        language("ruu")


def test_values_are_escaped_once_a_value_is_markup():
    told = ENGLISH.say("{who} & {what}", who="a<b", what=Markup("<b>c</b>"))
    assert told == Markup("a&lt;b &amp; <b>c</b>")
    assert ENGLISH.say("{who} & co", who="a<b") == "a<b & co"
    assert ENGLISH.markup("a region's {x}", x='"') == Markup("a region's &#34;")


@pytest.mark.parametrize("code", sorted(RIGHT_TO_LEFT))
def test_values_are_isolated_from_right_to_left(code):
    spoken = language(code)
    assert spoken.isolate("KZ-5 (7)") == "\u2068KZ-5 (7)\u2069"
    assert spoken.isolate(Markup("<b>7</b>")) == Markup("<bdi><b>7</b></bdi>")
    assert spoken.isolate("a\u2069b") == "\u2068a[U+2069]b\u2069"
    inner = spoken.say("{who} stayed up", who="KZ")
    assert "\u2068KZ\u2069" in inner
    assert spoken.isolate(inner) == inner, "what isolates its own values runs as the sentence around it"


def test_english_needs_no_extra():
    code = (
        "import sys; sys.modules['babel'] = None\n"
        "from darkhours.render.language import ENGLISH, language\n"
        "from darkhours.model.errors import ConfigError\n"
        "assert language('en') is ENGLISH\n"
        "try: language('ru')\n"
        "except ConfigError as error: print(error)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "a page in another language needs an extra: pip install 'darkhours[web]'"
