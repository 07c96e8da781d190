"""One batch of a detection: a pure function from bytes to bytes, which any process or machine can run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from darkhours.app.measured import Question, account_of
from darkhours.infer.bulk.entity import infer_entity
from darkhours.infer.bulk.infer import may_renew
from darkhours.infer.bulk.state_bytes import from_bytes, to_bytes
from darkhours.infer.bulk.steps import Step, first_step, next_step, state_before
from darkhours.infer.signals.timelines import NOTHING, Asked, Inferred, infer_signals, only
from darkhours.model.document import account_to_document
from darkhours.model.entity import Entity
from darkhours.model.evidence import Grid
from darkhours.model.panel import Panel
from darkhours.model.signal import SignalKind
from darkhours.model.state import STATE_ORDER, State

PANEL, STATE = "panel", "state"
OPEN = ("ongoing", "probation")
QUIET_DAYS = 15
"""Days that are up in every history between two accounts: ours, a day more than the longest probation."""

UP = STATE_ORDER.index(State.UP)


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a batch.

    Args:
        events: outages, by entity.
        again: entities that have to be read anew from their first bin.
        state: to go on from, b"" where there is none, or none but the one that there was.
        held: for entities that were read from their first bin and whose last outage is open, a state.
    """

    events: dict[str, list[dict[str, Any]]]
    again: tuple[str, ...]
    state: bytes
    held: dict[str, bytes] = field(default_factory=dict)


def pack(panels: Sequence[Panel], state: bytes, question: Question) -> bytes:
    """Return a batch as Arrow streams, one for each panel, and one for what is asked.

    Args:
        panels: signals of some entities.
        state: of the last step over them, b"" for none.
        question: seed and whether the gate compares them.
    """
    import pyarrow as pa  # noqa: PLC0415 — an extra

    sink = pa.BufferOutputStream()
    asked = json.dumps({"seed": question.seed, "unrelated": bool(question.unrelated)})
    head = pa.schema([pa.field(STATE, pa.binary())], {b"asked": asked.encode()})
    _write(pa, sink, pa.record_batch([pa.array([state], pa.binary())], schema=head))
    for panel in panels:
        _write(pa, sink, _to_arrow(pa, panel))
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def _write(pa: Any, sink: Any, batch: Any) -> None:  # noqa: ANN401 — of an extra without types
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)


def _to_arrow(pa: Any, panel: Panel) -> Any:  # noqa: ANN401 — of an extra without types
    told = {
        "signal": asdict(panel.signal),
        "family": panel.family,
        "datasource": panel.datasource,
        "start": panel.grid.start.isoformat(),
        "step_s": panel.grid.step.total_seconds(),
        "counted": panel.counted,
        "smoothed_s": panel.smoothed.total_seconds(),
    }
    values = pa.FixedSizeListArray.from_arrays(pa.array(panel.values.reshape(-1)), panel.grid.n_bins)
    columns = {
        "id": pa.array([e.id for e in panel.entities]),
        "name": pa.array([e.name for e in panel.entities]),
        "tz": pa.array([e.tz for e in panel.entities]),
        PANEL: values,
    }
    batch = pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))
    return batch.replace_schema_metadata({PANEL.encode(): json.dumps(told).encode()})


def unpack(data: bytes) -> tuple[list[Panel], bytes, Question]:
    """Return what `pack` was given."""
    import pyarrow as pa  # noqa: PLC0415 — an extra

    source = pa.BufferReader(data)
    first = pa.ipc.open_stream(source).read_all()
    asked = json.loads(first.schema.metadata[b"asked"])
    panels = []
    while source.tell() < len(data):
        panels.append(_from_arrow(pa.ipc.open_stream(source).read_all()))
    question = Question(seed=asked["seed"], unrelated=asked["unrelated"])
    return panels, first.column(STATE)[0].as_py(), question


def _from_arrow(table: Any) -> Panel:  # noqa: ANN401 — of an extra without types
    told = json.loads(table.schema.metadata[PANEL.encode()])
    cells = table.column(PANEL).combine_chunks()
    values = np.asarray(cells.flatten(), dtype=np.float64).reshape(table.num_rows, -1)
    names = (table.column(name).to_pylist() for name in ("id", "name", "tz"))
    return Panel(
        signal=SignalKind(**told["signal"]),
        family=told["family"],
        datasource=told["datasource"],
        entities=tuple(Entity(*each) for each in zip(*names, strict=True)),
        grid=Grid(datetime.fromisoformat(told["start"]), timedelta(seconds=told["step_s"]), values.shape[1]),
        values=values,
        counted=told["counted"],
        smoothed=timedelta(seconds=told["smoothed_s"]),
    )


def work(data: bytes) -> bytes:
    """Return what comes of a batch: a line of JSON, then the state to go on from.

    Pure: the same bytes in, the same bytes out, in whatever process.
    """
    panels, state, question = unpack(data)
    told = find_events(panels, state, question)
    sizes = {"state": len(told.state), "held": {id_: len(each) for id_, each in told.held.items()}}
    line = json.dumps({"events": told.events, "again": told.again, **sizes}, separators=(",", ":"))
    return b"".join((line.encode(), b"\n", told.state, *told.held.values()))


