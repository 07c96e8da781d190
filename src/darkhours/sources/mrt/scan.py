"""The kernel that goes from record to record: what it is, whether it fits, where the next begins."""

from __future__ import annotations

from darkhours.sources.mrt.codes import (
    BGP4MP,
    BGP4MP_ET,
    C_AT,
    C_BASE,
    C_FAULTS,
    C_LAST,
    C_LOST,
    C_MALFORMED,
    C_NEED,
    C_RECORDS,
    C_ROWS,
    C_SENT,
    C_SKIPPED,
    C_TIME,
    C_UNSUPPORTED,
    DAY_S,
    FRAMING,
    HEAD,
    HIGHEST_PLAIN_TYPE,
    HIGHEST_SUBTYPE,
    ISIS,
    ISIS_ET,
    LARGEST_RECORD,
    LEGACY_BGP,
    LEGACY_SHORTFALL,
    NEED_BYTES,
    NEED_ROWS,
    OSPF,
    OSPF_ET,
    SHORT,
    TABLE_DUMP,
    TABLE_DUMP_V2,
    UNSUPPORTED,
)  # fmt: skip
from darkhours.sources.mrt.columns import Array, Peers, Rows
from darkhours.sources.mrt.dumps import read_dump, read_rib
from darkhours.sources.mrt.jit import entry, kernel
from darkhours.sources.mrt.reads import u16, u32
from darkhours.sources.mrt.sessions import is_session, read_legacy, read_session

_MICROS = 1_000_000
_LARGEST_MESSAGE = 1 << 16
_SMALLEST_ENTRY = 8


@kernel
def _is_type(kind: int) -> bool:
    """Tell whether a record may be of this type: any that was ever assigned."""
    return kind <= HIGHEST_PLAIN_TYPE or kind in (BGP4MP, BGP4MP_ET, ISIS, ISIS_ET, OSPF, OSPF_ET)


@kernel
def is_head(buf: Array, at: int) -> bool:
    """Tell whether the twelve bytes at `at`, which are there, can be the head of a record."""
    return _is_type(u16(buf, at + 4)) and u32(buf, at + 8) <= LARGEST_RECORD


@kernel
def _is_near(buf: Array, at: int, last_s: int) -> bool:
    """Tell whether the time at `at` lies within a day of the last good record."""
    return abs(u32(buf, at) - last_s) <= DAY_S


@kernel
def _judge(buf: Array, at: int, size: int, last: bool, last_s: int) -> int:
    """Say whether a record that we read begins at `at`, by type, length, hour and what follows.

    Returns:
        1 yes, 0 no, −1 not yet known: what follows has not come.
    """
    kind = u16(buf, at + 4)
    ours = kind in (LEGACY_BGP, TABLE_DUMP, TABLE_DUMP_V2, BGP4MP, BGP4MP_ET)
    length = u32(buf, at + 8)
    if not ours or u16(buf, at + 6) > HIGHEST_SUBTYPE or length == 0 or length > LARGEST_RECORD:
        return 0
    if not _is_near(buf, at, last_s):
        return 0
    after = at + HEAD + length
    if after + HEAD > size:
        return 1 if last else -1
    return 1 if is_head(buf, after) and _is_near(buf, after, last_s) else 0


@kernel
def note_fault(faults: Array, cursor: Array, at: int, reason: int) -> None:
    """Count a malformed record and, while there is room, keep its offset and what is wrong with it."""
    cursor[C_MALFORMED] += 1
    kept = cursor[C_FAULTS]
    if kept < faults.shape[0]:
        faults[kept, 0] = cursor[C_BASE] + at
        faults[kept, 1] = reason
        cursor[C_FAULTS] = kept + 1


@kernel
def _most_rows(kind: int, length: int) -> int:
    """Return the most rows that a record of this type and length can hold, and one."""
    if kind in (TABLE_DUMP, TABLE_DUMP_V2):
        return length // _SMALLEST_ENTRY + 1
    return min(length, _LARGEST_MESSAGE) + 1


