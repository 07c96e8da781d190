"""Opens an archive, or makes an empty one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from darkhours.store.archive import Archive
from darkhours.store.extra import need_pyarrow
from darkhours.store.files import Files, LocalFiles
from darkhours.store.footers import Footers
from darkhours.store.manifest import NAME, Manifest, make_manifest
from darkhours.store.objects import open_objects
from darkhours.store.rosters import RosterBook
from darkhours.store.shelf import Shelf

POINTS = "points"


def _now() -> datetime:
    return datetime.now(UTC)


def open_archive(
    path: Path | str,
    *,
    files: Files | None = None,
    create: bool = False,
    clock: Callable[[], datetime] = _now,
    footers: Footers | None = None,
) -> Archive:
    """Return an open archive; close it, or use it in a ``with`` block.

    Args:
        path: its folder.
        files: where the points lie; None takes what the archive was made with.
        create: make an empty one where there is none.
        clock: tells the time at which a write is acknowledged.
        footers: kept in memory, where several threads share them; None for its own.

    Raises:
        StoreError: there is none, or it is newer than this program.
        ConfigError: the extra is not installed.
    """
    need_pyarrow()
    folder = Path(path)
    if create and not (folder / NAME).exists():
        make_manifest(folder, "", shared=False)
    manifest = Manifest(folder)
    try:
        place = files or _open_points(folder, manifest.settings.get("points", ""))
    except BaseException:
        manifest.close()
        raise
    return Archive(Shelf(manifest, place, RosterBook(manifest.sql), clock, footers or Footers()))


def create_archive(path: Path | str, *, points: str = "", shared: bool = False) -> None:
    """Make an empty archive.

    Args:
        path: its folder, made if it is not there; the manifest lies in it.
        points: address of an object store where the points are to lie, such as
            ``s3://bucket/prefix?region=eu-central-1``; "" for the folder.
        shared: whether several machines will open it over a network file system.

    Raises:
        StoreError: there is one already.
        ConfigError: the extra is not installed, or the address is none.
    """
    need_pyarrow()
    if points:
        open_objects(points)
    make_manifest(Path(path), points, shared=shared)


def _open_points(folder: Path, points: str) -> Files:
    return open_objects(points) if points else LocalFiles(folder / POINTS)
