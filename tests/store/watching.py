"""A reader that reads for ever while another process writes; run as ``python watching.py ARCHIVE STOP``.

Says a line when it has read once, ends when STOP is there, and says how often it has read. Whatever it reads
must be whole bins, without a gap up to the newest, and never fewer than the last time.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from mortal import CROWD, value_of
from stores import START, STEP

from darkhours.store import open_archive


def main() -> None:
    """Read until told to stop."""
    folder, stop = Path(sys.argv[1]), Path(sys.argv[2])
    count = held = 0
    with open_archive(folder) as archive:
        while not stop.exists():
            values = archive.read("test.probing", CROWD, START).values
            assert values.shape[1] >= held, "bins went away"
            held = values.shape[1]
            expected = np.stack([value_of(at) for at in range(held)], axis=1)
            assert np.array_equal(values, expected, equal_nan=True), "half a bin"
            newest = archive.latest("test.probing")
            at = (newest.grid.start - START) // STEP
            assert np.array_equal(newest.values[:, 0], value_of(at), equal_nan=True), "half a newest bin"
            count += 1
            if count == 1:
                sys.stdout.write("reading\n")
                sys.stdout.flush()
    sys.stdout.write(f"{count}\n")


if __name__ == "__main__":
    main()
