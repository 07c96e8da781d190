"""Envelopes: a long series drawn in few points, so that no peak, no dip and no gap is lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkhours.model.timeline import Bins, Floats


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """A series in buckets of several bins.

    Args:
        edges: first bin of each bucket, and the number of bins at the end; shape (n_buckets + 1,).
        low: smallest value of each bucket, NaN where nobody measured in it; shape (n_buckets,).
        high: largest value of each, same shape.
        missing: bins of each that nobody measured, same shape.
    """

    edges: Bins
    low: Floats
    high: Floats
    missing: Bins


def bucket_edges(n_bins: int, most: int) -> Bins:
    """Return the first bin of each bucket, and the number of bins at the end; shape (n_buckets + 1,).

    >>> bucket_edges(6, 3).tolist()
    [0, 2, 4, 6]
    """
    return np.unique(np.linspace(0, n_bins, min(most, n_bins) + 1).round().astype(np.int64))


def envelope(values: Floats, most: int) -> Envelope:
    """Return a series in at most so many buckets of about as many bins each.

    Args:
        values: NaN where nobody measured, shape (n_bins,); at least one bin.
        most: buckets, at least 1.

    Raises:
        ValueError: there is no bin, or no bucket is allowed.

    >>> envelope(np.array([1.0, 9.0, np.nan, np.nan, 5.0, 0.0]), 3).low.tolist()
    [1.0, nan, 0.0]
    """
    n_bins = values.size
    if n_bins < 1 or most < 1:
        raise ValueError(f"envelope: expected a bin and a bucket at least, got {n_bins} and {most}")
    edges = bucket_edges(n_bins, most)
    starts, nothing = edges[:-1], np.isnan(values)
    low, high = np.fmin.reduceat(values, starts), np.fmax.reduceat(values, starts)
    return Envelope(edges, low, high, np.add.reduceat(nothing.astype(np.int64), starts))
