"""The page of a data set: whole, safe, below 300 kB for one entity and for thousands."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import data_fixture as data
import odd_fixtures as odd
import pytest
from test_render_page import read

from darkhours.model.state import State
from darkhours.render import data_set_csv, page, render_data_set
from darkhours.render.language import ENGLISH
from darkhours.render.onsets import find_falls, group, wave_span

SIZES = (1, 5, 30, 73, 3000)


def make(name, language=ENGLISH):
    """Return a page by its name, with places and signals where they are known."""
    if name in ODD_SETS:
        return render_data_set(ODD_SETS[name](), (), "odd", language=language)
    if name == "hostile":
        harm = odd.HOSTILE
        return render_data_set(data.hostile(), (), harm, [harm], [harm], language=language)
    if name.startswith("curfew"):
        return render_data_set(data.curfews(int(name[6:])), (), "nights", language=language)
    accounts = data.data_set(int(name))
    traces = [one for account in accounts[:6] for one in (data.trace(account), data.bgp(account))]
    thanks = "Monash IP Observatory"
    places = data.entities(accounts)
    return render_data_set(accounts, traces, "a.csv", ["A note."], thanks, entities=places, language=language)


ODD_SETS = {
    "untouched": lambda: [data.untouched(at, at) for at in range(12)],
    "unmeasured": lambda: [replace(odd.unmeasured(), entity=f"local:{at}") for at in range(8)],
    "mixed": lambda: [made() for made in odd.ODD.values()],
    "one-odd": lambda: [odd.holes()],
    "one-fell": lambda: [data.place(0, 0, 130.0), *(data.untouched(at, at) for at in range(1, 50))],
    "countries": lambda: [
        replace(data.place(at, at, 130.0 + at), entity=f"country:{code}")
        for at, code in enumerate(("AA", "BB"))
    ],
}
EVERY = [*map(str, SIZES), *ODD_SETS, "hostile", "curfew1", "curfew9", "curfew300"]


@pytest.fixture(scope="module", params=EVERY)
def made(request):
    """Return each page once for all the tests of a page."""
    return request.param, make(request.param)


def test_it_is_well_formed_with_unique_ids_links_that_lead_and_no_request(made):
    _, text = made
    reader = read(text)
    assert [ident for ident, times in Counter(reader.ids).items() if times > 1] == []
    inside = {href[1:] for href in reader.hrefs if href.startswith("#")}
    assert inside | set(reader.labelled) <= set(reader.ids)
    assert reader.addresses == []
    assert not {"script", "link", "img", "iframe", "object", "embed"} & set(reader.tags)
    assert not re.search(r"@import|url\((?!#)|NaN|Infinity|>nan|inf%", text)


def test_it_is_below_300_kb(made):
    name, text = made
    assert len(text.encode()) < 300_000, name


def test_headings_go_down_one_level_at_a_time_under_one_h1(made):
    levels = [int(level) for level in re.findall(r"<h([1-6])", made[1])]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_every_drawing_is_well_formed_xml(made):
    for drawing in re.findall(r"<svg.*?</svg>", made[1], re.DOTALL):
        ET.fromstring(drawing)  # noqa: S314 — our own text


def test_every_section_with_a_picture_has_a_table_or_leads_to_one(made):
    for section in re.findall(r"<section.*?</section>", made[1], re.DOTALL):
        if 'role="img"' in section or 'role="group"' in section:
            assert "<table" in section or 'href="#' in section


def test_no_colour_stands_alone_every_picture_of_states_has_a_legend(made):
    assert 'id="p-deg"' in made[1]
    assert 'id="p-unk"' in made[1]


@pytest.mark.parametrize(
    ("name", "headline"),
    [
        pytest.param("1", "Place 0 has been cut off for", id="one-entity-is-told-as-an-account"),
        pytest.param("5", "All 5 places went dark, half of them by 16 Nov", id="all"),
        pytest.param("73", "66 of 73 places went dark", id="some"),
        pytest.param("3000", "2,700 of 3,000 places went dark", id="thousands"),
        pytest.param("untouched", "None of 12 places went dark", id="none"),
        pytest.param("unmeasured", "None of 8 places was measured", id="not-measured-is-not-up"),
        pytest.param("one-fell", "1 of 50 places went dark, and all still was", id="one-fell"),
        pytest.param("countries", "All 2 countries went dark", id="noun-by-kind"),
    ],
)
def test_the_headline_counts(name, headline):
    found = re.search(r"<h1>(.*?)</h1>", make(name), re.DOTALL)
    local = re.sub(r'<span class="u">.*?</span>', "", found[1])
    assert headline in " ".join(re.sub(r"<[^>]+>", "", local).replace("\u00a0", " ").split())


def test_hostile_words_are_shown_and_do_nothing():
    text = make("hostile")
    assert "<script" not in text
    assert "<img" not in text
    assert "\u202e" not in text
    assert "\x07" not in text
    assert "[U+202E]" in text
    assert "{{ 7*7 }}" in text
    text.encode()


@pytest.mark.parametrize(
    ("name", "has", "lacks"),
    [
        pytest.param("5", {"lanes-h", "why-h", "levels-h", "windows", "wave-h"}, {"panels-h"}, id="lanes"),
        pytest.param("30", {"strips-h", "crowd-h", "map-h", "rank-h"}, {"lanes-h", "panels-h"}, id="strips"),
        pytest.param("73", {"panels-h", "wave-h", "map-h"}, {"strips-h", "lanes-h"}, id="multiples"),
        pytest.param("curfew9", {"raster-1", "raster-3"}, {"raster-4"}, id="nights"),
        pytest.param("untouched", {"strips-h", "rank-h"}, {"wave-h"}, id="no-wave-without-onsets"),
        pytest.param("1", {"lanes-h", "windows"}, {"rank-h", "wave-h", "crowd-h"}, id="one"),
    ],
)
def test_the_pictures_follow_the_number(name, has, lacks):
    ids = set(read(make(name)).ids)
    assert has <= ids
    assert not lacks & ids


def test_regions_stand_in_the_order_of_their_median_onset():
    accounts = data.data_set(73)
    regions = [region for region in group(find_falls(accounts, {})) if region.middle]
    assert [region.name for region in regions] == [f"Province {at}" for at in range(9)]
    table = make("73").split('class="small onsets"')[1].split("</table>")[0]
    assert re.findall(r"Province \d", table) == [region.name for region in regions]


def test_few_that_fell_far_off_do_not_flatten_the_wave():
    accounts = [*data.data_set(30), data.place(99, 3, 20.0)]
    start, until, together = wave_span(find_falls(accounts, {}))
    assert together
    assert (until - start).total_seconds() / 3600 < 60
    assert "1 onset lies outside the time drawn" in render_data_set(accounts)


def test_unknown_ends_are_not_up():
    short = replace(data.untouched(1, 1), until=data.START, start=data.START)
    assert short.windows[0].state is State.UP
    text = render_data_set([*data.data_set(12), odd.unmeasured()])
    assert 'class="unk"' in text


def test_the_ranking_has_the_longest_dark_first_and_tells_the_rest_by_number():
    text = make("3000")
    rows = re.findall(r'<td class="r"><b>([\d.,]+)</b>', text)
    lengths = [float(row.replace(",", "")) for row in rows]
    assert lengths == sorted(lengths, reverse=True)
    assert f"{3000 - len(rows):,} places further down are not listed" in text


def test_the_csv_holds_every_entity_and_no_formula():
    accounts = [*data.data_set(300), replace(data.untouched(300, 1), name="=cmd()")]
    rows = list(csv.DictReader(io.StringIO(data_set_csv(accounts, data.entities(accounts)))))
    assert len(rows) == 301
    assert {row["region"] for row in rows} >= {"Province 0", "Province 9"}
    assert rows[0]["onset"].endswith("Z")
    assert any(row["name"] == "'=cmd()" for row in rows)


def test_the_same_input_in_any_order_gives_the_same_bytes():
    accounts = data.data_set(73)
    assert render_data_set(accounts) == render_data_set(accounts[::-1])


def test_no_account_is_an_error_that_says_what_to_do():
    with pytest.raises(ValueError, match="expected at least one account"):
        render_data_set([])


def test_the_page_of_an_account_draws_its_signals_and_says_why():
    account = data.place(0, 0, 130.0)
    text = page([account], None, traces=[data.trace(account), data.bgp(account)])
    ids = set(read(text).ids)
    assert {"why-h", "levels-h"} <= ids
    assert "s-line" in text
    assert "4\u00a0% of baseline" in text
    assert "announced, which says nothing of who can be reached" in text
    assert "why-h" not in page([account], None)


def six_noisy(accounts):
    return render_data_set(accounts, [data.noisy(one, at) for one in accounts for at in range(6)])


@pytest.mark.parametrize(
    "worst",
    [
        pytest.param(lambda: six_noisy(data.curfews(6)), id="six-curfews-with-six-noisy-signals-each"),
        pytest.param(lambda: six_noisy(data.data_set(6)), id="six-places-with-six-noisy-signals-each"),
        pytest.param(lambda: render_data_set(data.curfews(40)), id="forty-curfews-as-strips"),
        pytest.param(lambda: render_data_set(data.curfews(240)), id="240-curfews-as-multiples"),
        pytest.param(
            lambda: render_data_set(data.data_set(240, 60), entities=data.entities(data.data_set(240, 60))),
            id="60-regions-one-by-one",
        ),
        pytest.param(
            lambda: render_data_set(data.data_set(1500, 90), entities=data.entities(data.data_set(1500, 90))),
            id="90-regions-on-a-map",
        ),
    ],
)
def test_the_worst_is_below_300_kb_too(worst):
    text = worst()
    assert len(text.encode()) < 300_000
    assert read(text).open == []
