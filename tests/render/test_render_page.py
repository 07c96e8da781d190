"""The page: whole, safe, small, the same every time, and right for accounts of every sort."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import almaty_fixture as fixture
import odd_fixtures as odd
import pytest

from darkhours.render import page

VOID = {"meta", "input", "br", "link", "img", "hr"}
ALMATY = [fixture.almaty(), fixture.capital(), fixture.country()]


class Reader(HTMLParser):
    """Reads a page as strictly as XML: every element closed, in order."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.hrefs, self.tags, self.text = [], [], [], Counter(), []
        self.addresses, self.labelled = [], []

    def handle_starttag(self, tag, attrs):
        self._see(tag, dict(attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self._see(tag, dict(attrs))

    def _see(self, tag, attrs):
        self.tags[tag] += 1
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.hrefs += [attrs["href"]] if "href" in attrs else []
        self.labelled += (attrs.get("aria-labelledby") or "").split()
        self.addresses += [attrs[name] for name in ("src", "srcset", "data", "action") if name in attrs]
        assert not any(name.startswith("on") for name in attrs), f"an event handler on {tag}"
        if tag == "a" and not attrs.get("href", "#").startswith("#"):
            assert attrs["rel"] == "noopener noreferrer nofollow"

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def read(text):
    """Return a page that was read to its end."""
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


def accounts_of(name):
    """Return the accounts of an odd page, and its case, by its name."""
    if name in odd.ODD:
        return [odd.ODD[name]()], None
    return {
        "lanes": lambda: odd.many_lanes(12),
        "claims": lambda: odd.many_claims(600),
        "hostile": odd.hostile,
        "almaty": lambda: (ALMATY, fixture.case()),
        "alone": lambda: (ALMATY[:1], fixture.case()),
    }[name]()


def make(name):
    """Return an odd page by its name."""
    return page(*accounts_of(name))


EVERY = [*odd.ODD, "lanes", "claims", "hostile", "almaty", "alone"]


@pytest.fixture(scope="module")
def almaty():
    """Return the page of Almaty."""
    return page(ALMATY, fixture.case())


@pytest.mark.parametrize("name", EVERY)
def test_every_page_is_well_formed_with_unique_ids_and_links_that_lead_somewhere(name):
    reader = read(make(name))
    assert [ident for ident, times in Counter(reader.ids).items() if times > 1] == []
    inside = {href[1:] for href in reader.hrefs if href.startswith("#")}
    assert inside | set(reader.labelled) <= set(reader.ids)


@pytest.mark.parametrize("name", EVERY)
def test_no_page_asks_for_anything_or_runs_anything(name):
    text = make(name)
    reader = read(text)
    assert reader.addresses == []
    assert not {"script", "link", "img", "iframe", "object", "embed"} & set(reader.tags)
    assert not re.search(r"@import|url\((?!#)", text)
    assert all(href.startswith(("#", "http://", "https://")) for href in reader.hrefs)


@pytest.mark.parametrize("name", EVERY)
def test_headings_go_down_one_level_at_a_time_under_one_h1(name):
    levels = [int(level) for level in re.findall(r"<h([1-6])", make(name))]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_the_page_of_almaty_is_small(almaty):
    assert len(almaty.encode()) < 200_000


def test_the_same_input_gives_the_same_bytes(almaty):
    assert page(ALMATY, fixture.case()) == almaty


def test_every_claim_has_a_row_with_its_id_and_its_note(almaty):
    text = " ".join(read(almaty).text)
    for claim in fixture.claims():
        assert f"{claim.id}" in text
        assert claim.note in text


def test_every_claim_of_a_state_inside_the_picture_is_a_mark_that_leads_to_its_row(almaty):
    places = {claim.id: f"#c{number}" for number, claim in enumerate(fixture.case().claims, 1)}
    picture = almaty[almaty.index('class="wide"') : almaty.index('class="only-phone"')]
    drawn = [claim for claim in fixture.claims() if claim.when is not None and claim.id != "kz-21c"]
    assert [claim.id for claim in drawn if f'href="{places[claim.id]}"' not in picture] == []
    assert re.search(rf'Outside the days drawn: <a href="{places["kz-21c"]}"', almaty)


def test_the_table_of_windows_holds_every_window_of_every_lane(almaty):
    table = almaty[almaty.index('<table class="small wins"') :].split("</table>")[0]
    assert table.count("<tr id=") == sum(len(account.windows) for account in ALMATY)


def test_numbers_stand_with_their_interval_and_rule(almaty):
    text = re.sub(r"\s+", " ", " ".join(read(almaty).text))
    assert (
        "Almaty was cut off for 111.5 hours (110.5 to 112.5) from the first blackout to the first return"
        in text
    )
    for figure in ("107", "106–111.5", "135.25", "134.5–136.5", "126.25", "124–131.5"):
        assert figure in text


def test_the_verdict_on_111_hours_says_what_is_wrong_with_it(almaty):
    text = " ".join("".join(read(almaty).text).split())
    assert "111 hours, not counting 4 restored, Almaty" in text
    assert "those come to 107 hours (106 to 111.5), not 111." in text
    assert "the whole span would have to be 115 hours; it was 111.5 (110.5 to 112.5)." in text
    assert "every hour from the first blackout to the first return, 111.5" in text


def test_the_claimed_hours_stand_on_their_scale_clear_of_its_numbers(almaty):
    scale = almaty[almaty.index('class="against"') :]
    scale = scale[: scale.index("</svg>")]
    places = [(float(at), text) for at, text in re.findall(r'x="([\d.]+)%"[^>]*>([\d.,]+)<', scale)]
    claimed = next(at for at, text in places if text == "111")
    assert len(places) > 3
    assert all(abs(at - claimed) > 10 for at, text in places if text != "111")


def test_what_is_contested_keeps_both_sides(almaty):
    text = " ".join("".join(read(almaty).text).split())
    assert "a government-run channel: 164" in text
    assert "the health ministry: denied" in text
    assert "The night of 5 to 6 January is not settled" in text


def test_local_time_comes_first_and_utc_is_one_choice_away_without_script(almaty):
    assert "5\u00a0Jan\u00a017:00 <i>(11:00Z)</i>" in almaty
    assert "5\u00a0Jan\u00a011:00Z <i>(17:00)</i>" in almaty
    assert 'id="t-l" checked' in almaty
    assert "#t-u:checked~.page .u{display:inline}" in almaty


def test_a_place_on_utc_needs_no_choice():
    text = make("new-year")
    assert 'id="t-u"' not in text.replace("#t-u", "")


def test_years_stand_on_dates_where_the_span_touches_two():
    assert "31\u00a0Dec 2022" in make("new-year")
    assert "2\u00a0Jan 2023" in make("new-year")


def test_hostile_words_are_shown_and_do_nothing():
    text = make("hostile")
    assert "<script" not in text
    assert "<img" not in text
    assert "javascript:" not in "".join(read(text).hrefs)
    assert "\u202e" not in text
    assert "[U+202E]" in text
    assert "\x07" not in text
    assert "{{ 7*7 }}" in text
    text.encode()


@pytest.mark.parametrize(
    ("name", "headline"),
    [
        pytest.param("ongoing", "Bam has been cut off for 44 hours", id="ongoing-says-has-been"),
        pytest.param("probation", "Bam was cut off for 40 hours", id="probation-counts-to-the-return"),
        pytest.param("throttled", "Bam was disrupted for 40 hours", id="never-dark-is-disrupted"),
        pytest.param("curfew", "on 88 nights, from 01:00 to 07:30", id="curfew-is-one-pattern"),
        pytest.param("several", "in two outages", id="several-outages-are-counted"),
        pytest.param("quiet", "Bam stayed up", id="no-outage"),
        pytest.param("unmeasured", "Bam: nobody measured or told", id="unmeasured-is-not-up"),
    ],
)
def test_the_headline_fits_the_account(name, headline):
    found = re.search(r"<h1>(.*?)</h1>", make(name), re.DOTALL)
    assert headline in re.sub(r"<[^>]+>", "", found[1]).replace("\u00a0", " ")


def test_a_page_without_a_case_has_no_list_of_statements():
    reader = read(make("holes"))
    assert "statements" not in reader.ids
    assert "windows" in reader.ids


def test_light_dark_and_print_are_all_defined(almaty):
    for media in ("(prefers-color-scheme:dark)", "print"):
        assert f"@media {media}{{:root{{" in almaty
    assert "@page lanes{size:A4 landscape" in almaty


def test_what_was_published_after_the_account_is_no_part_of_its_page():
    early = replace(fixture.almaty(), as_of=fixture.local(8))
    text = page([early], fixture.case())
    assert "kz-19b" not in text
    assert "kz-05" in text


def test_no_account_is_an_error_that_says_what_to_do():
    with pytest.raises(ValueError, match="expected at least one account"):
        page([], None)


def test_lanes_are_those_that_are_named():
    text = page(ALMATY[:1], fixture.case(), lanes=[fixture.country()])
    table = text[text.index('<table class="small wins"') :].split("</table>")[0]
    assert "Kazakhstan" in table
    assert "Nur-Sultan" not in table
