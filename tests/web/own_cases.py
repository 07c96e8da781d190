"""Cases of a site's own, small enough to be weighed in a moment: what tests write, send and read back."""

from __future__ import annotations

_TEXT = """
[case]
id = "{name}"
tz = "Asia/Tashkent"
from = 2022-01-25T00:00:00
until = 2022-01-27T00:00:00
entities = ["{entity}"]
{case}
[[source]]
id = "grid"
publisher = "{publisher}"
kind = "official"
published = 2022-01-26T00:00:00Z
{source}
[[claim]]
id = "uz-1"
source = "grid"
entity = "{entity}"
service = "internet"
says = "dark"
when = {{ turn = 2022-01-25T11:00:00, give = "15m", for = "3h" }}
{claim}
"""


def own_case(name, *, entity="country:UZ", publisher="The grid", case="", source="", claim=""):
    """Return the text of a case of one claim: a place was dark for three hours.

    Args:
        name: id of the case.
        entity: id of the place.
        publisher: of the only source.
        case: further lines of the case, and tables after it.
        source: further lines of the source.
        claim: further lines of the claim, and claims after it.
    """
    told = {"entity": entity, "publisher": publisher, "case": case, "source": source, "claim": claim}
    return _TEXT.format(name=name, **told)
