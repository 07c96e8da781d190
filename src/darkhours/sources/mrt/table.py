"""Elements as a Parquet file that any tool reads, written batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from darkhours.sources.mrt.codes import KINDS
from darkhours.sources.mrt.columns import Array, Rows
from darkhours.sources.mrt.elements import Reader, write_address
from darkhours.sources.mrt.parquet_file import ParquetFile, need_arrow


class ElementsFile(ParquetFile):
    """Writes elements as they pass.

    Columns: ``time`` (µs, UTC), ``kind`` (`KINDS`), ``peer_address``, ``peer_asn``, ``prefix`` (None
    of a state change), ``family``, ``safi``, ``path_id``, ``origin_asn`` (None where the path names none
    or a set), ``state`` (the new one, of a state change), ``record_at`` (offset in the unpacked file).

    Args:
        target: the file to write.
        reader: the one that the elements come from; it knows the peers.
    """

    def __init__(self, target: Path, reader: Reader) -> None:
        """Open the file beside its target.

        Raises:
            ConfigError: the extra is not installed.
        """
        self._arrow, self._reader = need_arrow("pyarrow"), reader
        self._schema = _make_schema(self._arrow)
        super().__init__(target, self._schema)

    def passing(self, batches: Iterator[Rows]) -> Iterator[Rows]:
        """Yield the batches, each after it was written."""
        for rows in batches:
            self.add(self._as_table(rows))
            yield rows

    def _as_table(self, rows: Rows) -> Any:  # noqa: ANN401 — of an extra without types
        arrow, peers = self._arrow, self._reader.peers()
        no_prefix = rows.safi == 0
        addresses = arrow.array([peer.address for peer in peers])
        networks = np.array([peer.asn for peer in peers], np.uint32)
        texts, places = _write_prefixes(rows)
        columns = {
            "time": arrow.array(rows.time.view("datetime64[us]")).cast(self._schema.field("time").type),
            "kind": arrow.DictionaryArray.from_arrays(rows.kind.astype(np.int8), arrow.array(KINDS)),
            "peer_address": arrow.DictionaryArray.from_arrays(rows.peer, addresses),
            "peer_asn": networks[rows.peer],
            "prefix": arrow.DictionaryArray.from_arrays(
                arrow.array(places, mask=no_prefix), arrow.array(texts)
            ),
            "family": arrow.array(rows.family, mask=no_prefix),
            "safi": arrow.array(rows.safi, mask=no_prefix),
            "path_id": rows.path_id,
            "origin_asn": arrow.array(rows.origin, mask=rows.origin == 0),
            "state": arrow.array(rows.state, mask=~no_prefix),
            "record_at": rows.at,
        }
        return arrow.table(columns, schema=self._schema)


def _make_schema(arrow: ModuleType) -> Any:  # noqa: ANN401 — of an extra without types
    word = arrow.dictionary(arrow.int32(), arrow.string())
    return arrow.schema(
        [
            ("time", arrow.timestamp("us", tz="UTC")),
            ("kind", arrow.dictionary(arrow.int8(), arrow.string())),
            ("peer_address", word),
            ("peer_asn", arrow.uint32()),
            ("prefix", word),
            ("family", arrow.uint8()),
            ("safi", arrow.uint8()),
            ("path_id", arrow.uint32()),
            ("origin_asn", arrow.uint32()),
            ("state", arrow.uint8()),
            ("record_at", arrow.int64()),
        ]
    )


def _write_prefixes(rows: Rows) -> tuple[list[str], Array]:
    """Return the distinct prefixes as text, and the place of each row's among them."""
    keys = np.empty(rows.hi.size, [("hi", np.uint64), ("lo", np.uint64), ("rest", np.uint16)])
    keys["hi"], keys["lo"] = rows.hi, rows.lo
    keys["rest"] = rows.family.astype(np.uint16) << 8 | rows.length
    distinct, places = np.unique(keys, return_inverse=True)
    texts = [f"{write_address(rest >> 8, hi, lo)}/{rest & 0xFF}" for hi, lo, rest in distinct.tolist()]
    return texts, places.astype(np.int32)
