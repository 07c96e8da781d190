"""Runs a pure function over many batches: here, on all cores, on a Dask cluster.

Bytes go in and bytes come out, in the order of the batches, and they are the same wherever it ran. This room
knows nothing of what is in them.
"""

from darkhours.spread.batch import Batch, Place, Progress, Work
from darkhours.spread.run import run_batches

__all__ = ["Batch", "Place", "Progress", "Work", "run_batches"]
