"""The interface, of cases: their accounts in every form, their claims, and accounts by their version."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from darkhours.app.publish import Answer
from darkhours.app.site import Site
from darkhours.app.site_versions import version_of
from darkhours.model.account import Account
from darkhours.model.document import account_to_document
from darkhours.render.language import ENGLISH, LANGUAGES, Language
from darkhours.render.table import TABLES
from darkhours.web import api_claims
from darkhours.web.answers import FOREVER, reply
from darkhours.web.api_forms import (
    FORMS,
    SVG_POLICY,
    Asked,
    Form,
    address,
    document,
    forms_of,
    page_of,
    settable,
)
from darkhours.web.api_parts import (
    API,
    JSON,
    AsOf,
    CaseName,
    EntityId,
    Service,
    instant,
    publisher,
    responses,
    segment,
    tell,
    utc,
)
from darkhours.web.api_schema import ref
from darkhours.web.frame import language_of
from darkhours.web.settings import Settings

CSV = "text/csv; charset=utf-8"
Lang = Annotated[
    str | None,
    Query(pattern=f"^({'|'.join(LANGUAGES)})$", description="The language; that of the browser unless told."),
]
Version = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="Of an account, as answers tell it.")]


def router(site: Site, settings: Settings) -> APIRouter:
    """Return the routes of cases."""
    routes = APIRouter(prefix=API, default_response_class=Response)
    _route_cases(routes, site, settings)
    _route_claims(routes, site)
    for form in FORMS:
        _route_form(routes, site, settings, form)
    _route_versions(routes, site)
    return routes


def _route_cases(routes: APIRouter, site: Site, settings: Settings) -> None:
    @routes.get("/cases", tags=["cases"], responses=responses(JSON, ref("cases")))
    def cases(request: Request) -> Response:
        """List the cases; one that cannot be read is there too, and says so."""
        lines = [
            {
                "id": line.entry.id,
                "title": line.title,
                "shipped": line.entry.shipped,
                "readable": line.problem is None,
                "page": f"{settings.base}/cases/{segment(line.entry.id)}",
                "address": f"{settings.base}{API}/cases/{segment(line.entry.id)}",
            }
            for line in site.cases.lines()
        ]
        return tell(request, {"cases": lines})

    @routes.get("/cases/{name}", tags=["cases"], responses=responses(JSON, ref("case"), 404))
    def case(request: Request, name: CaseName, as_of: AsOf = None) -> Response:
        """Tell of a case: its accounts with their totals and addresses, and what is contested."""
        answer = site.cases.answer(name, as_of=instant(as_of, "as_of"))
        return tell(request, _case(site, settings, name, answer, latest=as_of is None))


def _route_claims(routes: APIRouter, site: Site) -> None:
    @routes.get("/cases/{name}/claims", tags=["cases"], responses=responses(JSON, ref("claims"), 404))
    def claims(request: Request, name: CaseName) -> Response:
        """Tell every claim of a case: who said what, where and when. It is their word, not ours."""
        case = site.cases.answer(name).case
        told = [api_claims.claim(case, each) for each in case.claims]
        return tell(request, {"case": case.id, "sha256": case.sha256, "claims": told})

    @routes.get("/cases/{name}/claims.csv", tags=["cases"], responses=responses(CSV, None, 404))
    def claims_as_a_table(request: Request, name: CaseName) -> Response:
        """Tell the same as a table."""
        return reply(request, api_claims.claims_csv(site.cases.answer(name).case), CSV)


def _route_form(routes: APIRouter, site: Site, settings: Settings, form: Form) -> None:
    """Add the route of one form; it is named after its ending, so that a description can tell them apart."""

    def account(
        request: Request, name: CaseName, entity: EntityId, service: Service, as_of: AsOf = None
    ) -> Response:
        return _form(site, settings, form, (request, name, entity, service, as_of), "windows")

    def table(  # noqa: PLR0917 — what the address tells
        request: Request,
        name: CaseName,
        entity: EntityId,
        service: Service,
        as_of: AsOf = None,
        table: Annotated[
            str, Query(pattern=f"^({'|'.join(TABLES)})$", description="Which table.")
        ] = "windows",
    ) -> Response:
        return _form(site, settings, form, (request, name, entity, service, as_of), table)

    def spoken(  # noqa: PLR0917 — what the address tells
        request: Request,
        name: CaseName,
        entity: EntityId,
        service: Service,
        as_of: AsOf = None,
        lang: Lang = None,  # noqa: ARG001 — read with the wishes of the browser
    ) -> Response:
        return _form(site, settings, form, (request, name, entity, service, as_of), "windows")

    schema = {"json": ref("account"), "geojson": {"type": "object"}}.get(form.ending)
    routes.add_api_route(
        f"/cases/{{name}}/accounts/{{entity:path}}/{{service}}.{form.ending}",
        spoken if form.speaks else table if form.ending == "csv" else account,
        methods=["GET"],
        tags=["accounts"],
        name=f"account_{form.ending.replace('.', '_')}",
        summary=f"An account as {form.title}",
        responses=responses(form.media, schema, 404),
    )


_Asked = tuple[Request, str, str, str, str | None]


def _form(site: Site, settings: Settings, form: Form, asked: _Asked, table: str) -> Response:
    request, name, entity, service, as_of = asked
    answer = site.cases.answer(name, entity, service, instant(as_of, "as_of"))
    account = answer.accounts[0]
    language = _language(request, form)
    body = form.make(Asked(answer, page_of(name, account), publisher(settings), table, language))
    headers = {"content-disposition": f'inline; filename="{_file_name(name, account, form.ending)}"'}
    kept = _version(site, account, latest=as_of is None)[1]
    if kept is not None:
        headers["link"] = f'<{settings.base}{API}/accounts/{kept}>; rel="bookmark"'
    if form.speaks:
        headers |= {"vary": "accept-language", "content-language": language.code}
    if form.ending == "svg":
        headers["content-security-policy"] = SVG_POLICY
    return reply(request, body, form.media, headers=headers)


def _language(request: Request, form: Form) -> Language:
    if not form.speaks:
        return ENGLISH
    return settable(form, language_of(request), told="lang" in request.query_params)


def _file_name(name: str, account: Account, ending: str) -> str:
    """Return a name for the file of whoever saves it: letters that no header and no disk minds."""
    text = f"{name}-{account.entity}-{account.service}"
    return "".join(char if char.isascii() and char.isalnum() else "-" for char in text)[:120] + f".{ending}"


def _route_versions(routes: APIRouter, site: Site) -> None:
    @routes.get("/accounts/{version}", tags=["accounts"], responses=responses(JSON, ref("account"), 404))
    def version(request: Request, version: Version) -> Response:
        """Tell an account as it was told once: its version is the hash of its text, so it never changes."""
        return reply(request, site.versions.read(version), JSON, cache=FOREVER)


def _version(site: Site, account: Account, *, latest: bool) -> tuple[str, str | None]:
    """Return the version of an account, and again where it is kept for ever.

    Only accounts of everything that is known are: there are as many of the past as there are instants.
    """
    text = document(account)
    return version_of(text), site.versions.keep(text) if latest else None


def _case(site: Site, settings: Settings, name: str, answer: Answer, *, latest: bool) -> dict[str, Any]:
    case = answer.case
    contested = {item.topic: item.claims for account in answer.accounts for item in account.contested}
    return {
        "id": case.id,
        "title": case.title,
        "tz": case.tz,
        "from": utc(case.start),
        "until": utc(case.until),
        "sha256": case.sha256,
        "entities": case.entities,
        "accounts": [_account(site, settings, name, each, latest=latest) for each in answer.accounts],
        "contested": [{"topic": topic, "claims": claims} for topic, claims in sorted(contested.items())],
        "claims": f"{settings.base}{API}/cases/{segment(name)}/claims",
        "warnings": case.warnings,
    }


def _account(site: Site, settings: Settings, name: str, account: Account, *, latest: bool) -> dict[str, Any]:
    version, kept = _version(site, account, latest=latest)
    forms = {
        form.ending.partition(".")[0]: settings.base + address(name, account, form.ending)
        for form in forms_of(account)
    }
    return {
        "entity": account.entity,
        "name": account.name,
        "service": account.service,
        "status": account.status,
        "totals": account_to_document(account)["totals"],
        "version": version,
        "permanent": None if kept is None else f"{settings.base}{API}/accounts/{kept}",
        "forms": {**forms, "page": settings.base + page_of(name, account)},
    }
