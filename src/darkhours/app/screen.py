"""What the program knows of its terminal, and how it writes to it: data out, words beside it."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from darkhours.model.document import to_json
from darkhours.model.errors import ConfigError, InputError, Problem
from darkhours.model.plain import harmless

if TYPE_CHECKING:
    from rich.status import Status
    from rich.text import Text

    from darkhours.model.account import Account
    from darkhours.model.case import Case

MIN_WIDTH, USUAL_WIDTH, MAX_WIDTH = 60, 100, 160
LIVELY_S, PATIENT_S = 0.2, 10.0
PATIENCE_S = 1.0
"""Seconds of work after which progress is told."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What stdout can show.

    Args:
        width: characters in a line.
        colour: whether colours are wanted and understood.
        ascii_only: whether it takes no more than ASCII.
    """

    width: int = USUAL_WIDTH
    colour: bool = False
    ascii_only: bool = False

    def describe(self) -> str:
        """Return the same in words."""
        letters = "ASCII only" if self.ascii_only else "Unicode"
        return f"{self.width} characters wide, {letters}, {'colours' if self.colour else 'no colours'}"


def read_screen(environ: Mapping[str, str]) -> Screen:
    """Return what stdout can show: colours on a terminal only, and never against NO_COLOR."""
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower()
    colour = sys.stdout.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
    width = shutil.get_terminal_size((USUAL_WIDTH, 24)).columns
    return Screen(max(MIN_WIDTH, min(width, MAX_WIDTH)), colour, not encoding.startswith("utf"))


def put(text: str) -> None:
    """Write data to stdout, ending the line.

    Raises:
        InputError: stdout cannot be written to; a reader that went away is another thing.
    """
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        message = f"cannot be written to: {(error.strerror or str(error)).lower()}"
        raise InputError("standard output", [Problem("", message)]) from error


def put_story(story: Text, screen: Screen) -> None:
    """Write a story to stdout, in colour where the screen takes it."""
    if not screen.colour:
        put("\n".join(line.rstrip() for line in story.plain.splitlines()))
        return
    from rich.console import Console  # noqa: PLC0415 — keeps `--help` fast

    console = Console(file=sys.stdout, width=screen.width, highlight=False, emoji=False, markup=False)
    console.print(story, soft_wrap=True)


def put_accounts(
    accounts: Sequence[Account],
    case: Case | None,
    screen: Screen,
    *,
    footer: Sequence[str] = (),
    brief: bool = False,
    lang: str = "en",
) -> None:
    """Write the story of the first account to stdout, then the footer; with ``brief`` a line for each.

    Args:
        accounts: the one that is told, then those beside it.
        case: behind it.
        screen: what stdout can show.
        footer: lines that follow.
        brief: a line for each account instead, in English.
        lang: code of the language of the story.

    Raises:
        ConfigError: the story is wanted in letters that stdout does not take.
    """
    from darkhours.render.terminal import Look, tell, tell_list  # noqa: PLC0415 — keeps `--help` fast

    look = Look(screen.width, ascii_only=screen.ascii_only)
    if lang != "en" and not brief:
        if screen.ascii_only:
            raise ConfigError(
                "--lang: expected an output that takes Unicode, got one of ASCII alone; "
                "set PYTHONIOENCODING=utf-8, or write a page with --html"
            )
        from darkhours.render.language import language  # noqa: PLC0415 — keeps `--help` fast
        from darkhours.render.terminal_spoken import tell_spoken  # noqa: PLC0415 — keeps `--help` fast

        put_story(tell_spoken(accounts, case, look, language(lang)), screen)
        return
    put_story(tell_list(accounts, look) if brief else tell(accounts, case, look, footer), screen)


def put_measured(accounts: Sequence[Account], screen: Screen) -> None:
    """Write what measured values show to stdout: the story of one place, or a ranking of many."""
    from darkhours.render.terminal import Look  # noqa: PLC0415 — keeps `--help` fast
    from darkhours.render.terminal_many import tell_many  # noqa: PLC0415 — keeps `--help` fast

    if len(accounts) == 1:
        put_accounts(accounts, None, screen)
        return
    put_story(tell_many(accounts, Look(screen.width, ascii_only=screen.ascii_only)), screen)


def put_either(text: Callable[[], str], document: Callable[[], dict[str, Any]], *, json: bool) -> None:
    """Write one thing to stdout, for a program or for a person."""
    if json:
        put(to_json(document()))
        return
    put("\n".join(harmless(line) for line in text().splitlines()))


def put_path(path: Path) -> int:
    """Write where something was written to stdout; return the exit code of what went well."""
    put(str(path))
    return 0


def say(text: str) -> None:
    """Write words to stderr, harmless to a terminal whatever they repeat of the input."""
    for line in text.splitlines():
        sys.stderr.write(f"{harmless(line)}\n")
    sys.stderr.flush()


@contextmanager
def working(what: str) -> Iterator[None]:
    """Tell on stderr that something is being done, where it takes longer than a second.

    On a terminal a moving sign that goes away again; else one line.
    """
    shown: list[Status] = []
    timer = threading.Timer(PATIENCE_S, _show_work, (what, shown))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        for status in shown:
            status.stop()


@contextmanager
def working_through(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that is told how many of how many are done, and tells it on stderr after a second.

    On a terminal one line that changes; else a line every ten seconds.
    """
    began, told, begun = time.monotonic(), [0.0], (0.0, 0)
    lively = sys.stderr.isatty()

    def progress(done: int, of: int) -> None:
        nonlocal begun
        now = time.monotonic() - began
        begun = begun if begun[1] else (now, done)  # what came before the first took its own time
        if now < PATIENCE_S or now - told[0] < (LIVELY_S if lively else PATIENT_S):
            return
        told[0] = now
        since, more = now - begun[0], done - begun[1]
        line = f"{done} of {of} {what}" + (f", about {since / more * (of - done):.0f} s left" if more else "")
        sys.stderr.write(f"\r{line:<60}" if lively else f"{line}\n")
        sys.stderr.flush()

    with working("reading and weighing"):
        yield progress
    if lively and told[0]:
        sys.stderr.write(f"\r{'':<60}\r")


def _show_work(what: str, shown: list[Status]) -> None:
    if not sys.stderr.isatty():
        say(f"{what} …")
        return
    from rich.console import Console  # noqa: PLC0415 — only where somebody watches

    status = Console(stderr=True).status(f"{what} …")
    status.start()
    shown.append(status)
