"""The headings of the pages to file, and of their tables."""

from __future__ import annotations

from darkhours.render.language import Language


def heads_of(language: Language) -> dict[str, object]:
    """Return every word of the template that is the same in all accounts, by its name there.

    Args:
        language: in which they are said.
    """
    say, term = language.say, language.term
    return {
        "long": say("How long"),
        "totals": [term("column", "Total"), say("90 % interval"), say("Rule: what is counted")],
        "windows": say("Windows"),
        "state": term("column", "State"),
        "within": say("Begins within (90 %), local"),
        "rest": [term("column", "Hours"), "p", say("Evidence: claims, signals")],
        "edges": say("earliest to latest instant of an edge (90 %)"),
        "contested": say("contested"),
        "verdicts": say("Published totals, held against this account"),
        "both": say("Contested: both sides are kept"),
        "topics": [term("column", "Topic"), say("Who says what")],
        "method": say("Method"),
        "limits": say("What was not measured"),
        "evidence": term("column", "Evidence"),
        "sources": [
            term("column", "Claims"),
            term("column", "Publisher"),
            term("column", "Kind"),
            say("Published, UTC"),
            term("column", "Address"),
        ],
        "provenance": say("Provenance"),
        "terms": [term("column", "What"), term("column", "Value")],
        # A row of placeholders: the numbers are known when the pages are set.
        "page": language.say("{page} of {pages}", page="{page}", pages="{pages}"),
    }
