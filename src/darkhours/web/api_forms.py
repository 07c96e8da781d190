"""The forms in which an account is to be had: for programs, tables, maps, print, calendars and alerts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from darkhours import render
from darkhours.app.publish import Answer
from darkhours.app.site_notices import account_notices
from darkhours.model.account import Account
from darkhours.model.document import account_to_document, to_json
from darkhours.model.errors import ConfigError, InputError, Problem
from darkhours.render import calendar, cap, geojson
from darkhours.render.language import ENGLISH, Language
from darkhours.render.pdf import fonts_for, pdf
from darkhours.render.publisher import Publisher
from darkhours.render.table import TABLES, write_table
from darkhours.web.api_parts import API, JSON, segment

SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Of a drawing opened by itself: its own style holds, and nothing in it can run or load."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An account that is to be told in some form.

    Args:
        answer: the account first, with all others of its case after it.
        path: of its page.
        publisher: who publishes.
        table: one of `TABLES`, of a table.
        language: of a form that speaks.
    """

    answer: Answer
    path: str
    publisher: Publisher
    table: str = "windows"
    language: Language = ENGLISH

    @property
    def account(self) -> Account:
        """Return the account."""
        return self.answer.accounts[0]


@dataclass(frozen=True, slots=True)
class Form:
    """One form.

    Args:
        ending: of its address.
        media: its media type.
        title: what a link to it says.
        make: makes it.
        speaks: whether it is to be had in every language of the pages.
    """

    ending: str
    media: str
    title: str
    make: Callable[[Asked], str | bytes]
    speaks: bool = False


def document(account: Account) -> str:
    """Return the document of an account: the text that its version is the hash of."""
    return to_json(account_to_document(account))


def _csv(asked: Asked) -> str:
    if asked.table not in TABLES:
        message = f"expected one of {', '.join(TABLES)}, got {asked.table[:80]!r}"
        raise InputError("account", [Problem("table", message)])
    return write_table(asked.account, asked.table)


def _pdf(asked: Asked) -> bytes:
    if find_spec("typst") is None:
        message = "this site makes no PDF; whoever runs it can: pip install 'darkhours[pdf]'"
        raise InputError("account", [Problem("pdf", message)])
    return pdf(asked.account, asked.answer.case, language=asked.language)


def settable(form: Form, language: Language, *, told: bool) -> Language:
    """Return the language in which a form can be made here.

    Args:
        form: what is asked for.
        language: the one that is wished for.
        told: whether the address asks for it; a browser's wish gives way to English.

    Raises:
        InputError: the address asks for it, and no font of this machine has its letters.
    """
    if form.ending != "pdf" or find_spec("typst") is None:
        return language
    try:
        fonts_for(language)
    except ConfigError as error:
        if told:
            raise InputError("account", [Problem("lang", str(error))]) from error
        return ENGLISH
    return language


def _cap(asked: Asked) -> str:
    notices = account_notices(account_to_document(asked.account), asked.path)
    if not notices:
        raise InputError("account", [Problem("cap.xml", "there is no outage in it, so nothing to alert of")])
    return cap.cap_alert(notices[-1], asked.publisher)


def _calendar(asked: Asked) -> str:
    dated = [calendar.Dated(asked.account, asked.path)]
    return calendar.calendar(dated, asked.publisher, title=asked.answer.case.title)


FORMS = (
    Form("json", JSON, "JSON", lambda asked: document(asked.account)),
    Form("csv", "text/csv; charset=utf-8", "CSV", _csv),
    Form("geojson", geojson.MEDIA_TYPE, "GeoJSON",
         lambda asked: geojson.account_geojson(asked.account, asked.publisher, asked.path)),
    Form("svg", "image/svg+xml; charset=utf-8", "SVG",
         lambda asked: render.svg(asked.answer.lanes, asked.answer.case, language=asked.language),
         speaks=True),
    Form("pdf", "application/pdf", "PDF", _pdf, speaks=True),
    Form("ics", f"{calendar.MEDIA_TYPE}; charset=utf-8", "iCalendar", _calendar),
    Form("cap.xml", cap.MEDIA_TYPE, "CAP", _cap),
)  # fmt: skip


def address(name: str, account: Account, ending: str) -> str:
    """Return the path of an account in a form."""
    return (
        f"{API}/cases/{segment(name)}/accounts/{segment(account.entity)}/{segment(account.service)}.{ending}"
    )


def page_of(name: str, account: Account) -> str:
    """Return the path of the page of an account."""
    return f"/cases/{segment(name)}/{segment(account.entity)}/{segment(account.service)}"


def forms_of(account: Account) -> list[Form]:
    """Return the forms in which an account is to be had: an alert only where there is something to tell."""
    return [form for form in FORMS if form.ending != "cap.xml" or account.outages]


def links(name: str, account: Account, keep: str = "") -> list[tuple[str, str, str]]:
    """Return title, media type and address of each form.

    Args:
        name: of the case.
        account: what the forms are of.
        keep: the query that keeps the language of a form that speaks, such as ``?lang=fa``.
    """
    return [
        (
            form.title,
            form.media.partition(";")[0],
            address(name, account, form.ending) + (keep if form.speaks else ""),
        )
        for form in forms_of(account)
    ]


def place_links(entity: str) -> list[tuple[str, str, str]]:
    """Return the same for the page of a place: its signals, its windows, its changes."""
    base = f"{API}/entities/{segment(entity)}"
    return [
        ("JSON", JSON, f"{base}/signals"),
        ("JSON: windows", JSON, f"{base}/windows"),
        ("Atom", "application/atom+xml", f"/entity/{segment(entity)}/feed.atom"),
    ]
