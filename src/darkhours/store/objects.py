"""Points in an object store, S3 or what speaks like it, through the file systems of pyarrow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from darkhours.model.errors import ConfigError
from darkhours.store.extra import need_pyarrow


class Objects:
    """Objects below an address; each appears whole when it is closed, or not at all.

    Args:
        system: a file system of pyarrow.
        root: bucket and prefix.
    """

    atomic = True

    def __init__(self, system: Any, root: str) -> None:  # noqa: ANN401 — of an extra without types
        """Remember where."""
        self._system = system
        self._root = root.rstrip("/")

    def create(self, name: str) -> BinaryIO:
        """Open a new object for writing."""
        made: BinaryIO = self._system.open_output_stream(f"{self._root}/{name}")
        return made

    def sync(self, name: str) -> None:
        """Do nothing: an object is durable when it has been closed."""

    def rename(self, old: str, new: str) -> None:
        """Refuse: an object has its name from the first."""
        raise ValueError(f"{old}: an object has its name from the first; write it as {new}")

    def sync_folder(self, name: str) -> None:
        """Do nothing: an object store has no folders."""

    def remove(self, name: str) -> None:
        """Remove an object; one that is gone is no error."""
        if self.size(name) is not None:
            self._system.delete_file(f"{self._root}/{name}")

    def size(self, name: str) -> int | None:
        """Return the bytes of an object, None where there is none."""
        found: int | None = self._system.get_file_info(f"{self._root}/{name}").size
        return found

    def names(self) -> Iterator[str]:
        """Yield every object below the root."""
        selector = need_pyarrow().fs.FileSelector(self._root, recursive=True, allow_not_found=True)
        for info in self._system.get_file_info(selector):
            if info.is_file:
                yield info.path.removeprefix(f"{self._root}/")

    def source(self, name: str) -> Any:  # noqa: ANN401 — of an extra without types
        """Return an open object to read from."""
        return self._system.open_input_file(f"{self._root}/{name}")


def open_objects(address: str) -> Objects:
    """Return the objects below an address such as ``s3://bucket/prefix?region=eu-central-1``.

    A server of one's own is named by ``endpoint_override=host:port&scheme=http``. Keys are taken from the
    environment (``AWS_ACCESS_KEY_ID`` …) or the machine's role, never from the address.

    Raises:
        ConfigError: it is no such address.
    """
    pa = need_pyarrow()
    from pyarrow import fs  # noqa: PLC0415 — an extra

    try:
        system, root = fs.FileSystem.from_uri(address)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise ConfigError(
            f"points: expected an address such as s3://bucket/prefix, got {address!r}: {error}"
        ) from error
    return Objects(system, root)
