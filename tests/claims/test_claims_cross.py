"""What is wrong with a case as a whole: its header, its references, its contradictions."""

from __future__ import annotations

import pytest
from small_case import HEAD, SMALL, errors, with_claim

from darkhours.claims.findings import PROBLEMS_MOST


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("[case]", "[cases]", "expected a table [case] with id, tz", id="no-case"),
        pytest.param("[case]", "[case]\nname = 1", "case: name: is not a key here", id="unknown-key"),
        pytest.param('id = "small-2022"\n', "", "small.toml:1: case: id: is missing", id="no-id"),
        pytest.param('"small-2022"', '"../x"', "small.toml:2: case: id: expected letters", id="path-as-id"),
        pytest.param(
            "Asia/Almaty", "Asia/Almati", "tz: expected a zone of the tz database", id="unknown-zone"
        ),
        pytest.param("Asia/Almaty", "Asia/Almati", "did you mean 'Asia/Almaty'?", id="nearest-zone"),
        pytest.param("Asia/Almaty", "Asia", "expected a zone of the tz database", id="folder-of-zones"),
        pytest.param("Asia/Almaty", "/etc/passwd", "expected a zone of the tz database", id="path-as-zone"),
        pytest.param(
            "until = 2022-01-18", "until = 2022-01-01", "expected a time after case.from", id="ends-first"
        ),
        pytest.param(
            "until = 2022-01-18", "until = 2022-01-02", "expected a time after case.from", id="no-span"
        ),
        pytest.param(
            "until = 2022-01-18", "until = 2032-01-18", "at most 400 days, got 3668", id="ten-years"
        ),
        pytest.param(
            '["city:1526384", "country:KZ"]', "[]", "expected at least one entity id", id="no-entities"
        ),
        pytest.param(
            '["city:1526384", "country:KZ"]', "3", "expected a list of entity ids", id="entities-number"
        ),
        pytest.param('"country:KZ"]', '"city:1526384"]', "names city:1526384 twice", id="entity-twice"),
        pytest.param(
            '"country:KZ"]', '"country:QQ"]', "case: entities: unknown entity country:QQ", id="unknown"
        ),
        pytest.param(
            '"https://example', '"javascript://example', "begins with https:// or http://", id="script-url"
        ),
        pytest.param(
            '"https://example.org', '"https://[', "begins with https:// or http://", id="broken-url"
        ),
        pytest.param('"https://example.org', '"https:example.org', "begins with https:// or", id="no-host"),
        pytest.param(
            'kind = "press"', 'kind = "paper"', "source daily: kind: expected one of", id="source-kind"
        ),
        pytest.param('id = "daily"', 'id = "probes"', "source probes: id: stands twice", id="source-twice"),
        pytest.param(
            'within = ["city:1526384"]', 'within = ["local:Old-Town"]', "goes in a circle", id="in-itself"
        ),
        pytest.param(
            'within = ["city:1526384"]', 'within = ["city:2"]', "within: unknown entity city:2", id="in-none"
        ),
        pytest.param(
            "[[entity]]",
            "[entity]",
            "expected tables [[entity]], got a table; write the brackets twice",
            id="one",
        ),
        pytest.param(
            "[[source]]", "[[sources]]", "sources: is not a key here; did you mean 'source'?", id="plural"
        ),
        pytest.param(
            "[[entity]]", '[[entity]]\nid = "country:KZ"\nlatitude = 99\n[[entity]]', "-90 to 90", id="north"
        ),
        pytest.param(
            "[[entity]]", '[[entity]]\nid = "asn:1"\n[[entity]]', "give it name and tz here", id="nameless"
        ),
    ],
)
def test_a_wrong_case_is_told_with_its_field(old, new, expected):
    assert old in SMALL
    told = errors(SMALL.replace(old, new, 1))
    assert any(expected in line for line in told), told


def test_containers_of_containers_may_not_go_in_a_circle():
    text = SMALL + '\n[[entity]]\nid = "country:KZ"\nwithin = ["local:Old-Town"]\n'
    (told,) = errors(text)
    assert "within: goes in a circle: city:1526384 → country:KZ → local:Old-Town → city:1526384" in told


