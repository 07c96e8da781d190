"""A file system that fails or dies at its n-th operation, and then forgets what was not made durable."""

from __future__ import annotations

from pathlib import Path

from darkhours.store import LocalFiles


class Killed(BaseException):
    """The process is gone: nothing that it would have done after this happens."""


class FailingFiles(LocalFiles):
    """Local files that count what is asked of them.

    Args:
        root: the folder.
        at: number of the operation that fails, from 1; 0 for none.
        dies: whether the process dies there, and everything after fails too; else one `OSError` is all.
    """

    def __init__(self, root: Path, at: int = 0, *, dies: bool = False) -> None:
        super().__init__(root)
        self.folder, self.at, self.dies, self.count = Path(root), at, dies, 0
        self.dead = False
        self.loose_bytes: set[str] = set()
        self.loose_names: set[str] = set()

    def step(self, what: str) -> None:
        """Count an operation, and fail where it is time."""
        self.count += 1
        if self.dead:
            raise Killed(what)
        if self.count == self.at:
            self.dead = self.dies
            raise Killed(what) if self.dies else OSError(28, f"no space left: {what}")

    def create(self, name):
        self.step("create")
        self.loose_bytes.add(name)
        self.loose_names.add(name)
        return _Sink(self, super().create(name))

    def sync(self, name):
        self.step("sync")
        self.loose_bytes.discard(name)

    def rename(self, old, new):
        self.step("rename")
        super().rename(old, new)
        for loose in (self.loose_bytes, self.loose_names):
            if old in loose:
                loose.discard(old)
                loose.add(new)

    def sync_folder(self, name):
        self.step("sync folder")
        self.loose_names.discard(name)

    def remove(self, name):
        self.step("remove")
        super().remove(name)
        self.loose_bytes.discard(name)
        self.loose_names.discard(name)

    def cut_power(self) -> None:
        """Lose every name that was not durable, and half of all bytes that were not."""
        for name in self.loose_names:
            (self.folder / name).unlink(missing_ok=True)
        for name in self.loose_bytes - self.loose_names:
            path = self.folder / name
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


class _Sink:
    """A file of which the write that fails arrives by half."""

    def __init__(self, files: FailingFiles, file) -> None:
        self._files, self._file = files, file

    def write(self, data):
        try:
            self._files.step("write")
        except BaseException:
            self._file.write(bytes(data)[: len(data) // 2])
            raise
        return self._file.write(data)

    def close(self):
        self._file.close()
