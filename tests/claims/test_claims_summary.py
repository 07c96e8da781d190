"""What `darkhours check` and `darkhours new` say: the summary, and the template."""

from __future__ import annotations

from datetime import date

import pytest
from small_case import HEAD, SMALL, errors, read, with_claim

from darkhours.claims import read_case, summary, template


def test_the_summary_counts_what_the_case_holds():
    found = summary(read(with_claim(weight="0", copy_of='"c1"')))
    assert (found.claims, found.sources, found.series, found.copies, found.events) == (7, 2, 0, 1, 1)
    assert found.states == {"dark": 2, "up": 1}
    assert found.forms == {"turn": 2, "within": 1}
    assert found.kinds == {"press": 4, "measurement": 2, "official": 1}
    assert found.origins == {"daily": 4, "probes": 2, "agency": 1}
    assert found.weightless == ("extra",)
    assert found.totals == (("c3", "first_return_dark_h", 111.0), ("c3", "restored_h", 4.0))
    assert found.topics == {"deaths": ("c4", "c5")}


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        pytest.param(SMALL, "only one origin speaks of the going of Kazakhstan: probes", id="one-origin"),
        pytest.param(SMALL, "nobody speaks of the return of Kazakhstan", id="no-return"),
        pytest.param(SMALL, "no url in daily", id="no-url"),
        pytest.param(
            SMALL.replace("published", "#"), "no published time in daily, probes", id="no-published"
        ),
        pytest.param(
            with_claim(when="{ turn = [2022-01-05, 2022-01-07] }"), "little of an edge: extra", id="wide"
        ),
        pytest.param(HEAD, "the account will be unmeasured", id="nothing-said"),
        pytest.param(
            SMALL + '[[source]]\nid = "idle"\nkind = "ngo"\npublisher = "I"\n',
            "no claim comes from idle",
            id="idle",
        ),
    ],
)
def test_the_summary_says_what_would_make_the_case_better(text, advice):
    found = summary(read(text))
    assert any(advice in line for line in found.advice), found.advice
    assert advice in str(found)


def test_a_second_origin_silences_the_advice():
    told = summary(read(with_claim(source='"daily"', entity='"country:KZ"'))).advice
    assert not any("going of Kazakhstan" in line for line in told)


def test_a_fresh_case_reads_without_error_as_it_stands():
    text = template("bam-2024", tz="Asia/Tehran", start=date(2024, 3, 1), until=date(2024, 3, 20),
                    entities=["local:Kerman/Bam", "country:KZ"])  # fmt: skip
    case = read(text)
    assert (case.id, case.tz, case.entities) == (
        "bam-2024",
        "Asia/Tehran",
        ("local:Kerman/Bam", "country:KZ"),
    )
    assert case.warnings == ()


def test_a_fresh_case_needs_no_gazetteer():
    case = read_case(template("bam-2024").encode(), file="new.toml", lookup=lambda _: None)
    assert case.claims == ()


def test_the_examples_of_a_fresh_case_read_once_uncommented():
    start, until = date(2024, 3, 1), date(2024, 3, 20)
    lines = template("bam-2024", start=start, until=until).split("\n")
    first = lines.index('# title = "A line that names the event"')
    keys = ("[[", "id", "name", "tz", "within", "source", "publisher", "kind =", "url", "published =",
            "entity", "service =", "says", "when =", "note", "title")  # fmt: skip
    bare = [
        line.removeprefix("# ") if line.removeprefix("# ").startswith(keys) else line
        for line in lines[first:]
    ]
    case = read("\n".join(lines[:first] + bare))
    assert [claim.id for claim in case.claims] == ["c001", "c002", "c003"]
    assert case.title == "A line that names the event"


def test_each_example_of_a_time_form_reads():
    lines = template("x", start=date(2022, 1, 2), until=date(2022, 1, 10)).split("\n")
    examples = [line.removeprefix("#").strip() for line in lines if line.startswith("#   {")]
    forms = [example[: example.index("}") + 1] for example in examples]
    assert len(forms) == 7
    for form in forms:
        assert errors(with_claim(when=form)) == []


@pytest.mark.parametrize(
    ("keys", "match"),
    [
        pytest.param(
            {"start": date(2024, 1, 2), "until": date(2024, 1, 2)}, "start must lie before", id="no-span"
        ),
        pytest.param({"entities": ()}, "at least one", id="no-entities"),
    ],
)
def test_a_template_of_nothing_is_a_mistake_of_the_caller(keys, match):
    with pytest.raises(ValueError, match=match):
        template("x", **keys)


def test_hostile_words_cannot_break_out_of_the_template():
    told = errors(template('x"\nentities = []\n#'))
    assert len(told) == 1
    assert "case: id: expected text without control characters" in told[0]
