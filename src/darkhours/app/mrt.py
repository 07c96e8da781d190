"""The commands that read raw BGP archives: what is in a file, and what of it most full feeds see."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from darkhours.app.screen import put, put_either, say, working

Json = Annotated[bool, Parameter(name="--json", show_default=False)]

commands = App(
    name="mrt",
    help="Read raw BGP archives (MRT): the elements of a file, or the prefixes that most full feeds see.",
    default_parameter=Parameter(negative=()),
    help_format="plaintext",
)


@commands.command
def elements(file: Path, /, *, json: Json = False, parquet: Path | None = None) -> int:
    """Count announcements, withdrawals and RIB entries of each peer, or write them all as a table.

    Args:
        file: A RIB dump or updates file, packed with gzip or bzip2 or not.
        json: Print the counts as JSON.
        parquet: Write every element to this file.
    """
    from darkhours.app.files import refuse_unwritable  # noqa: PLC0415 — keeps `--help` fast
    from darkhours.sources.mrt.ahead import ReadAhead  # noqa: PLC0415 — so does this

    if parquet is not None:
        refuse_unwritable(parquet)
    with ReadAhead(file) as ahead:  # unpacks while the rest is loaded
        doing = _doing(f"reading {file.name}", "scan")
        from darkhours.app.mrt_elements import count_elements, write_elements  # noqa: PLC0415 — and this

        with working(doing):
            counted = count_elements(ahead) if parquet is None else write_elements(ahead, parquet)
    for sentence in counted.tally.sentences():
        say(f"{file.name}: {sentence}")
    if parquet is not None and not json:
        put(str(parquet))
        return 0
    put_either(counted.as_text, counted.as_json, json=json)
    return 0


@commands.command
def visibility(
    files: list[Path],
    /,
    *,
    places: tuple[str, ...] = (),
    networks: tuple[str, ...] = (),
    per: tuple[Literal["country", "region", "asn", "asn-country", "asn-region"], ...] = (),
    signal: Literal["slash24", "slash48", "prefix4", "prefix6"] = "slash24",
    step: str = "5m",
    full_ipv4: int | None = None,
    full_ipv6: int | None = None,
    least_peers: int = 1,
    json: Json = False,
    csv: Path | None = None,
    parquet: Path | None = None,
) -> int:
    """Tell bin by bin what more than half of a collector's full feeds see of each place and network.

    The table that comes out can be read as it is: darkhours outages FILE --entity entity

    Args:
        files: RIB dumps and updates of one collector; without a RIB dump little is known at first.
        places: Where addresses lie: first,last,CC[,REGION] as CSV, or a registry's file of delegations.
            Repeat it with a day, 2022-01-31=FILE, for files that hold from different days on.
        networks: Whose addresses are: a file of iptoasn, prefix2as, pyasn or ip-location-db, dated likewise.
            Without it the origin of each announcement tells.
        per: Kind of entity; repeat it. Places and networks as far as files tell them, networks without any.
        signal: What is counted: /24 or /48 equivalents, or prefixes of IPv4 or IPv6.
        step: Width of a bin.
        full_ipv4: A peer with more IPv4 prefixes than this is a full feed; 400000 unless told.
        full_ipv6: A peer with more IPv6 prefixes than this is a full feed; 10000 unless told.
        least_peers: Full feeds below which a bin is not measured.
        json: Print one JSON document instead of a table.
        csv: Write the table to this file instead.
        parquet: Write it as Parquet to this file instead.
    """
    doing = _doing(f"following {len(files)} file(s)", "count_visible")
    from darkhours.app.files import refuse_unwritable  # noqa: PLC0415 — keeps `--help` fast
    from darkhours.app.instants import read_step  # noqa: PLC0415 — so does this
    from darkhours.app.mrt_tables import tell  # noqa: PLC0415 — and this
    from darkhours.app.mrt_visibility import Visibility, make_asked  # noqa: PLC0415 — and this
    from darkhours.app.publish import refuse_several  # noqa: PLC0415 — and this

    refuse_several({"--json": json, "--csv": csv, "--parquet": parquet})
    for target in filter(None, (csv, parquet)):
        refuse_unwritable(target)
    asked = make_asked(
        files, places=places, networks=networks, per=per, signal=signal, step=read_step(step),
        full=(full_ipv4, full_ipv6), least_peers=least_peers,
    )  # fmt: skip
    with working(doing):
        seen = Visibility(asked)
        tell(seen, json=json, csv=csv, parquet=parquet)
    for warning in seen.warnings():
        say(warning)
    return 0


def _doing(what: str, kernel: str) -> str:
    """Return what is being done, in words, and why it takes longer where it does."""
    from darkhours.sources.mrt.jit import is_compiled  # noqa: PLC0415 — keeps `--help` fast

    return (
        what
        if is_compiled(kernel)
        else f"{what}; this first time the reader is compiled too, ten to thirty seconds"
    )
