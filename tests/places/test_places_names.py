"""Names and ids: what a person types becomes one entity, or a question that lists the candidates."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkhours.model.entity import Entity, is_entity_id
from darkhours.model.errors import InputError
from darkhours.places import containers, lookup, name_at, resolve, search

CRISIS = date(2022, 1, 5)
NAMES = [
    pytest.param("Almaty", "city:1526384", id="latin"),
    pytest.param("  almaty ", "city:1526384", id="case-and-blanks"),
    pytest.param("Алматы", "city:1526384", id="cyrillic"),
    pytest.param("阿拉木图", "city:1526384", id="chinese"),
    pytest.param("ألماتي", "city:1526384", id="arabic"),
    pytest.param("Alma-Ata", "city:1526384", id="name-of-old"),
    pytest.param("Астана", "city:1526273", id="astana-cyrillic"),
    pytest.param("Нур-Султан", "city:1526273", id="nur-sultan-cyrillic"),
    pytest.param("KZ", "country:KZ", id="country-code"),
    pytest.param("kz", "country:KZ", id="country-code-small"),
    pytest.param("kazakhstan", "country:KZ", id="country-name"),
    pytest.param("KZ-75", "region:KZ-75", id="region-code"),
    pytest.param("asn:9198", "asn:9198", id="network-id"),
    pytest.param("AS9198", "asn:9198", id="network-number"),
    pytest.param("asn:9198@KZ", "asn:9198@KZ", id="network-in-a-country"),
    pytest.param("Cairo", "city:360630", id="cairo"),
    pytest.param("London", "city:2643743", id="london-is-the-far-larger-one"),
    pytest.param("London, CA", "city:6058560", id="name-and-container"),
    pytest.param("city:1526384", "city:1526384", id="city-id"),
    pytest.param("local:Kerman/Bam", "local:Kerman/Bam", id="local-name"),
]


@pytest.mark.parametrize(("text", "expected"), NAMES)
def test_a_name_in_any_script_means_one_entity(text, expected):
    assert resolve(text).id == expected


@pytest.mark.parametrize(
    ("entity", "day", "expected"),
    [
        pytest.param("city:1526273", CRISIS, "Nur-Sultan", id="capital-in-the-crisis"),
        pytest.param("city:1526273", date(2019, 3, 23), "Nur-Sultan", id="first-day-of-the-new-name"),
        pytest.param("city:1526273", date(2019, 3, 22), "Astana", id="last-day-of-the-old-name"),
        pytest.param("city:1526273", date(2022, 9, 16), "Nur-Sultan", id="last-day-of-the-new-name"),
        pytest.param("city:1526273", date(2022, 9, 17), "Astana", id="first-day-of-the-old-name-again"),
        pytest.param("city:1526273", None, "Astana", id="capital-today"),
        pytest.param("city:1526384", date(1990, 1, 1), "Alma-Ata", id="almaty-in-1990"),
        pytest.param("city:1526384", CRISIS, "Almaty", id="almaty-in-the-crisis"),
    ],
)
def test_a_place_goes_by_its_name_of_the_day(entity, day, expected):
    assert name_at(entity, day) == expected
    assert lookup(entity, at=day).name == expected


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("Almatty", ("unknown place 'Almatty'", "Almaty (city:1526384"), id="misspelt"),
        pytest.param("Алматыы", ("unknown place", "Almaty (city:1526384"), id="misspelt-in-cyrillic"),
        pytest.param("country:UK", ("unknown country 'UK': did you mean 'GB'?",), id="usual-wrong-code"),
        pytest.param("region:KZ-99", ("unknown region 'KZ-99' of Kazakhstan", "'KZ-79'"), id="region"),
        pytest.param("city:1", ("unknown city '1'", "local:Name"), id="city"),
        pytest.param("asn:4294967296", ("unknown network", "1 to 4294967295"), id="network"),
        pytest.param("XX", ("unknown country 'XX'", "did you mean"), id="bare-code"),
        pytest.param("planet:Mars", ("unknown place",), id="kind-that-is-none"),
        pytest.param("", ("name of a place", "got 0"), id="nothing"),
        pytest.param("a" * 201, ("1 to 200 letters, got 201",), id="far-too-long"),
        pytest.param("\x1b[31m", ("unknown place '\\x1b[31m'",), id="escape-codes-are-quoted"),
    ],
)
def test_an_unknown_name_is_an_error_that_says_what_was_meant(text, parts):
    with pytest.raises(InputError) as caught:
        resolve(text)
    for part in parts:
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        pytest.param("Hyderabad", ("city:1269843", "city:1176734"), id="two-countries"),
        pytest.param("Springfield", ("city:4409896", "city:4951788", "city:4250542"), id="many-of-one-size"),
    ],
)
def test_an_ambiguous_name_is_a_question_that_lists_the_ids(text, ids):
    with pytest.raises(InputError, match="ambiguous place") as caught:
        resolve(text)
    assert [id_ for id_ in ids if id_ in str(caught.value)] == list(ids)


@pytest.mark.parametrize(
    ("day", "there"),
    [
        pytest.param(date(2022, 6, 7), False, id="the-day-before"),
        pytest.param(date(2022, 6, 8), True, id="its-first-day"),
        pytest.param(None, True, id="today"),
    ],
)
def test_a_region_is_not_there_before_it_was_cut_out(day, there):
    if there:
        assert lookup("region:KZ-10", at=day).name == "Abai Region"
    else:
        with pytest.raises(InputError, match="only since 2022-06-08; until then it was part of region:KZ-63"):
            lookup("region:KZ-10", at=day)


def test_a_city_of_a_later_region_lies_in_the_earlier_one_before():
    semey = resolve("Semey").id
    assert containers(semey, at=CRISIS) == ("region:KZ-63", "country:KZ")
    assert containers(semey) == ("region:KZ-10", "country:KZ")


def resolve_or_refuse(text: str) -> Entity | InputError:
    try:
        return resolve(text)
    except InputError as error:
        return error


@settings(max_examples=40)
@given(st.text(max_size=60))
def test_any_text_is_an_entity_or_an_input_error(text):
    found = resolve_or_refuse(text)
    assert isinstance(found, InputError) or is_entity_id(found.id)
    assert str(found)


@given(st.sampled_from(["country", "region", "city", "asn", "local", "COUNTRY"]), st.text(max_size=20))
def test_any_id_is_an_entity_of_that_kind_or_an_input_error(kind, rest):
    found = resolve_or_refuse(f"{kind}:{rest}")
    assert isinstance(found, InputError) or found.kind == kind.lower()
    assert str(found)


@settings(max_examples=30)
@given(st.text(max_size=30), st.integers(0, 8))
def test_a_search_gives_at_most_so_many_and_none_twice(text, limit):
    found = [entity.id for entity in search(text, limit)]
    assert len(found) <= limit
    assert len(set(found)) == len(found)
