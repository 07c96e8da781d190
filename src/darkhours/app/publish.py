"""Makes the accounts that a command asks for, and writes them where it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from darkhours.app.cases import find_case, pick_entity
from darkhours.app.files import refuse_unwritable, write_whole
from darkhours.model.document import account_to_document, outages_document, to_json
from darkhours.model.errors import ConfigError
from darkhours.model.state import SERVICES

if TYPE_CHECKING:
    from darkhours.model.account import Account
    from darkhours.model.case import Case
    from darkhours.model.panel import Panel, Trace


@dataclass(frozen=True, slots=True)
class Question:
    """What an account is asked for.

    Args:
        case: name or path of the case.
        entity: name or id, None for the flagship.
        service: one of `SERVICES`.
        as_of: only what was published by then counts, None for everything.
        seed: of the posterior samples, None for the program's own.
        step: width of a bin.
        everything: every entity and service of the case instead of one.
        beside: the one asked for, with all others of the case after it, as a page shows them.
        lang: code of the language of a page, drawing or PDF.
    """

    case: str
    entity: str | None = None
    service: str = "internet"
    as_of: datetime | None = None
    seed: int | None = None
    step: timedelta = timedelta(minutes=15)
    everything: bool = False
    beside: bool = False
    lang: str = "en"

    def __post_init__(self) -> None:
        """Hold the question against what can be asked.

        Raises:
            ConfigError: the service is unknown, the seed negative, or one entity and all
                are asked for.
        """
        if self.seed is not None and self.seed < 0:
            message = f"--seed: expected a whole number from 0, got {self.seed}"
            raise ConfigError(message)
        if self.service not in SERVICES:
            message = f"--service: expected one of {', '.join(SERVICES)}, got {self.service!r}"
            raise ConfigError(message)
        if self.everything and (self.entity is not None or self.service != "internet"):
            message = (
                "--all: expected alone, for it is every entity and service; leave out --entity and --service"
            )
            raise ConfigError(message)


@dataclass(frozen=True, slots=True)
class Answer:
    """The accounts that a question leads to, and the case that they rest on."""

    case: Case
    accounts: tuple[Account, ...]
    everything: bool
    panels: tuple[Panel, ...] = ()
    lang: str = "en"

    @property
    def traces(self) -> list[Trace]:
        """Return the measured signals of the accounts beside the baselines they were held against."""
        if not self.panels:
            return []
        from darkhours.app.series import trace_series  # noqa: PLC0415 — keeps `--help` fast

        return trace_series(self.panels, self.accounts)

    @property
    def lanes(self) -> tuple[Account, ...]:
        """Return the first account and those of other entities for the same service."""
        return tuple(account for account in self.accounts if account.service == self.accounts[0].service)

    def as_json(self, *, whole: bool = False) -> str:
        """Return the one account, or all of them as one document, as text."""
        if self.everything or whole:
            return to_json(outages_document(self.accounts, self.case.warnings))
        return to_json(account_to_document(self.accounts[0]))


def open_with_series(name: str, folder: Path | None) -> tuple[Case, tuple[Panel, ...]]:
    """Return the case that a name or a path means, with the values of the files that it refers to.

    Raises:
        InputError: no such case, or a case or a file of it that a person must mend.
    """
    from darkhours.claims import load_case  # noqa: PLC0415 — keeps `--help` fast

    path = find_case(name, folder)
    case = load_case(path)
    if not case.series:
        return case, ()
    from darkhours.app.series import read_series  # noqa: PLC0415 — keeps `--help` fast

    return read_series(case, path.parent)


def answer(question: Question, folder: Path | None) -> Answer:
    """Return the accounts that a question leads to.

    Args:
        question: what is asked.
        folder: the user's cases, None where there are none.

    Raises:
        InputError: no such case or entity, or a case that a person must mend.
        ConfigError: the case begins after ``as_of``.
    """
    case, panels = open_with_series(question.case, folder)
    return answer_from(case, question, panels)


def answer_from(case: Case, question: Question, panels: Sequence[Panel] = ()) -> Answer:
    """Return the accounts that a question to a case leads to; raises as `answer`."""
    from darkhours.app.account import DEFAULT_SEED, make_account, make_all  # noqa: PLC0415 — keeps `--help` fast

    if question.as_of is not None and question.as_of <= case.start:
        begin, asked = (f"{instant:%Y-%m-%dT%H:%MZ}" for instant in (case.start, question.as_of))
        message = f"--as-of: expected a time after the case begins ({begin}), got {asked}"
        raise ConfigError(message)
    seed = DEFAULT_SEED if question.seed is None else question.seed
    entity = pick_entity(case, question.entity)
    how: dict[str, Any] = {"as_of": question.as_of, "seed": seed, "step": question.step, "panels": panels}
    found = make_all(case, **how) if question.everything or question.beside else []
    if question.everything:
        return Answer(case, tuple(found), everything=True, panels=tuple(panels), lang=question.lang)
    asked_for = [
        account for account in found if (account.entity, account.service) == (entity, question.service)
    ]
    first = asked_for[0] if asked_for else make_account(case, entity=entity, service=question.service, **how)
    others = tuple(account for account in found if account not in asked_for)
    return Answer(case, (first, *others), everything=False, panels=tuple(panels), lang=question.lang)


def write_page(answer_: Answer, path: Path) -> Path:
    """Write the accounts as one self-contained HTML page; return its full path."""
    from darkhours import render  # noqa: PLC0415 — keeps `--help` fast
    from darkhours.render.language import language  # noqa: PLC0415 — keeps `--help` fast

    text = render.page(answer_.accounts, answer_.case, traces=answer_.traces, language=language(answer_.lang))
    return write_whole(path, text)


def write_drawing(answer_: Answer, path: Path) -> Path:
    """Write the lanes of the accounts as SVG; return the full path."""
    from darkhours import render  # noqa: PLC0415 — keeps `--help` fast
    from darkhours.render.language import language  # noqa: PLC0415 — keeps `--help` fast

    text = render.svg(answer_.lanes, answer_.case, language=language(answer_.lang))
    return write_whole(path, text)


def write_windows(answer_: Answer, path: Path) -> Path:
    """Write the windows of the first account as CSV; return the full path."""
    from darkhours.render.table import write_table  # noqa: PLC0415 — keeps `--help` fast

    return write_whole(path, write_table(answer_.accounts[0], "windows"))


def write_pages(answer_: Answer, path: Path) -> Path:
    """Write the first account as a PDF to file; return its full path."""
    from darkhours.render.language import language  # noqa: PLC0415 — keeps `--help` fast
    from darkhours.render.pdf import pdf  # noqa: PLC0415 — keeps `--help` fast

    return write_whole(path, pdf(answer_.accounts[0], answer_.case, language=language(answer_.lang)))


WRITERS: dict[str, Callable[[Answer, Path], Path]] = {
    "--html": write_page,
    "--svg": write_drawing,
    "--pdf": write_pages,
    "--csv": write_windows,
}
"""What writes each form that goes to a file, by its flag."""


STORY = "the story in the terminal"
SPEAKING = ("--html", "--svg", "--pdf")
"""The forms that speak other languages than English, besides the story of one account."""


def pick_file(
    files: Mapping[str, Path | None], *, everything: bool, json: bool = False, lang: str = "en"
) -> tuple[str, Path] | None:
    """Return the flag and the file of the one form that goes to a file, None where none does.

    What would fail after the work is refused before it.

    Args:
        files: what each flag of `WRITERS` was given.
        everything: whether every entity and service is asked for.
        json: whether the document is asked for.
        lang: code of the language of the story, a page, drawing or PDF.

    Raises:
        ConfigError: a PDF of everything, a form that speaks English alone in another language, or
            an extra that is not installed.
        InputError: the file cannot be written, or nobody here speaks the language.
    """
    chosen = next(((flag, path) for flag, path in files.items() if path is not None), None)
    if lang != "en":
        mute = "--json" if json else "--all" if everything else ""
        refuse_language(lang, chosen[0] if chosen else mute or STORY, (*SPEAKING, STORY))
    if chosen is None:
        return None
    if chosen[0] == "--pdf":
        _refuse_pages(everything=everything, lang=lang)
    refuse_unwritable(chosen[1])
    return chosen


def refuse_language(lang: str, form: str, speaking: Sequence[str]) -> None:
    """Refuse a language that there is not, or a form that does not speak it.

    Args:
        lang: code of the language.
        form: the flag of the form that is asked for, "" for the terminal.
        speaking: the flags of the forms that speak other languages.

    Raises:
        ConfigError: the form is in English, or the extra is not installed.
        InputError: nobody here speaks the language.
    """
    from darkhours.render.language import language  # noqa: PLC0415 — keeps `--help` fast

    language(lang)
    if form not in speaking:
        told = form or STORY
        raise ConfigError(f"--lang: expected with {' or '.join(speaking)}, got {told}, which is in English")


def _refuse_pages(*, everything: bool, lang: str) -> None:
    from darkhours.render.language import language  # noqa: PLC0415 — keeps `--help` fast
    from darkhours.render.pdf import fonts_for  # noqa: PLC0415 — keeps `--help` fast

    if everything:
        raise ConfigError(
            "--pdf: expected one account, got --all; name the one with --entity and --service, "
            "or take --html for all of them"
        )
    fonts_for(language(lang))


def refuse_several(forms: dict[str, object]) -> None:
    """Refuse two forms of output at once.

    Args:
        forms: what each flag was given, by its name.

    Raises:
        ConfigError: more than one was given.
    """
    chosen = [name for name, value in forms.items() if value]
    if len(chosen) > 1:
        message = (
            f"{' and '.join(chosen)}: expected one form of output, got {len(chosen)}; run the command twice"
        )
        raise ConfigError(message)
