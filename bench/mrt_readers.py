"""Elements of an MRT file into columns, by ours and by others; each counts them by peer and kind.

As a program: ``python mrt_readers.py READER FILE`` prints the counts. Readers: ours, polars (what
`bgpdump -m` prints, read by polars), pybgpkit, mrtparse.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

Counts = dict[str, int]
"""Number of elements by peer address, network and kind (A, W, B)."""
_UPDATE = 2


def read_ours(path: str) -> Counts:
    """Return the counts of our own columns."""
    import numpy as np  # noqa: PLC0415 — each reader loads its own library

    from darkhours.sources.mrt.elements import Reader  # noqa: PLC0415 — so does this

    reader = Reader()
    kept = list(reader.read(Path(path)))
    peers = reader.peers()
    counts = sum(np.bincount(rows.peer * 4 + rows.kind, minlength=4 * len(peers)) for rows in kept)
    named = {
        f"{peer.address} {peer.asn} {kind}": int(np.asarray(counts)[4 * row + place])
        for row, peer in enumerate(peers)
        for place, kind in enumerate("AWB")
    }
    return {name: count for name, count in named.items() if count}


def read_polars(path: str) -> Counts:
    """Return the counts of the columns that polars reads from what bgpdump prints."""
    import polars as pl  # noqa: PLC0415 — each reader loads its own library

    printed = subprocess.run(["bgpdump", "-m", path], capture_output=True, check=True).stdout  # noqa: S607
    names = [f"c{place}" for place in range(15)]
    frame = pl.read_csv(
        printed, separator="|", has_header=False, schema=dict.fromkeys(names, pl.String),
        missing_columns="insert", truncate_ragged_lines=True, quote_char=None,
    )  # fmt: skip
    rows = frame.group_by("c2", "c3", "c4").len().rows()
    return {f"{peer} {asn} {kind}": count for kind, peer, asn, count in rows if kind in {"A", "W", "B"}}


def read_pybgpkit(path: str) -> Counts:
    """Return the counts of what pybgpkit-parser iterates over."""
    import pybgpkit_parser  # noqa: PLC0415 — each reader loads its own library

    return Counter(
        f"{each.peer_ip} {each.peer_asn} {each.elem_type}" for each in pybgpkit_parser.Parser(path)
    )


def read_mrtparse(path: str) -> Counts:
    """Return the counts of updates as mrtparse reads them; it is told no other kind here."""
    import mrtparse  # noqa: PLC0415 — each reader loads its own library

    counts: Counts = Counter()
    for record in mrtparse.Reader(path):
        data: dict[str, Any] = record.data or {}
        message = data.get("bgp_message")
        if message is None or next(iter(message["type"])) != _UPDATE:
            continue
        peer = f"{data['peer_ip']} {data['peer_as']}"
        counts[f"{peer} W"] += len(message["withdrawn_routes"])
        counts[f"{peer} A"] += len(message["nlri"])
        for attribute in message["path_attributes"]:
            value = attribute["value"]
            if isinstance(value, dict) and "nlri" in value:
                counts[f"{peer} A"] += len(value["nlri"])
            if isinstance(value, dict) and "withdrawn_routes" in value:
                counts[f"{peer} W"] += len(value["withdrawn_routes"])
    return {name: count for name, count in counts.items() if count}


READERS: dict[str, Callable[[str], Counts]] = {
    "ours": read_ours,
    "polars": read_polars,
    "pybgpkit": read_pybgpkit,
    "mrtparse": read_mrtparse,
}

if __name__ == "__main__":
    print(json.dumps(READERS[sys.argv[1]](sys.argv[2]), sort_keys=True))