@kernel
def _read_record(
    buf: Array, at: int, end: int, size: int, rows: Rows, peers: Peers, cursor: Array, found: Array
) -> int:
    """Write the rows of the record at `at`; returns where the next begins, or why it is left out."""
    kind, subtype, body = u16(buf, at + 4), u16(buf, at + 6), at + HEAD
    cursor[C_AT] = cursor[C_BASE] + at
    cursor[C_TIME] = u32(buf, at) * _MICROS
    if kind == BGP4MP_ET:
        if body + 4 > end:
            return SHORT
        cursor[C_TIME] += min(u32(buf, body), _MICROS - 1)
        body += 4
    cursor[C_SENT] = 0
    if kind == TABLE_DUMP:
        return read_dump(buf, body, end, size, subtype, rows, peers, cursor, found)
    code = UNSUPPORTED
    if kind in (BGP4MP, BGP4MP_ET) and is_session(subtype):
        code = read_session(buf, body, end, subtype, rows, peers, cursor, found)
    elif kind == TABLE_DUMP_V2:
        code = read_rib(buf, body, end, subtype, rows, peers, cursor, found)
    elif kind == LEGACY_BGP:
        code = read_legacy(buf, body, end, subtype, rows, peers, cursor, found)
    return end if code >= 0 else code


@kernel
def _take_record(
    buf: Array, at: int, end: int, size: int, rows: Rows, peers: Peers, cursor: Array, found: Array,
    faults: Array,
) -> int:  # fmt: skip
    """Read a record whole or not at all, count it, and return where the next begins."""
    before = cursor[C_ROWS]
    code = _read_record(buf, at, end, size, rows, peers, cursor, found)
    cursor[C_RECORDS] += 1
    cursor[C_LAST] = u32(buf, at)
    if code >= 0:
        return code
    cursor[C_ROWS] = before
    if code == UNSUPPORTED:
        cursor[C_UNSUPPORTED] += 1
    else:
        note_fault(faults, cursor, at, code)
    return end


@kernel
def _regain(buf: Array, at: int, size: int, last: bool, cursor: Array, faults: Array) -> int:
    """Go to the next likely record where none begins at `at`; the gap is noted once.

    Returns:
        Where it begins; while framing stays lost, the first place that is not judged yet.
    """
    begin = at
    if cursor[C_LOST] == 0:
        note_fault(faults, cursor, at, FRAMING)
        cursor[C_LOST] = 1
        at += 1
    verdict = 0
    while at + HEAD <= size:
        verdict = _judge(buf, at, size, last, cursor[C_LAST])
        if verdict != 0:
            break
        at += 1
    cursor[C_SKIPPED] += at - begin
    if verdict == 1:
        cursor[C_LOST] = 0
    return at


@entry
def scan(
    buf: Array, at: int, size: int, last: bool, rows: Rows, peers: Peers, cursor: Array, found: Array,
    faults: Array,
) -> tuple[int, int]:  # fmt: skip
    """Read records from `at` on, until bytes or room for rows run out.

    Args:
        buf: bytes, uint8, shape (at least size,).
        at: where to begin: a record, or, while framing is lost, anywhere.
        size: how many of them are there.
        last: whether no more bytes will come.
        rows: the columns to fill from ``cursor[C_ROWS]`` on.
        peers: the table of peers.
        cursor: what is remembered between two calls.
        found: room for what `walk_attributes` finds.
        faults: offsets and reasons of malformed records, shape (n, 2).

    Returns:
        Where the first unread byte is, and why reading stopped: NEED_BYTES or NEED_ROWS.
    """
    while at + HEAD <= size:
        if cursor[C_LOST] == 1 or not is_head(buf, at):
            at = _regain(buf, at, size, last, cursor, faults)
            if cursor[C_LOST] == 1:
                return at, NEED_BYTES
            continue
        kind, length = u16(buf, at + 4), u32(buf, at + 8)
        end = at + HEAD + length
        ahead = LEGACY_SHORTFALL + HEAD if kind == TABLE_DUMP and not last else 0
        if end + ahead > size:
            return at, NEED_BYTES
        need = _most_rows(kind, length)
        if cursor[C_ROWS] + need > rows.time.size:
            cursor[C_NEED] = need
            return at, NEED_ROWS
        at = _take_record(buf, at, end, size, rows, peers, cursor, found, faults)
    return at, NEED_BYTES
