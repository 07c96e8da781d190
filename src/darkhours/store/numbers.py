"""How values are packed: the narrowest type that gives every one of them back bit for bit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from darkhours.model.timeline import Floats
from darkhours.store.extra import need_pyarrow

PLACES = range(1, 7)
"""Decimal places that are tried: ours; shares are published with two to six."""
WHOLE = ("int32", "int64")
NUMBERS = (*WHOLE, *(f"decimal{places}" for places in PLACES), "double")
"""Types of values, from the narrowest. Counts are whole and take about a byte; shares of few decimals are
whole numbers of hundredths, and so on; all else is a double."""
_LIMITS = {"int32": 2.0**31, "int64": 2.0**62}
_MOST_DECIMAL = 2.0**27
"""Beyond it a millionth of the value is too near to what a double can tell apart."""
_DIGITS, _SAMPLE = 18, 1000


def number_type(values: Floats) -> str:
    """Return the narrowest type that gives every value back bit for bit.

    Args:
        values: not negative, NaN where nobody measured.

    >>> (
    ...     number_type(np.array([3.0, np.nan])),
    ...     number_type(np.array([99.63, 1.5])),
    ...     number_type(np.array([-0.0])),
    ... )
    ('int32', 'decimal2', 'double')
    """
    told = values[~np.isnan(values)]
    if np.any(np.signbit(told)):  # a negative zero is no whole number that comes back
        return "double"
    if np.all(np.rint(told) == told):
        return next((name for name, limit in _LIMITS.items() if np.all(told < limit)), "double")
    if np.all(told < _MOST_DECIMAL):
        for places in PLACES:
            if _has_places(told[:_SAMPLE], places) and _has_places(told, places):
                return f"decimal{places}"
    return "double"


def _has_places(told: Floats, places: int) -> bool:
    scale = 10.0**places
    return bool(np.all(np.rint(told * scale) / scale == told))


def widest(numbers: Iterable[str]) -> str:
    """Return a type that holds what several hold.

    >>> widest(["int32", "decimal2"]), widest(["int64", "decimal2"]), widest(["int32", "int64"])
    ('decimal2', 'double', 'int64')
    """
    every = set(numbers)
    found = max(every, key=NUMBERS.index)
    return "double" if "int64" in every and found not in WHOLE else found


def arrow_type(number: str) -> Any:  # noqa: ANN401 — of an extra without types
    """Return the type of a column of such values; other programs read decimals as what they are."""
    pa = need_pyarrow()
    if number in WHOLE:
        return getattr(pa, number)()
    return pa.float64() if number == "double" else pa.decimal128(_DIGITS, int(number[-1]))


def pack(values: Floats, number: str) -> Any:  # noqa: ANN401 — of an extra without types
    """Return values as a column, null where they are NaN; shape (n,)."""
    pa = need_pyarrow()
    missing = np.isnan(values)
    some = bool(missing.any())
    if number == "double":
        return pa.array(values, mask=missing if some else None)
    told = np.where(missing, 0.0, values) if some else values
    if number in WHOLE:
        return pa.array(told.astype(number), mask=missing if some else None)
    words = np.zeros((len(told), 2), "<i8")  # 128 bits, of which the upper half is nought
    words[:, 0] = np.rint(told * 10.0 ** int(number[-1]))
    there = pa.py_buffer(np.packbits(~missing, bitorder="little")) if some else None
    return pa.Array.from_buffers(arrow_type(number), len(told), [there, pa.py_buffer(words)])


def unpack(column: Any) -> NDArray[Any]:  # noqa: ANN401 — of an extra without types
    """Return a column as floats or whole numbers, NaN where it is null; shape (n,).

    From the bytes as they lie: the way of pyarrow loads pandas where that is installed, which takes 30 MB.
    """
    parts = [_unpack_chunk(chunk) for chunk in column.chunks]
    return parts[0] if len(parts) == 1 else np.concatenate(parts) if parts else np.zeros(0)


def _unpack_chunk(chunk: Any) -> NDArray[Any]:  # noqa: ANN401 — as above
    if not len(chunk):
        return np.zeros(0)
    there, data = chunk.buffers()
    mine = slice(chunk.offset, chunk.offset + len(chunk))
    values: NDArray[Any]
    if need_pyarrow().types.is_decimal(chunk.type):
        values = np.frombuffer(data, "<i8").reshape(-1, 2)[mine, 0] / 10.0**chunk.type.scale
    else:
        values = np.frombuffer(data, str(chunk.type).replace("double", "float64"))[mine]
    if chunk.null_count:
        bits = np.frombuffer(there, np.uint8)[mine.start // 8 : -(-mine.stop // 8)]
        known = np.unpackbits(bits, bitorder="little")[mine.start % 8 :][: len(chunk)]
        values = np.where(known, values, np.nan)
    return values
