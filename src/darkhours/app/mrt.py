"""The commands that read raw BGP archives: what is in a file, and what of it most full feeds see."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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
    from darkhours.app.mrt_elements import count_elements, write_elements  # noqa: PLC0415 — so does this

    if parquet is not None:
        refuse_unwritable(parquet)
    with working(f"reading {file.name}"):
        counted = count_elements(file) if parquet is None else write_elements(file, parquet)
    for sentence in counted.tally.sentences():
        say(f"{file.name}: {sentence}")
    if parquet is not None and not json:
        put(str(parquet))
        return 0
    put_either(counted.as_text, counted.as_json, json=json)
    return 0
