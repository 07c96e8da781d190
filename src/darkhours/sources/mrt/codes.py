"""The numbers of MRT and BGP, and those that the kernels hand to each other.

Source: RFC 6396 (MRT), RFC 8050 (ADD-PATH in MRT), RFC 4271 (BGP), RFC 4760 (other families),
RFC 6793 (four bytes for an AS).
"""

from __future__ import annotations

# Kinds of a row, in the column `kind`.
ANNOUNCED, WITHDRAWN, RIB_ENTRY, STATE_CHANGE = 0, 1, 2, 3
KINDS = ("announced", "withdrawn", "rib_entry", "state_change")
"""The words for the column `kind`, by its number."""

# Types of a record.
LEGACY_BGP, TABLE_DUMP, TABLE_DUMP_V2, BGP4MP, BGP4MP_ET = 5, 12, 13, 16, 17
HIGHEST_PLAIN_TYPE = 13
ISIS, ISIS_ET, OSPF, OSPF_ET = 32, 33, 48, 49
TYPES = frozenset([*range(HIGHEST_PLAIN_TYPE + 1), BGP4MP, BGP4MP_ET, ISIS, ISIS_ET, OSPF, OSPF_ET])
"""Every type that was ever assigned; only five of them have prefixes that we read."""

# Subtypes.
LEGACY_UPDATE, LEGACY_STATE = 1, 3
DUMP_IPV4, DUMP_IPV6, DUMP_IPV4_WIDE, DUMP_IPV6_WIDE = 1, 2, 3, 4
PEER_INDEX, RIB_GENERIC, RIB_IPV4_PATHS, RIB_GENERIC_PATHS = 1, 6, 8, 12
RIB_IPV4, RIB_IPV6_MULTICAST, RIB_IPV6_MULTICAST_PATHS = 2, 5, 11
STATE, MESSAGE, MESSAGE_WIDE, STATE_WIDE, MESSAGE_LOCAL = 0, 1, 4, 5, 6
MESSAGE_PATHS, LAST_MESSAGE = 8, 11
HIGHEST_SUBTYPE = 12

# BGP.
UPDATE = 2
MARKER_SIZE, MESSAGE_HEAD = 16, 19
AS_PATH, MP_REACH, MP_UNREACH, AS4_PATH = 2, 14, 15, 17
EXTENDED_LENGTH = 0x10
AS_SET, AS_SEQUENCE = 1, 2
ESTABLISHED = 6
AFI_IPV4, AFI_IPV6 = 1, 2
UNICAST, MULTICAST, BOTH_CASTS = 1, 2, 3
IPV4, IPV6 = 4, 6
IPV4_BITS, IPV6_BITS = 32, 128
PEER_IS_IPV6, PEER_IS_WIDE = 1, 2

# Sizes in bytes.
HEAD = 12
NARROW, WIDE = 2, 4
IPV4_SIZE, IPV6_SIZE = 4, 16
ENTRY_HEAD = 8
"""Peer index, time and length of attributes of an entry of TABLE_DUMP_V2."""
LEGACY_SHORTFALL = 4
"""Bytes that collectors of 2000 left out of the length of a TABLE_DUMP record."""
LARGEST_RECORD = 16 << 20
"""Longest record in bytes. A RIB entry from each of 65,535 peers with 200 bytes of attributes would
fit; a length above it is noise. Chosen by us; moving it moves the peak of memory on broken files."""
DAY_S = 86_400
"""How far in time, in seconds, a record may lie from the last good one where framing was lost."""

# Why a record was left out; what a kernel returns in the place of a position.
SHORT, BAD_PREFIX, BAD_PEER, BAD_FAMILY, BAD_PATH, FRAMING, CUT, FULL = -1, -2, -3, -4, -5, -6, -7, -8
UNSUPPORTED = -9
REASONS = {
    SHORT: "something in it is longer than what holds it",
    BAD_PREFIX: "a prefix is longer than an address",
    BAD_PEER: "it names a peer that no peer index table before it has",
    BAD_FAMILY: "its addresses are neither IPv4 nor IPv6",
    BAD_PATH: "its AS path does not fit its length",
    FRAMING: "no record begins here; reading went on at the next plausible one",
    CUT: "the file ends inside it",
    FULL: "it brings more peers than a collector can have",
}

# Places in the cursor: what the scanner remembers between two calls.
(C_ROWS, C_PEERS, C_INDEX, C_RECORDS, C_MALFORMED, C_UNSUPPORTED, C_SKIPPED, C_LAST, C_FAULTS, C_NEED,
 C_BASE, C_TIME, C_AT, C_LOST, C_PEER, C_SENT) = range(16)  # fmt: skip
CURSOR_SIZE = 16

# Why the scanner came back.
NEED_BYTES, NEED_ROWS = 0, 1
