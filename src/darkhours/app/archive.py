"""The use cases behind `store`: an archive is made, fed, read, compacted, checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from darkhours.app.flags import TableFlags
from darkhours.app.instants import read_duration, read_instant
from darkhours.app.outages import read_flags
from darkhours.model.errors import ConfigError, InputError, Problem, SourceUnavailable, StoreError
from darkhours.model.panel import Panel, Recording
from darkhours.render.cells import write_csv
from darkhours.sources import read_recording
from darkhours.store import Archive, Finding, Series, create_archive, open_archive

Progress = Callable[[int, int], None]
LONGEST_GRACE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Told:
    """What a use case has to tell: lines for a person, and the same for a program."""

    lines: tuple[str, ...]
    document: dict[str, Any]
    lost: bool = False

    def as_text(self) -> str:
        """Return it for a person."""
        return "\n".join(self.lines)

    def as_json(self) -> dict[str, Any]:
        """Return it for a program."""
        return self.document


@contextmanager
def _opened(path: Path) -> Iterator[Archive]:
    """Give an open archive; what the system says of its disk or store becomes an error of ours.

    Raises:
        StoreError: there is no archive, another process writes, or the disk refuses.
        SourceUnavailable: the object store does not answer.
    """
    folder = path.expanduser()
    try:
        with open_archive(folder) as archive:
            yield archive
    except OSError as error:
        reason = str(error).splitlines()[0]
        if "AWS" in reason:
            raise SourceUnavailable(f"{path}: the store of its points does not answer: {reason}") from error
        raise StoreError(f"{path}: cannot be read or written: {reason}; mend it and run it again") from error


def begin(path: Path, points: str, *, shared: bool) -> Told:
    """Make an empty archive.

    Raises:
        StoreError: there is one already, or the folder cannot be made.
        ConfigError: the address of the points is none.
    """
    try:
        create_archive(path.expanduser(), points=points, shared=shared)
    except OSError as error:
        raise StoreError(f"{path}: cannot be made: {str(error).lower()}; name another folder") from error
    return Told(
        (f"{path}", f"Next: darkhours store add {path} FILE"), {"archive": str(path), "points": points}
    )


def keep(
    path: Path, files: Sequence[Path], flags: TableFlags, kind: str, progress: Progress | None = None
) -> Told:
    """Store files of measured values.

    Args:
        path: of the archive.
        files: paths of the files.
        flags: how to read them.
        kind: ``add``, ``revise``, or ``append`` for what is newer than the archive alone.
        progress: called with how many files are done, and of how many.

    Raises:
        InputError: a file cannot be read, or holds what no archive takes.
        StoreError: the archive holds other values, or another process writes.
    """
    options = read_flags(flags)
    with _opened(path) as archive:
        before, notes = archive.version, []
        for done, file in enumerate(files, start=1):
            recording = read_recording(file, options, flags.format_)
            if kind == "append":
                recording = _newer(archive, recording)
            try:
                archive.add(recording, revise=kind == "revise")
            except ValueError as error:
                raise InputError(str(file), [Problem("", f"{error}; mend the file")]) from error
            except StoreError as error:  # files before this one are stored, and may be told again
                raise type(error)(f"{file}: {error}") from error
            notes += [f"{recording.origin.file}: {note}" for note in recording.notes]
            if progress is not None:
                progress(done, len(files))
        after = archive.version
    told = f"version {after}" if after > before else f"nothing new; still version {after}"
    return Told((told, *notes), {"before": before, "version": after, "notes": notes})


def _newer(archive: Archive, recording: Recording) -> Recording:
    """Return what of a recording begins after the last bin that the archive holds of the same series."""
    panels = (_cut(panel, archive) for panel in recording.panels)
    return replace(recording, panels=tuple(panel for panel in panels if panel is not None))


def _cut(panel: Panel, archive: Archive) -> Panel | None:
    same = [each for each in archive.series() if _is_of(panel, each)]
    span = archive.span(same[0]) if same else None
    if span is None:
        return panel
    n_old = min(panel.grid.n_bins, max(0, math.ceil((span[1] - panel.grid.start) / panel.grid.step)))
    if n_old == panel.grid.n_bins:
        return None
    grid = replace(panel.grid, start=panel.grid.at(n_old), n_bins=panel.grid.n_bins - n_old)
    partial = None if panel.partial is None else panel.partial[n_old:]
    return replace(panel, grid=grid, values=panel.values[:, n_old:], partial=partial)


def _is_of(panel: Panel, series: Series) -> bool:
    return (panel.signal.name, panel.family, panel.datasource, panel.grid.step) == (
        series.signal.name,
        series.family,
        series.datasource,
        series.step,
    )


@dataclass(frozen=True, slots=True)
class Read:
    """Points that were asked for."""

    panel: Panel
    version: int

    def as_csv(self) -> str:
        """Return a row for each entity and bin, as `darkhours outages` reads it."""
        times = [f"{self.panel.grid.at(at):%Y-%m-%dT%H:%M:%SZ}" for at in range(self.panel.grid.n_bins)]
        lines = [f"time,entity,{self.panel.signal.name}"]
        for entity, values in zip(self.panel.entities, self.panel.values.tolist(), strict=True):
            name = write_csv([[entity.id]]).rstrip("\n")  # a name of a user's own may hold a comma
            lines += [f"{time},{name},{_cell(value)}" for time, value in zip(times, values, strict=True)]
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """Return a list of values for each entity; null where nobody measured."""
        grid = self.panel.grid
        rows = zip(self.panel.entities, self.panel.values.tolist(), strict=True)
        return {
            "signal": self.panel.signal.name,
            "family": self.panel.family,
            "datasource": self.panel.datasource,
            "version": self.version,
            "start": f"{grid.start:%Y-%m-%dT%H:%M:%SZ}",
            "step_s": int(grid.step.total_seconds()),
            "values": {e.id: [None if math.isnan(value) else value for value in row] for e, row in rows},
        }


def _cell(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if value == int(value) else repr(value)


def read(
    path: Path,
    entities: Sequence[str],
    signal: str | None,
    span: tuple[str | None, str | None],
    known: tuple[str | None, int | None],
) -> Read:
    """Return the points of entities.

    Args:
        path: of the archive.
        entities: ids.
        signal: what is measured; None for the only one there is.
        span: first bin and end; None for what there is.
        known: the time, or the version, as of which; at most one of them.

    Raises:
        InputError: no such signal or entity.
        ConfigError: both a time and a version are told, or they are none.
    """
    if None not in known:
        raise ConfigError("--as-of and --version: expected one of them, got both")
    start, until = (
        None if text is None else read_instant(text, option)
        for text, option in zip(span, ("--from", "--until"), strict=True)
    )
    with _opened(path) as archive:
        version = archive.version if known[1] is None else known[1]
        if known[0] is not None:
            version = archive.version_at(read_instant(known[0]))
        series = _pick(archive, signal)
        return Read(archive.read(series, list(entities), start, until, as_of_version=version), version)


def _pick(archive: Archive, signal: str | None) -> Series:
    held = archive.series()
    return held[0] if signal is None and len(held) == 1 else archive.find_series(signal or "(none told)")


def describe(path: Path) -> Told:
    """Return what an archive holds."""
    with _opened(path) as archive:
        rows = [_describe(archive, each) for each in archive.series()]
        entities, version = archive.count_entities(), archive.version
    head = f"{path}: version {version}, {entities:,} places, {len(rows)} series"
    return Told(
        (head, *(_line(row) for row in rows)), {"version": version, "entities": entities, "series": rows}
    )


def _describe(archive: Archive, series: Series) -> dict[str, Any]:
    span, levels = archive.span(series), archive.info(series)
    return {
        "signal": series.signal.name,
        "family": series.family,
        "datasource": series.datasource,
        "step_s": int(series.step.total_seconds()),
        "attribution": series.attribution,
        "from": None if span is None else f"{span[0]:%Y-%m-%dT%H:%M:%SZ}",
        "until": None if span is None else f"{span[1]:%Y-%m-%dT%H:%M:%SZ}",
        "floor": series.floor,
        "files": sum(row["files"] for row in levels),
        "n_bytes": sum(row["n_bytes"] for row in levels),
        "n_points": sum(row["n_points"] for row in levels),
        "levels": levels,
    }


def _line(row: dict[str, Any]) -> str:
    head = f"{row['signal']} ({row['family']}, {row['datasource']}, every {row['step_s']} s)"
    if row["from"] is None:
        return f"{head}: empty"
    size = f"{row['files']} files, {row['n_bytes'] / 1e6:,.1f} MB, {row['n_points']:,} points"
    return f"{head}: {row['from']} to {row['until']}, {size}"


def compact(path: Path, now: str | None, grace: str) -> Told:
    """Merge small files into larger ones.

    Raises:
        StoreError: another process writes.
        ConfigError: an instant or a duration is none.
    """
    instant = datetime.now(UTC) if now is None else read_instant(now, "--now")
    patience = read_duration(grace, "--grace", timedelta(0), LONGEST_GRACE)
    with _opened(path) as archive:
        done = archive.compact(instant, grace=patience)
    size = f"{done.n_bytes / 1e6:,.1f} MB"
    told = f"{done.merged} files became {done.made}, {size}; {done.removed} old ones removed"
    return Told((told,), asdict(done))


def check(path: Path, *, deep: bool) -> Told:
    """Return what is wrong with an archive."""
    with _opened(path) as archive:
        return _tell_findings(archive.check(deep=deep), "run: darkhours store repair")


def repair(path: Path) -> Told:
    """Mend what can be mended, and return what was found wrong.

    Raises:
        StoreError: another process writes.
    """
    with _opened(path) as archive:
        return _tell_findings(archive.repair(), "add what is lost again: darkhours store add")


def _tell_findings(findings: Sequence[Finding], remedy: str) -> Told:
    lines = [f"{each.kind}: {each.file}: {each.message}" for each in findings]
    lost = any(each.lost for each in findings)
    end = ("nothing is wrong",) if not findings else (f"{len(findings)} findings; {remedy}",)
    return Told((*lines, *end), {"findings": [asdict(each) for each in findings]}, lost)


def retain(path: Path, points_days: int | None, history_days: int | None, signal: str | None) -> Told:
    """Let go of old points and old versions.

    Raises:
        StoreError: another process writes.
        ConfigError: nothing is to be let go, or days are negative.
    """
    if points_days is None and history_days is None:
        raise ConfigError("store retain: expected --points-days or --history-days, got neither; say how many")
    if min(points_days or 0, history_days or 0) < 0:
        raise ConfigError("store retain: expected days from 0, got less")
    points, history = (None if days is None else timedelta(days=days) for days in (points_days, history_days))
    with _opened(path) as archive:
        kept = archive.retain(datetime.now(UTC), signal=signal, points=points, history=history)
    told = f"{kept.files} files, {kept.n_bytes / 1e6:,.1f} MB, let go; {kept.folded} corrections folded in"
    return Told((told,), asdict(kept))
