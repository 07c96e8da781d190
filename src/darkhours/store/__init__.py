"""Keeps signals, events and the state of jobs; the only room that knows Parquet and SQL.

Points are immutable Parquet files; which of them count stands in a manifest, and nowhere else. A write is
acknowledged by its version, and what was known then can be read again as of that version.
"""

from darkhours.store.archive import Archive
from darkhours.store.checking import Finding
from darkhours.store.compaction import Compacted
from darkhours.store.files import Files, LocalFiles
from darkhours.store.footers import Footers
from darkhours.store.jobs import Event
from darkhours.store.ledger import Write
from darkhours.store.opening import create_archive, open_archive
from darkhours.store.present import Change, Present, empty_present
from darkhours.store.retention import Retained
from darkhours.store.series import Series

__all__ = [
    "Archive",
    "Change",
    "Compacted",
    "Event",
    "Files",
    "Finding",
    "Footers",
    "LocalFiles",
    "Present",
    "Retained",
    "Series",
    "Write",
    "create_archive",
    "empty_present",
    "open_archive",
]
