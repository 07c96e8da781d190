"""Signals: what is measured, whom to thank for it, and what it can and cannot see."""

from __future__ import annotations

from dataclasses import dataclass

SENSES = ("reachability", "demand", "routing", "other")
"""What a sensing system sees: whether hosts answer, whether people send, whether routes are announced."""


@dataclass(frozen=True, slots=True)
class SignalKind:
    """What is known of a signal by its name.

    Args:
        name: as in every document, such as ``probing.slash24_up_cnt``.
        sense: one of `SENSES`.
        kind: ``count`` (things counted), ``gauge`` (a level in a unit), ``index`` (a share of ordinary).
        worse: ``lower`` or ``higher``: which way trouble goes.
        about: what it is, in a line.
    """

    name: str
    sense: str
    kind: str
    worse: str
    about: str


SIGNALS: dict[str, SignalKind] = {
    known.name: known
    for known in (
        SignalKind("bgp.visible_slash24_cnt", "routing", "count", "lower", "/24s that most full feeds see"),
        SignalKind("bgp.visible_slash48_cnt", "routing", "count", "lower", "/48s that most full feeds see"),
        SignalKind("bgp.visible_prefix4_cnt", "routing", "count", "lower", "IPv4 prefixes that they see"),
        SignalKind("bgp.visible_prefix6_cnt", "routing", "count", "lower", "IPv6 prefixes that they see"),
        SignalKind("bgp.visible_asn_cnt", "routing", "count", "lower", "networks seen in routing tables"),
        SignalKind("bgp.visible_prefix_cnt", "routing", "count", "lower", "prefixes seen in routing tables"),
        SignalKind("bgp.visible_pct", "routing", "index", "lower", "share of ordinary routes seen"),
        SignalKind("probing.slash24_up_cnt", "reachability", "count", "lower", "/24s that answer probes"),
        SignalKind("probing.up_pct", "reachability", "index", "lower", "share of ordinary that answers"),
        SignalKind("probing.replies_cnt", "reachability", "count", "lower", "replies to probes"),
        SignalKind("probing.connectivity_idx", "reachability", "index", "lower", "index of connectivity"),
        SignalKind("latency.rtt_ms", "other", "gauge", "higher", "round-trip time"),
        SignalKind("latency.loss_pct", "other", "gauge", "higher", "share of probes lost"),
        SignalKind("telescope.src_ip_cnt", "demand", "count", "lower", "senders of unasked traffic"),
        SignalKind("traffic.requests_idx", "demand", "index", "lower", "requests, against ordinary"),
        SignalKind("traffic.bytes_idx", "demand", "index", "lower", "bytes, against ordinary"),
        SignalKind("traffic.search_idx", "demand", "index", "lower", "searches, against ordinary"),
        SignalKind("telemetry.city_cnt", "demand", "count", "lower", "cities from which browsers report"),
        SignalKind(
            "atlas.probes_connected_cnt", "reachability", "count", "lower", "RIPE Atlas probes online"
        ),
        SignalKind("ooni.web_ok_pct", "reachability", "index", "lower", "web tests without an anomaly"),
        SignalKind("ooni.measurements_cnt", "demand", "count", "lower", "measurements that volunteers sent"),
    )
}
"""Signals that have a name of their own; others are told by their first word (`describe_signal`)."""

_FIRST_WORD = {"bgp": "routing", "probing": "reachability", "atlas": "reachability", "ooni": "reachability"}
_FIRST_WORD |= {"telescope": "demand", "traffic": "demand", "telemetry": "demand"}


def describe_signal(name: str, kind: str | None = None, worse: str | None = None) -> SignalKind:
    """Return what is known of a signal; for a name of a user's own, by its first word.

    Args:
        name: its name.
        kind: ``count``, ``gauge`` or ``index`` where the user told; wins over what is known.
        worse: ``lower`` or ``higher`` where the user told; wins over what is known.

    >>> describe_signal("probing.my_own_cnt").sense, describe_signal("speed", worse="higher").worse
    ('reachability', 'higher')
    """
    known = SIGNALS.get(name)
    if known is None:
        sense = _FIRST_WORD.get(name.partition(".")[0], "other")
        known = SignalKind(name, sense, _kind_by_suffix(name), "lower", "")
    return SignalKind(name, known.sense, kind or known.kind, worse or known.worse, known.about)


def _kind_by_suffix(name: str) -> str:
    if name.endswith("_cnt"):
        return "count"
    return "index" if name.endswith(("_idx", "_pct")) else "gauge"