def read_told(data: bytes) -> Told:
    """Return what `work` told."""
    line, _, states = data.partition(b"\n")
    told, at = json.loads(line), 0
    parts: list[bytes] = []
    for size in (told["state"], *told["held"].values()):
        parts.append(states[at : at + size])
        at += size
    held = dict(zip(told["held"], parts[1:], strict=True))
    return Told(told["events"], tuple(told["again"]), parts[0], held)


def find_events(panels: Sequence[Panel], state: bytes, question: Question) -> Told:
    """Return the outages of a batch of entities, and the state to go on from.

    Args:
        panels: signals of some entities: from their first bins on, or those since ``state``.
        state: of the last step over them, b"" for none.
        question: seed and whether the gate compares them.
    """
    asked = Asked(seed=question.seed, unrelated=bool(question.unrelated), tuning=question.tuning)
    before = from_bytes(state, asked.tuning) if state else None
    step = first_step(panels, asked) if before is None else next_step(before, panels)
    kept = b"" if step.state is None or step.state is before else to_bytes(step.state)
    entities = step.swept.rows.entities
    renews = [may_renew(step.swept, e, asked.tuning) for e in range(len(entities))]
    if not state and asked.unrelated and any(renews):  # the gate compares all of them
        every = infer_signals(panels, asked)
        return Told({each.entity.id: list(_outages(each, question)) for each in every}, (), kept)
    events: dict[str, list[dict[str, Any]]] = {}
    again = []
    for e, entity in enumerate(entities):
        if not step.whole[e] or (state and renews[e]):
            again.append(entity.id)
        elif step.swept.up[e] <= 1 - NOTHING:
            events[entity.id] = list(_outages(_infer(step, e, panels, asked, readable=renews[e]), question))
    held = {} if state or asked.unrelated else _held(panels, events, asked)
    return Told(events, tuple(again), kept, held)


def _held(panels: Sequence[Panel], events: dict[str, list[dict[str, Any]]], asked: Asked) -> dict[str, bytes]:
    """Return for each entity whose last outage is open a state of before it, from which it can be told."""
    out: dict[str, bytes] = {}
    for id_, outages in events.items():
        if outages and outages[-1]["status"] in OPEN:
            begun = datetime.fromisoformat(outages[-1]["start"]["earliest"])
            state = state_before(only(panels, {id_}), begun, asked)
            out |= {} if state is None else {id_: to_bytes(state)}
    return out


def _infer(step: Step, e: int, panels: Sequence[Panel], asked: Asked, *, readable: bool) -> Inferred:
    """Return one entity, by the readable code where a second family may have its baseline set anew."""
    if not readable:
        return infer_entity(step.swept, e, asked)
    rows = step.swept.rows
    return next(iter(infer_signals(only(panels, {rows.entities[e].id}), asked, rows.grid)))


def _outages(found: Inferred, question: Question) -> Iterator[dict[str, Any]]:
    """Yield each outage of an account with the windows in it, as its document has them.

    How long the last return has lasted is left out: it grows with every bin, and the event would with it.
    """
    for part in _parts(found):
        yield from _told(account_to_document(account_of(part, replace(question, inputs=())).account))


def _parts(found: Inferred) -> Iterator[Inferred]:
    """Yield the stretches of a timeline that hold what was not up: an account takes as long as it is long.

    They are cut where every history is up for longer than any probation lasts, so that no outage, night of a
    curfew or relapse is parted from its own.
    """
    line = found.timeline
    step_h, n_bins = line.grid.step_h, line.grid.n_bins
    before, after = round(24 / step_h), round(24 * QUIET_DAYS / step_h)
    told = np.flatnonzero((line.codes != UP).any(axis=0))
    if not told.size:
        return
    breaks = np.flatnonzero(np.diff(told) > before + after)
    firsts, lasts = told[[0, *(breaks + 1)]], told[[*breaks, -1]]
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        some = slice(max(0, first - before), min(n_bins, last + 1 + after))
        grid = Grid(line.grid.start + some.start * line.grid.step, line.grid.step, some.stop - some.start)
        shifts = None if line.shifts is None else line.shifts[:, some]
        part = replace(line, grid=grid, codes=line.codes[:, some], access=line.access[:, some], shifts=shifts)
        yield replace(found, timeline=part)


def _told(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    until = document["span"]["until"]
    for outage in document["outages"]:
        first, last = outage["start"]["at"], (outage["end"] or {"at": until})["at"]
        inside = [window for window in document["windows"] if first <= window["start"]["at"] < last]
        returns = [dict(back) for back in outage["returns"]]
        for back in returns[-1:]:
            del back["lasted_h"]
        yield {**outage, "returns": returns, "windows": inside}
