"""Pure: evidence in, posterior timeline with sample paths out."""

from darkhours.infer.defaults import list_defaults
from darkhours.infer.timeline import Settings, infer_access, infer_timeline

__all__ = ["Settings", "infer_access", "infer_timeline", "list_defaults"]
