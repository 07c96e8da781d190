"""The commands of the archive: `darkhours store …`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from darkhours.app.codes import EXIT_INPUT
from darkhours.app.flags import NO_FLAGS, Json, TableFlags, Told
from darkhours.app.screen import put, put_either, working, working_through

store = App(
    name="store",
    help="Keep an archive: years of measured values of many places, as they were known at any time.",
    default_parameter=Parameter(negative=()),
    help_format="plaintext",
    sort_key=11,
)


@store.command(sort_key=1)
def init(
    archive: Path,
    /,
    *,
    points: str | None = None,
    shared: bool = False,
    json: Json = False,
    config: Told,  # noqa: ARG001 — every command takes it
) -> int:
    """Make an empty archive.

    Args:
        archive: Its folder; the manifest lies there.
        points: Where the points lie, such as s3://bucket/prefix?region=eu-central-1; the folder unless told.
        shared: Several machines will open it over a network file system.
        json: Print where it is as JSON.
        config: What the program was told from outside.
    """
    from darkhours.app import archive as use_case  # noqa: PLC0415 — keeps `--help` fast

    made = use_case.begin(archive, points or "", shared=shared)
    put_either(made.as_text, made.as_json, json=json)
    return 0


@store.command(sort_key=2)
def add(
    archive: Path,
    files: list[Path],
    /,
    *,
    how: Annotated[TableFlags, Parameter(name="*")] = NO_FLAGS,
    revise: bool = False,
    json: Json = False,
    config: Told,  # noqa: ARG001 — every command takes it
) -> int:
    """Store files of measured values, of any time; what is there already is not stored twice.

    Args:
        archive: Its folder.
        files: One or more files, read as `darkhours outages` reads them.
        how: How to read them.
        revise: Lay their values over others that are there; the old ones can still be read as they were.
        json: Print what was stored as JSON.
        config: What the program was told from outside.
    """
    from darkhours.app import archive as use_case  # noqa: PLC0415 — keeps `--help` fast

    with working_through("files stored") as progress:
        kept = use_case.keep(archive, files, how, "revise" if revise else "add", progress)
    put_either(kept.as_text, kept.as_json, json=json)
    return 0


@store.command(sort_key=3)
def append(
    archive: Path,
    files: list[Path],
    /,
    *,
    how: Annotated[TableFlags, Parameter(name="*")] = NO_FLAGS,
    json: Json = False,
    config: Told,  # noqa: ARG001 — every command takes it
) -> int:
    """Store what is newer in files than the last bin of each signal; the rest of them is left alone.

    Args:
        archive: Its folder.
        files: One or more files, such as the answer of a source for the last day.
        how: How to read them.
        json: Print what was stored as JSON.
        config: What the program was told from outside.
    """
    from darkhours.app import archive as use_case  # noqa: PLC0415 — keeps `--help` fast

    with working_through("files stored") as progress:
        kept = use_case.keep(archive, files, how, "append", progress)
    put_either(kept.as_text, kept.as_json, json=json)
    return 0


@store.command(sort_key=4)
def read(
    archive: Path,
    entity: list[str],
    /,
    *,
    signal: str | None = None,
    from_: Annotated[str | None, Parameter(name="--from")] = None,
    until: str | None = None,
    as_of: Annotated[str | None, Parameter(name="--as-of")] = None,
    version: int | None = None,
    json: Json = False,
    config: Told,  # noqa: ARG001 — every command takes it
) -> int:
    """Print what was measured of places, a row for each and bin; a gap is an empty cell.

    Args:
        archive: Its folder.
        entity: Ids, such as country:KZ or asn:9198@KZ.
        signal: What is measured; the only one there is unless told.
        from_: First bin, such as 2022-01-02; the first there is unless told.
        until: End; that of the last bin unless told.
        as_of: What the archive held at this time, such as 2022-01-10T06:00Z.
        version: What the archive held as of this version.
        json: Print it as JSON, a list of values for each place.
        config: What the program was told from outside.
    """
    from darkhours.app import archive as use_case  # noqa: PLC0415 — keeps `--help` fast

    found = use_case.read(archive, entity, signal, (from_, until), (as_of, version))
    if json:
        put_either(str, found.as_json, json=True)
    else:
        put(found.as_csv())
    return 0


@store.command(sort_key=5)
def info(
    archive: Path,
    /,
    *,
    json: Json = False,
    config: Told,  # noqa: ARG001 — every command takes it
) -> int:
    """Say what an archive holds: signals, time, places, files, bytes.

    Args:
        archive: Its folder.
        json: Print it as JSON.
        config: What the program was told from outside.
    """
    from darkhours.app import archive as use_case  # noqa: PLC0415 — keeps `--help` fast

    found = use_case.describe(archive)
    put_either(found.as_text, found.as_json, json=json)
    return 0


@store.command(sort_key=6)
def compact(
    archive: Path,
    /,
    *,
    now: str | None = None,
    grace: str = "1h",
    json: Json = False,
    config: Told,  # noqa: ARG001 — every command takes it
) -> int:
    """Merge small files by the hour, day and month; nothing that can be read changes.

    Args:
        archive: Its folder.
        now: What has ended by this time is merged; by this minute's unless told.
        grace: How long files that were replaced still lie there for readers, such as 1h.
        json: Print what was done as JSON.
        config: What the program was told from outside.
    """
    from darkhours.app import archive as use_case  # noqa: PLC0415 — keeps `--help` fast

    with working(f"compacting {archive}"):
        done = use_case.compact(archive, now, grace)
    put_either(done.as_text, done.as_json, json=json)
    return 0


@store.command(sort_key=7)
def check(
    archive: Path,
    /,
    *,
    deep: bool = False,
    json: Json = False,
    config: Told,  # noqa: ARG001 — every command takes it
) -> int:
    """Find what is wrong: files that are missing or damaged, and what failures left over.

    Args:
        archive: Its folder.
        deep: Read every byte.
        json: Print the findings as JSON.
        config: What the program was told from outside.
    """
    from darkhours.app import archive as use_case  # noqa: PLC0415 — keeps `--help` fast

    with working(f"checking {archive}"):
        found = use_case.check(archive, deep=deep)
    put_either(found.as_text, found.as_json, json=json)
    return EXIT_INPUT if found.lost else 0


@store.command(sort_key=8)
def repair(
    archive: Path,
    /,
    *,
    json: Json = False,
    config: Told,  # noqa: ARG001 — every command takes it
) -> int:
    """Remove what failures left over, and set aside files that cannot be read.

    Args:
        archive: Its folder.
        json: Print what was found wrong as JSON.
        config: What the program was told from outside.
    """
    from darkhours.app import archive as use_case  # noqa: PLC0415 — keeps `--help` fast

    with working(f"repairing {archive}"):
        found = use_case.repair(archive)
    put_either(found.as_text, found.as_json, json=json)
    return EXIT_INPUT if found.lost else 0


@store.command(sort_key=9)
def retain(
    archive: Path,
    /,
    *,
    points_days: int | None = None,
    history_days: int | None = None,
    signal: str | None = None,
    json: Json = False,
    config: Told,  # noqa: ARG001 — every command takes it
) -> int:
    """Let go of what is older than it is to be kept: points, or what was known before corrections.

    Args:
        archive: Its folder.
        points_days: Days for which points are kept; for ever unless told.
        history_days: Days for which old accounts can be rebuilt after a correction; for ever unless told.
        signal: Of this signal only.
        json: Print what was let go as JSON.
        config: What the program was told from outside.
    """
    from darkhours.app import archive as use_case  # noqa: PLC0415 — keeps `--help` fast

    with working(f"letting go of what is old in {archive}"):
        kept = use_case.retain(archive, points_days, history_days, signal)
    put_either(kept.as_text, kept.as_json, json=json)
    return 0
