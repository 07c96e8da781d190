"""Gathers the words of the pages into the catalogues, and compiles these: ``make words``.

Every message that the code or a template says is looked up in each language's ``darkhours.po``: new
ones are added empty, those that nobody says any more go. Then the ``.mo`` beside it is written anew.
The same tree gives the same bytes: no dates, no line numbers, files by name.
"""
# ruff: noqa: INP001, T201 — a script run by path, which says what it made

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PLACES = ("src/darkhours/render", "src/darkhours/web")
"""The rooms whose words are translated."""
CATALOGUES = ROOT / "src" / "darkhours" / "render" / "catalogues"
KEYWORDS = {
    "_": None,
    "say": None,
    "markup": None,
    "mark": None,
    "term": ((1, "c"), 2),
    "mark_term": ((1, "c"), 2),
    "mark_many": (1, 2),
    "markup_term": ((1, "c"), 2),
    "many": (1, 2),
    "markup_many": (1, 2),
}
"""What carries a message: the methods of `Language`, the same in templates, and marks on tables."""
METHODS = {".py": "python", ".j2": "jinja2.ext:babel_extract", ".html": "jinja2.ext:babel_extract"}
TELL = "TRANSLATOR:"
"""A comment that begins so, above a message, is carried to its translators."""


class Undated(Catalog):
    """A catalogue whose head tells only what its reader needs, so that it changes with its words alone."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Return the head: language, plural rule, encoding."""
        head = [("Project-Id-Version", "Darkhours")]
        if self.locale is not None:
            head += [("Language", str(self.locale)), ("Plural-Forms", self.plural_forms)]
        return [
            *head,
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit\n"),
        ]


def gather() -> Undated:
    """Return every message of the tree, in the order of files and lines."""
    found = Undated()
    for path in _sources():
        _gather_file(found, path)
    return found


def _gather_file(found: Undated, path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    with path.open("rb") as file:
        for _, message, comments, context in extract(
            METHODS[path.suffix], file, KEYWORDS, (TELL,), {"trimmed": "true"}, strip_comment_tags=True
        ):
            _add(found, message, context=context, locations=[(name, 0)], auto_comments=comments)


def _sources() -> Iterator[Path]:
    for place in PLACES:
        yield from sorted(path for path in (ROOT / place).rglob("*") if path.suffix in METHODS)


def _add(found: Undated, message: object, **rest: object) -> None:
    added = found.add(message, **rest)  # type: ignore[arg-type]
    # "90 % of" is prose here: places are {named}, never %s.
    added.flags.discard("python-format")


def read(code: str) -> Undated:
    """Return the catalogue of a language; an empty one where there is none yet."""
    path = po_path(code)
    kept = Undated(locale=code, fuzzy=False, header_comment=f"# Darkhours: {code}")
    if path.exists():
        for message in read_po(BytesIO(path.read_bytes()), locale=code):
            if message.id:
                _add(
                    kept,
                    message.id,
                    string=message.string,
                    context=message.context,
                    flags=message.flags,
                    locations=message.locations,
                    auto_comments=message.auto_comments,
                    user_comments=message.user_comments,
                )
    return kept


def renewed(code: str, template: Undated) -> Undated:
    """Return the catalogue of a language with exactly the messages of the tree."""
    kept = read(code)
    fresh = Undated(locale=code, fuzzy=False, header_comment=f"# Darkhours: {code}")
    for message in template:
        if not message.id:
            continue
        old = kept.get(message.id[0] if isinstance(message.id, tuple) else message.id, message.context)
        same = old is not None and old.id == message.id
        _add(
            fresh,
            message.id,
            string=old.string if same and old else "",
            context=message.context,
            locations=message.locations,
            auto_comments=message.auto_comments,
            user_comments=old.user_comments if same and old else (),
        )
    return fresh


def po_bytes(catalogue: Catalog) -> bytes:
    """Return a catalogue as the text that translators work on."""
    out = BytesIO()
    write_po(out, catalogue, width=100, include_lineno=False, ignore_obsolete=True)
    return out.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """Return a catalogue as the program reads it; what is not translated yet is left out.

    Left out whole: of a plural message that lacks a form no form is kept, for Babel would fill the
    gap with an English form that does not go with the number.
    """
    done = Undated(locale=catalogue.locale, fuzzy=False)
    for message in catalogue:
        if message.id and is_translated(message):
            _add(done, message.id, string=message.string, context=message.context)
    out = BytesIO()
    write_mo(out, done)
    return out.getvalue()


def is_translated(message: Message) -> bool:
    """Tell whether a message has a text in every form that its language asks for."""
    forms = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return bool(forms) and all(forms)


def po_path(code: str) -> Path:
    """Return where the catalogue of a language lies."""
    return CATALOGUES / code / "LC_MESSAGES" / "darkhours.po"


def main(codes: list[str]) -> None:
    """Renew and compile the catalogues of these languages."""
    template = gather()
    for code in codes:
        catalogue = renewed(code, template)
        path = po_path(code)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(po_bytes(catalogue))
        path.with_suffix(".mo").write_bytes(mo_bytes(catalogue))
        wanted = [message for message in catalogue if message.id]
        done = sum(map(is_translated, wanted))
        print(f"{code}: {done} of {len(wanted)} messages, {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:] or sorted(path.name for path in CATALOGUES.iterdir() if path.is_dir()))
