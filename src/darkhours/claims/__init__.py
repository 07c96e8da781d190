"""Published words: case files, and texts read into claims."""

from darkhours.claims.case import load_case, read_case
from darkhours.claims.summary import CaseSummary, summary
from darkhours.claims.template import template

__all__ = ["CaseSummary", "load_case", "read_case", "summary", "template"]
