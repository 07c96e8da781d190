"""The use case `outages`: files of measured values in, an account of each place out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from darkhours.app.entity import describe_entity
from darkhours.app.files import refuse_unwritable, write_whole
from darkhours.app.flags import TableFlags
from darkhours.app.instants import read_duration, read_instant
from darkhours.app.kernels import say_if_compiling
from darkhours.app.measured import SEEMS_SMOOTHED, Found, Progress, Question, find_outages
from darkhours.app.memory import give_back
from darkhours.app.publish import refuse_language, refuse_several
from darkhours.app.screen import Screen, put, put_measured, say
from darkhours.infer.choose import is_large
from darkhours.model.account import Account
from darkhours.model.document import outages_to_json
from darkhours.model.errors import ConfigError, InputError, Problem
from darkhours.model.panel import Panel, Recording
from darkhours.sources import TableOptions, read_recording

FORMS = ("final", "live")


@dataclass(frozen=True, slots=True)
class Wish:
    """What `outages` is asked for.

    Args:
        files: paths of files of measured values.
        options: how to read them.
        format: name of a format; None where the file tells.
        form: ``final`` or ``live``.
        seed: of all draws, None for the program's own.
        as_of: only what was measured by then.
        signed: from when a person signs that the level is a new normal.
        pictures: whether the signals behind each account are kept, which a page shows; of ten million
            values they are a third of a gigabyte.
        see_smoothing: whether smoothing by the publisher is looked for where nobody tells of it.
    """

    files: tuple[Path, ...]
    options: TableOptions = field(default_factory=TableOptions)
    format: str | None = None
    form: str = "final"
    seed: int | None = None
    as_of: datetime | None = None
    signed: datetime | None = None
    pictures: bool = True
    see_smoothing: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """The accounts of every entity in the files, and what was noticed on the way.

    Args:
        found: each entity with its account, and the signals behind it where pictures are asked for.
        recordings: the files as they were read.
        notes: what could not be read, and what was decided.
    """

    found: tuple[Found, ...]
    recordings: tuple[Recording, ...]
    notes: tuple[str, ...]

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Return the accounts in the order of the files."""
        return tuple(item.account for item in self.found)

    @property
    def title(self) -> str:
        """Return the names of the files."""
        return ", ".join(recording.origin.file for recording in self.recordings)

    @property
    def attributions(self) -> tuple[str, ...]:
        """Return whom to thank for the data, each once."""
        told = (recording.origin.attribution for recording in self.recordings)
        return tuple(dict.fromkeys(line for line in told if line))

    def as_json(self) -> str:
        """Return the accounts as one ``darkhours.outages/1`` document."""
        return outages_to_json(self.accounts, self.notes)


def make_wish(
    files: Sequence[Path],
    flags: TableFlags,
    *,
    live: bool = False,
    as_of: str | None = None,
    seed: int | None = None,
    pictures: bool = True,
) -> Wish:
    """Return what the command line asks for.

    Raises:
        ConfigError: a duration, an instant or a seed is none.
        InputError: the place is unknown.
    """
    if seed is not None and seed < 0:
        raise ConfigError(f"--seed: expected a whole number from 0, got {seed}")
    options = read_flags(flags)
    instant = None if as_of is None else read_instant(as_of)
    signed = None if flags.rebaseline is None else read_instant(flags.rebaseline, "--rebaseline")
    form = "live" if live else "final"
    see = flags.smoothed is None
    return Wish(tuple(files), options, flags.format_, form, seed, instant, signed, pictures, see)


def read_flags(flags: TableFlags) -> TableOptions:
    """Return the options of a table that the flags tell."""
    if flags.count and flags.value is not None:
        raise ConfigError(
            "--count and --value: expected one of them, got both; rows are counted, or a column read"
        )
    for flag in ("family", "signal"):
        if getattr(flags, flag) is not None and not getattr(flags, flag).strip():
            raise ConfigError(f"--{flag}: expected a name such as {EXAMPLES[flag]}, got an empty one")
    same = {name: getattr(flags, name) for name in SAME}
    place = None if flags.as_ is None else describe_entity(flags.as_).entity.id
    step = None if flags.step is None else read_duration(flags.step, "--step", SECOND, DAY)
    smoothed = (
        timedelta(0)
        if flags.smoothed is None
        else read_duration(flags.smoothed, "--smoothed", timedelta(0), 2 * DAY)
    )
    return TableOptions(**same, as_entity=place, step=step, smoothed=smoothed)