def test_denials_may_not_go_in_a_circle():
    text = SMALL.replace('id = "c4"', 'id = "c4"\ndenies = "c6"').replace(
        'id = "c6"', 'id = "c6"\ndenies = "c5"'
    )
    (told,) = errors(text)
    assert "claim c4: denies: goes in a circle: c4 → c6 → c5 → c4; drop one of them" in told


DURING = "{{ during = [2022-01-0{}T00:00:00, 2022-01-0{}T00:00:00] }}"


def two_during(first: str, second: str, **keys: str) -> str:
    later = with_claim(id='"later"', says='"up"', when=second, **keys).removeprefix(SMALL)
    return with_claim(when=first) + later


@pytest.mark.parametrize(
    ("keys", "second", "contradict"),
    [
        pytest.param({}, DURING.format(4, 6), True, id="overlap"),
        pytest.param({}, DURING.format(5, 6), False, id="one-after-the-other"),
        pytest.param({"source": '"daily"'}, DURING.format(4, 6), False, id="another-origin-may-disagree"),
        pytest.param({"service": '"mobile"'}, DURING.format(4, 6), False, id="another-service"),
        pytest.param({"entity": '"country:KZ"'}, DURING.format(4, 6), False, id="another-entity"),
        pytest.param({"weight": "0"}, DURING.format(4, 6), False, id="withdrawn"),
        pytest.param({"extent": '"some"'}, DURING.format(4, 6), False, id="only-some-parts"),
    ],
)
def test_one_origin_cannot_have_seen_two_states_throughout(keys, second, contradict):
    told = errors(two_during(DURING.format(3, 5), second, **keys))
    assert bool(told) is contradict
    if contradict:
        assert "probes contradicts itself where they overlap: extra says dark, later says up" in told[0]


def test_an_inner_contradiction_is_found_behind_a_longer_interval():
    long = with_claim(id='"long"', when=DURING.format(3, 9)).removeprefix(SMALL)
    short = with_claim(id='"short"', when=DURING.format(4, 5)).removeprefix(SMALL)
    up = with_claim(id='"up"', says='"up"', when=DURING.format(6, 7)).removeprefix(SMALL)
    (told,) = errors(SMALL + long + short + up)
    assert "long says dark, up says up" in told


def test_all_errors_of_a_file_are_told_together_in_its_order():
    text = SMALL + (
        '[[claim]]\nid = "a"\nsource = "dayly"\nentity = "city:77"\nservice = "internet"\nsays = "dark"\n'
        "when = { turn = 2022-02-30T00:00:00 }\n"
        '[[claim]]\nid = "b"\nsource = "daily"\nentity = "country:KZ"\nservice = "internet"\nsays = "drak"\n'
        'when = { turn = 2024-01-05T00:00:00 }\nlevel = "much"\ncolour = "red"\n'
        '[[claim]]\nid = "c1"\nsource = "daily"\nsays = { event = "x" }\ndenies = "nobody"\n'
    )
    told = errors(text)
    first = text.count("\n", 0, text.index('id = "a"')) + 1
    expected = [
        (first + 1, "claim a: source"),
        (first + 2, "claim a: entity"),
        (first + 5, "when: expected TOML"),
        (first + 11, "claim b: says"),
        (first + 12, "claim b: when.turn"),
        (first + 13, "claim b: level"),
        (first + 14, "claim b: colour"),
        (first + 16, "claim c1: id"),
        (first + 19, "claim c1: denies"),
    ]
    assert len(told) == len(expected)
    for line, (number, where) in zip(told, expected, strict=True):
        assert line.startswith(f"small.toml:{number}: {where}")


def test_a_line_that_is_no_toml_brings_no_second_error():
    (told,) = errors(with_claim(when="{ turn = 2022-02-30T00:00:00 }"))
    assert "there is no such date or time" in told


def test_very_many_errors_are_counted_rather_than_told():
    told = errors(HEAD + "[[claim]]\n" * 1_000)
    assert len(told) == PROBLEMS_MOST + 1
    assert told[-1].endswith("more problems; mend these first")
