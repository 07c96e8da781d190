"""States as bytes and back, exactly: a header that says what follows, then every array as it is."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np

from darkhours.infer.bulk.resume import State
from darkhours.infer.bulk.values import Kinds, Learned
from darkhours.infer.signals.tuning import Tuning
from darkhours.model.errors import StoreError
from darkhours.model.evidence import Grid

MAGIC = b"DHSTATE\n"
VERSION = 1
"""Version of the form: another one is refused, and the state begun anew from the archive."""

PLAIN = ("floor", "begun", "values", "coverage")
"""Arrays of a state that stand in it by themselves."""


def to_bytes(state: State) -> bytes:
    """Return a state as bytes: the same state, the same bytes."""
    arrays = _arrays(state)
    header = {
        "version": VERSION,
        "start": state.grid.start.isoformat(),
        "step_s": state.grid.step.total_seconds(),
        "n_bins": state.grid.n_bins,
        "gated": state.gated,
        "n_families": state.kinds.n_families,
        "entities": state.entities,
        "series": state.series,
        "tuning": asdict(state.tuning),
        "arrays": [(name, each.dtype.str, each.shape) for name, each in arrays.items()],
    }
    told = json.dumps(header, separators=(",", ":")).encode()
    body = b"".join(each.tobytes() for each in arrays.values())
    sizes = np.array([len(told), zlib.crc32(told + body)], dtype="<u4").tobytes()
    return b"".join((MAGIC, sizes, told, body))


def from_bytes(data: bytes, tuning: Tuning | None = None) -> State:
    """Return the state that was written.

    Args:
        data: what `to_bytes` made.
        tuning: the defaults that it must have been made with; None for any that this program has the like of.

    Raises:
        StoreError: these bytes are none, they are damaged, of another version, or made with other defaults.
    """
    if data[: len(MAGIC)] != MAGIC or len(data) < len(MAGIC) + 8:
        raise StoreError("state: expected a saved state, got other bytes; begin it anew from the archive")
    at = len(MAGIC) + 8
    size, check = np.frombuffer(data[len(MAGIC) : at], dtype="<u4").tolist()
    if zlib.crc32(data[at:]) != check:
        raise StoreError("state: expected whole bytes, got damaged ones; begin it anew from the archive")
    header = json.loads(data[at : at + size])
    if header["version"] != VERSION:
        told = f"state: expected version {VERSION}, got {header['version']}"
        raise StoreError(f"{told}; begin it anew from the archive, or take the program that wrote it")
    named, ours = header["tuning"], asdict(tuning or Tuning())
    if named.keys() != ours.keys() or (tuning is not None and named != ours):
        raise StoreError("state: it was made with other defaults; begin it anew from the archive")
    return _state(header, _read(header["arrays"], data, at + size))


def _arrays(state: State) -> dict[str, np.ndarray[Any, Any]]:
    """Return every array of a state by name."""
    out = {name: getattr(state, name) for name in PLAIN}
    for part, values in (("kinds", state.kinds), ("learned", state.learned)):
        named: NamedTuple = values
        out |= {
            f"{part}.{name}": each for name, each in named._asdict().items() if isinstance(each, np.ndarray)
        }
    return out


def _read(told: list[tuple[str, str, list[int]]], data: bytes, at: int) -> dict[str, np.ndarray[Any, Any]]:
    out = {}
    for name, dtype, shape in told:
        count = int(np.prod(shape))
        out[name] = np.frombuffer(data, dtype=dtype, count=count, offset=at).reshape(shape).copy()
        at += out[name].nbytes
    return out


def _state(header: dict[str, Any], arrays: dict[str, np.ndarray[Any, Any]]) -> State:
    kinds = {name[6:]: each for name, each in arrays.items() if name.startswith("kinds.")}
    learned = {name[8:]: each for name, each in arrays.items() if name.startswith("learned.")}
    return State(
        grid=Grid(
            datetime.fromisoformat(header["start"]), timedelta(seconds=header["step_s"]), header["n_bins"]
        ),
        entities=tuple(header["entities"]),
        series=tuple((signal, family) for signal, family in header["series"]),
        tuning=Tuning(**header["tuning"]),
        kinds=Kinds(n_families=header["n_families"], **kinds),
        learned=Learned(**learned),
        gated=header["gated"],
        **{name: arrays[name] for name in PLAIN},
    )