SAME = (
    "time", "time_format", "tz", "value", "count", "kind", "worse", "entity", "places", "unrelated", "signal",
    "family", "strict", "unordered",
)  # fmt: skip
"""Flags that stand in `TableOptions` as they are."""
EXAMPLES = {"family": "ioda.probing", "signal": "probing.slash24_up_cnt"}
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def find(wish: Wish, progress: Progress | None = None) -> Outcome:
    """Return the account of every entity in the files.

    Raises:
        InputError: a file cannot be read, or holds nothing to work on.
    """
    recordings = tuple(read_recording(path, wish.options, wish.format) for path in wish.files)
    panels = [panel for recording in recordings for panel in recording.panels]
    if sum(panel.values.size for panel in panels) >= LARGE:
        give_back()
    _refuse_too_short(panels, recordings)
    question = _question(wish, recordings)
    if is_large(panels) and question.signed is None:
        say_if_compiling()
    each = find_outages(panels, question, progress)
    found = tuple(item if wish.pictures else replace(item, traces=()) for item in each)
    if not found:
        raise InputError(
            wish.files[0].name, [Problem("--as-of", "nothing was measured by then; take a later one")]
        )
    told = (note for item in found for note in item.account.notes if SEEMS_SMOOTHED in note)
    return Outcome(found, recordings, (*_notes(recordings), *dict.fromkeys(told)))


def _question(wish: Wish, recordings: Sequence[Recording]) -> Question:
    unrelated = True if all(recording.unrelated for recording in recordings) else None
    inputs = tuple(f"{r.origin.file} sha256:{r.origin.sha256}" for r in recordings)
    see, signed = wish.see_smoothing, wish.signed
    base = Question(
        wish.form, unrelated=unrelated, as_of=wish.as_of, inputs=inputs, signed=signed, see_smoothing=see
    )
    return base if wish.seed is None else replace(base, seed=wish.seed)


def _refuse_too_short(panels: Sequence[Panel], recordings: Sequence[Recording]) -> None:
    """Raise `InputError` where no panel has bins enough to hold anything against."""
    if any(panel.grid.n_bins >= LEAST_BINS for panel in panels):
        return
    file = recordings[0].origin.file
    most = max((panel.grid.n_bins for panel in panels), default=0)
    expected = f"expected at least {LEAST_BINS} bins of time to learn what is ordinary: got {most}"
    raise InputError(file, [Problem("", f"{expected}; give a longer file, or a shorter --step")])


LARGE = 1_000_000
"""Values from which memory is given back after reading: ours, below it is not felt."""

LEAST_BINS = 8
"""Bins that a file must have: ours, a quarter of them is the least that a level can be taken from."""


def _notes(recordings: Sequence[Recording]) -> tuple[str, ...]:
    out: list[str] = []
    for recording in recordings:
        file = recording.origin.file
        out += [f"{file}: {note}" for note in recording.notes]
        for row in recording.unreadable:
            line = f", first in line {row.first_line}" if row.first_line is not None else ""
            rows = "1 row" if row.count == 1 else f"{row.count} rows"
            out.append(f"{file}: {rows} not read{line}: {row.why}: {row.example}")
    return tuple(out)


def pick_form(asked: Mapping[str, object], lang: str = "en") -> str:
    """Return the one form of output that is asked for, ``text`` where none is; check that it can be written.

    Args:
        asked: what each of ``json``, ``html`` and ``csv`` was given.
        lang: code of the language of the page.

    Raises:
        ConfigError: more than one was given, or another language for what is in English.
        InputError: a file cannot be written there, or nobody here speaks the language.
    """
    refuse_several({f"--{name}": value for name, value in asked.items()})
    if lang != "en":
        given = next((f"--{name}" for name, value in asked.items() if value), "")
        refuse_language(lang, given, ("--html",))
    for target in asked.values():
        if isinstance(target, Path):
            refuse_unwritable(target)
    return next((name for name, value in asked.items() if value), "text")


def show(outcome: Outcome, form: str, path: Path | None, screen: Screen, lang: str = "en") -> None:
    """Write what was found in one form: to stdout, or to ``path``; a page in the language of that code."""
    if form == "json":
        put(outcome.as_json())
    elif path is not None:
        put(str(write_page(outcome, path, lang) if form == "html" else write_csv(outcome, path)))
    else:
        put_measured(outcome.accounts, screen)
        for note in outcome.notes:
            say(note)


def write_page(outcome: Outcome, path: Path, lang: str = "en") -> Path:
    """Write the accounts with the signals behind them as one self-contained HTML page."""
    from darkhours import render  # noqa: PLC0415 — keeps `--help` fast
    from darkhours.render.language import language  # noqa: PLC0415 — keeps `--help` fast

    text = render.render_data_set(
        outcome.accounts,
        [trace for item in outcome.found for trace in item.traces],
        outcome.title,
        outcome.notes,
        outcome.attributions,
        entities={item.entity.id: item.entity for item in outcome.found},
        language=language(lang),
    )
    return write_whole(path, text)


def write_csv(outcome: Outcome, path: Path) -> Path:
    """Write every place in the order of its rank as a table."""
    from darkhours import render  # noqa: PLC0415 — keeps `--help` fast

    entities = {item.entity.id: item.entity for item in outcome.found}
    return write_whole(path, render.data_set_csv(outcome.accounts, entities))
